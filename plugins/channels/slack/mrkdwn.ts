/** What Slack made of a text that somebody typed, as they typed it: links and names as people read them. */
export function typedText(raw: string): string {
  return unescaped(
    raw.replaceAll(
      /<([@#!][^<>\n]+|[a-z][a-z0-9+.-]*:[^<>\n]+)>/gi,
      (whole, inside: string) => tokenText(inside) ?? whole,
    ),
  );
}

/** A text in which nothing is markup. */
export function escapedText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** Ids of people whom a raw text mentions. */
export function mentionedIn(raw: string): string[] {
  return [...raw.matchAll(/<@([UW][A-Z0-9]+)(?:\|[^<>]*)?>/g)].map(([, id = ""]) => id);
}

/** Does a raw text call a whole channel or a group of people? */
export function callsMany(raw: string): boolean {
  return /<!(?:channel|here|everyone|subteam\^)/.test(raw);
}

function unescaped(text: string): string {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

/** The inside of `<…>`. People stay as they are: an id is what others can be addressed by. */
function tokenText(inside: string): string | undefined {
  const bar = inside.indexOf("|");
  const [head, label] = bar < 0 ? [inside, undefined] : [inside.slice(0, bar), inside.slice(bar + 1)];
  if (head.startsWith("@")) return `<${head}>`;
  if (head.startsWith("#")) return label ? `#${label}` : `<${head}>`;
  if (head.startsWith("!date^")) return label ?? "";
  if (head.startsWith("!")) return label ? at(label) : at(head.slice(1).replace(/\^.*/s, ""));
  if (label === undefined || label === head || `mailto:${label}` === head || isSameLink(head, label))
    return label ?? head;
  return `${label} (${head})`;
}

/** Slack links `example.org` as `<http://example.org|example.org>`. */
function isSameLink(href: string, label: string): boolean {
  return href.replace(/^https?:\/\//, "").replace(/\/$/, "") === label.replace(/\/$/, "");
}

function at(name: string): string {
  return name.startsWith("@") ? name : `@${name}`;
}
