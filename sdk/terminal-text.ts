/** What moves a cursor, hides text or turns it round; colours, tabs and line ends are let through. */
// oxlint-disable-next-line no-control-regex
const UNSAFE = /\u001b(?!\[[\d;]*m)|[\u0000-\u0008\u000b-\u001a\u001c-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/** `text` as it may go to a terminal, whoever wrote it (security.md S-45). */
export function terminalText(text: string): string {
  return text.replaceAll("\r\n", "\n").replace(UNSAFE, "\uFFFD");
}

/** The same for a name that a stranger chose, in the middle of a line: nothing in it breaks the line or colours it. */
export function onOneLine(text: string): string {
  return terminalText(text.replaceAll(/\s+/g, " ").replaceAll("\u001b", "\uFFFD"));
}
