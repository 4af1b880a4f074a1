const TAGS = new Set("b strong i em u ins s strike del span tg-spoiler a code pre blockquote tg-emoji".split(" "));
const LIMIT = 4_096;

/** What Telegram would refuse about a text, in its words; `undefined` when it takes it. */
export function textProblem(text: string, parseMode: unknown, limit = LIMIT): string | undefined {
  if (text.trim() === "") return "message text is empty";
  const visible = parseMode === "HTML" ? readHtml(text) : { text };
  if ("problem" in visible) return `can't parse entities: ${visible.problem}`;
  return visible.text.length > limit ? "message is too long" : undefined;
}

/** The text that is left of the markup, or what is wrong with it. */
export function readHtml(html: string): { readonly text: string } | { readonly problem: string } {
  const open: string[] = [];
  let text = "";
  let from = 0;
  for (const { 0: whole, 1: slash, 2: given = "", index } of html.matchAll(/<(\/?)([^\s>/]*)[^>]*>/g)) {
    text += html.slice(from, index);
    from = index + whole.length;
    const tag = given.toLowerCase();
    if (!TAGS.has(tag)) return { problem: `unsupported start tag "${tag}" at byte offset ${index}` };
    if (slash === "") open.push(tag);
    else if (open.pop() !== tag) return { problem: `unmatched end tag at byte offset ${index}` };
  }
  text += html.slice(from);
  if (text.includes("<")) return { problem: `unclosed start tag at byte offset ${html.lastIndexOf("<")}` };
  if (open.length > 0) return { problem: `can't find end tag corresponding to start tag "${open.at(-1)}"` };
  return {
    text: text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll("&amp;", "&"),
  };
}
