export type BreakPreference = "paragraph" | "newline" | "sentence";

export interface ChunkSize {
  readonly minChars: number;
  readonly maxChars: number;
  readonly breakPreference: BreakPreference;
}

const BREAKS: Readonly<Record<BreakPreference | "space", RegExp>> = {
  paragraph: /\n{2,}/g,
  newline: /\n+/g,
  sentence: /[.!?…]["')\]]*\s+/g,
  space: /\s+/g,
};
const SOFTER: readonly (BreakPreference | "space")[] = ["paragraph", "newline", "sentence", "space"];
/** A fence that would have to be closed and opened again needs room for both. */
const SMALLEST = 40;

/**
 * Takes whole blocks off a text that grows: at the preferred break as soon as there is enough, at the best other one when
 * there is too much. A fenced block is cut only when it alone is too long; then it is closed and opened again.
 */
export function takeBlocks(
  text: string,
  { minChars, maxChars, breakPreference }: ChunkSize,
): { readonly blocks: readonly string[]; readonly rest: string } {
  const most = Math.max(SMALLEST, maxChars);
  const least = Math.min(minChars, most);
  const blocks: string[] = [];
  let rest = text;
  while (rest.length >= least) {
    const isFull = rest.length >= most;
    const kinds = isFull ? SOFTER.slice(SOFTER.indexOf(breakPreference)).concat(SOFTER) : [breakPreference];
    const end = kinds.map((kind) => lastBreak(rest, kind, least, most)).find((one) => one !== undefined);
    if (end !== undefined) {
      blocks.push(rest.slice(0, end).trimEnd());
      rest = rest.slice(end).replace(/^\n+/, "");
    } else if (isFull) {
      const forced = forcedCut(rest, most);
      blocks.push(forced.head);
      rest = forced.rest;
    } else break;
  }
  return { blocks: blocks.filter((block) => block.trim() !== ""), rest };
}

/** The end of the last break of this kind between `least` and `most` that is in no fenced block. */
function lastBreak(text: string, kind: BreakPreference | "space", least: number, most: number): number | undefined {
  const ends = [...text.slice(0, most).matchAll(BREAKS[kind])].map(({ index, 0: found }) => index + found.length);
  return ends.findLast((end) => end >= least && fenceAt(text.slice(0, end)) === undefined);
}

function forcedCut(text: string, most: number): { readonly head: string; readonly rest: string } {
  const opener = fenceAt(text.slice(0, most));
  if (opener === undefined) {
    const end = insideCharacter(text, most) ? most - 1 : most;
    return { head: text.slice(0, end), rest: text.slice(end) };
  }
  const marker = /^\s*(`{3,}|~{3,})/.exec(opener)?.[1] ?? "```";
  const room = most - marker.length - 1;
  const line = text.lastIndexOf("\n", room);
  const afterOpener = text.indexOf(opener) + opener.length;
  const cut = line > afterOpener ? line : insideCharacter(text, room) ? room - 1 : room;
  const rest = text.slice(cut).replace(/^\n/, "");
  return { head: `${text.slice(0, cut)}\n${marker}`, rest: `${opener}\n${rest}` };
}

/** The line that opened the fenced block in which `text` ends. */
function fenceAt(text: string): string | undefined {
  let open: string | undefined;
  for (const line of text.split("\n")) {
    const [, marker] = /^\s{0,3}(`{3,}|~{3,})/.exec(line) ?? [];
    if (marker === undefined) continue;
    if (open === undefined) open = line;
    else if (line.trim().startsWith(open.trim().slice(0, marker.length)) && /^[`~\s]*$/.test(line)) open = undefined;
  }
  return open;
}

function insideCharacter(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 0xdc00 && code <= 0xdfff;
}
