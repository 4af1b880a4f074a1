export interface ChunkOptions {
  /** Lines of one part at most. */
  readonly lines?: number;
  /** `newline`: at blank lines wherever there is one; else only where it does not waste half a part. */
  readonly mode?: "length" | "newline";
}

interface Fence {
  /** The line that opens it, with the language. */
  readonly opener: string;
  readonly marker: string;
}

/** A part this small has no room for a fence that is opened again. */
const SMALLEST = 16;

/**
 * Parts of `text` of at most `limit` UTF-16 units, cut at a blank line, else a line, else a space, never inside a
 * character. A fenced block that is cut is closed and opened again in the next part.
 */
export function chunkText(
  text: string,
  limit: number,
  { lines = Infinity, mode = "length" }: ChunkOptions = {},
): string[] {
  const chunks: string[] = [];
  let rest = text;
  let open: Fence | undefined;
  for (;;) {
    const prefix = open && limit - open.opener.length - open.marker.length - 2 >= SMALLEST ? `${open.opener}\n` : "";
    const room = limit - prefix.length;
    const lineRoom = Math.max(1, lines - (prefix === "" ? 0 : 1));
    if (rest.length <= room && countLines(rest) <= lineRoom) {
      if (rest.trim() !== "" || chunks.length === 0) chunks.push(prefix + rest);
      return chunks;
    }
    let end = cutAt(rest, room, lineRoom, mode);
    let fence = openFence(prefix + rest.slice(0, end));
    if (fence) {
      const closing = fence.marker.length + 1;
      end = cutAt(rest, Math.max(1, room - closing), Math.max(1, lineRoom - 1), mode);
      fence = openFence(prefix + rest.slice(0, end));
    }
    const head = rest.slice(0, end).trimEnd();
    rest = fence ? rest.slice(end).replace(/^\n/, "") : rest.slice(end).trimStart();
    if (head !== "") chunks.push(prefix + head + (fence ? `\n${fence.marker}` : ""));
    open = fence;
  }
}

/** Where to end a part of at most `room` units and `lines` lines. Always moves forward. */
function cutAt(text: string, room: number, lines: number, mode: ChunkOptions["mode"]): number {
  const reach = Math.min(room, endOfLines(text, lines), text.length);
  if (reach < room && reach < text.length && reach > 0) return reach;
  const head = text.slice(0, reach + 1);
  const paragraph = head.lastIndexOf("\n\n");
  const line = head.lastIndexOf("\n");
  const space = lastSpace(head);
  if (mode === "newline" && paragraph > 0) return paragraph;
  for (const at of [paragraph, line, space]) if (at > reach / 2) return at;
  for (const at of [line, space]) if (at > 0) return at;
  return wholeCharacters(text, reach);
}

/** Outside of parentheses where possible: a link must not be torn. */
function lastSpace(text: string): number {
  for (let at = text.lastIndexOf(" "); at > text.length / 2; at = text.lastIndexOf(" ", at - 1)) {
    const before = text.lastIndexOf("(", at);
    if (before === -1 || text.lastIndexOf(")", at) > before || text.slice(before, at).includes("\n")) return at;
  }
  return text.lastIndexOf(" ");
}

function endOfLines(text: string, lines: number): number {
  if (lines === Infinity) return Infinity;
  let at = -1;
  for (let count = 0; count < lines; count++) {
    at = text.indexOf("\n", at + 1);
    if (at === -1) return Infinity;
  }
  return at;
}

function countLines(text: string): number {
  let count = 1;
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) count++;
  return count;
}

/** The fence that is still open at the end of the text. */
function openFence(text: string): Fence | undefined {
  let open: Fence | undefined;
  for (const line of text.split("\n")) {
    const marker = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (marker === undefined) continue;
    if (!open) open = { opener: line, marker };
    else if (marker[0] === open.marker[0] && marker.length >= open.marker.length && line.trim() === marker)
      open = undefined;
  }
  return open;
}

/** Made for the first long text: it loads tables that no start should wait for. */
let graphemes: Intl.Segmenter | undefined;
/** Longest character that is kept whole. */
const NEAR = 64;

/** The last boundary between characters at or before `end`: surrogate pairs and joined emoji stay whole. */
function wholeCharacters(text: string, end: number): number {
  const from = Math.max(0, end - NEAR);
  let last = from;
  for (const { index } of (graphemes ??= new Intl.Segmenter(undefined, { granularity: "grapheme" })).segment(
    text.slice(from, end + NEAR),
  )) {
    if (from + index > end) break;
    last = from + index;
  }
  if (last > 0) return last;
  const code = text.charCodeAt(end - 1);
  return Math.max(1, code >= 0xd800 && code <= 0xdbff ? end - 1 : end);
}
