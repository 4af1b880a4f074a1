/** How the parts of a prompt are marked, at the beginning of what only the gateway writes. */
const MARKS =
  /\[(?=\s*(?:current message|messages in this chat|in reply|\/reply|message_id|about this place|system message)\b)/gi;
const SYSTEM_LINES = /^([^\S\n]*)(?=System: \[)/gim;
/** A header as the gateway writes it, at the beginning of a line: `[Lab ann id:42 Fri 2026-11-20 08:13 UTC]`. */
const HEADERS = /^([^\S\n]*)\[(?=[^\]\n]*\b\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}\b[^\]\n]*\])/gm;

/** Names and ids are written by strangers: none may look like the end of a header or be a line of its own. */
export function oneLine(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\p{Cf}[\]]+/gu, " ")
    .trim()
    .slice(0, 200);
}

/**
 * A text of others as a part of a prompt: what looks like a mark of the gateway's own is none any more, so that nobody puts
 * words into the mouth of somebody else (security.md S-42). Everything else stays as it was written.
 */
export function quotedText(text: string): string {
  return text.replaceAll(MARKS, "(").replaceAll(HEADERS, "$1(").replaceAll(SYSTEM_LINES, "$1> ");
}

/** The same as one item of a list: further lines stand under it. */
export function quotedItem(text: string): string {
  return quotedText(text).replaceAll(/\r\n|[\r\n\u2028\u2029]/g, "\n  ");
}
