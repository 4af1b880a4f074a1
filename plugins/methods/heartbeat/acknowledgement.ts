/** What an agent answers when nothing needs attention. */
export const TOKEN = "HEARTBEAT_OK";
const SILENT = "NO_REPLY";
/** Marks that models put around a word. */
const EDGE = /^[\s*_`~"'()[\]<>.,:;!-]+|[\s*_`~"'()[\]<>.,:;!-]+$/g;
const TAG = /<\/?[a-z][^<>]*>/gi;

export type HeartbeatAnswer =
  /** Nothing was said at all. */
  | { readonly kind: "empty" }
  /** Nothing needs attention. */
  | { readonly kind: "ok" }
  /** Something does: what is to be told. */
  | { readonly kind: "alert"; readonly text: string };

/** Reads an answer to a heartbeat: the token at its beginning or end, with little beside it, is no news (cron.md §6). */
export function readAnswer(raw: string, ackMaxChars: number): HeartbeatAnswer {
  const plain = raw.replaceAll(TAG, "").trim();
  const bare = plain.replaceAll(EDGE, "");
  if (bare === "" || hasEdge(bare, SILENT)) return { kind: "empty" };
  if (!hasEdge(bare, TOKEN)) return { kind: "alert", text: raw.trim() };
  const rest = withoutToken(bare);
  return rest.length <= ackMaxChars ? { kind: "ok" } : { kind: "alert", text: rest };
}

function withoutToken(text: string): string {
  let rest = text;
  while (hasEdge(rest, TOKEN)) {
    const cut = rest.startsWith(TOKEN) ? rest.slice(TOKEN.length) : rest.slice(0, -TOKEN.length);
    rest = cut.replaceAll(/^[\s*_`~.,:;!-]+|[\s*_`~]+$/g, "");
  }
  return rest;
}

/** A word of its own at the beginning or the end. */
function hasEdge(text: string, word: string): boolean {
  if (text === word) return true;
  const starts = text.startsWith(word) && !/^\w/.test(text.slice(word.length));
  const ends = text.endsWith(word) && !/\w$/.test(text.slice(0, -word.length));
  return starts || ends;
}
