/** The text without what addresses the bot, so that `/status@mybot` is a command. Another bot's name stays. */
export function stripMentions(text: string, username: string | undefined): string {
  if (username === undefined || username === "") return text;
  const name = `@${username.toLowerCase()}`;
  const command = /^\s*\/\w+(@\w+)/.exec(text)?.[1];
  if (command?.toLowerCase() === name) return text.replace(command, "");
  return text
    .replaceAll(/@\w+/g, (found) => (found.toLowerCase() === name ? "" : found))
    .replaceAll(/ {2,}/g, " ")
    .trim();
}
