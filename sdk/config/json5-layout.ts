import { LINE_BREAK, type Container, type Document, type Node, type Span } from "./json5-scan.ts";

export interface Edit extends Span {
  readonly text: string;
}

/** Makes all edits, which must not overlap. Of two at one offset the earlier in the list comes first. */
export function splice(text: string, edits: readonly Edit[]): string {
  // from the back, so that offsets stay right
  return edits
    .toSorted((one, other) => one.start - other.start)
    .reduceRight((edited, { start, end, text: written }) => edited.slice(0, start) + written + edited.slice(end), text);
}

export function isInside(inner: Span, outer: Span): boolean {
  return inner.start >= outer.start && inner.end <= outer.end;
}

/** No line break anywhere inside. */
export function isOneLine(text: string, node: Node): boolean {
  return !LINE_BREAK.test(text.slice(node.start, node.end));
}

/** No line break between braces and entries, though entries may have some inside: `[{`…`}, {`…`}]`. */
export function isFlat(text: string, { start, end, entries }: Container): boolean {
  const starts = [...entries.map((entry) => entry.start), end];
  const ends = [start, ...entries.map((entry) => entry.value.end)];
  return starts.every((gapEnd, index) => !LINE_BREAK.test(text.slice(ends[index], gapEnd)));
}

/** Where the line that holds `offset` starts; a BOM is before the first line. */
export function lineStart(text: string, offset: number): number {
  let start = offset;
  while (start > 0 && !LINE_BREAK.test(text.charAt(start - 1))) start--;
  return start === 0 && text.startsWith("\uFEFF") ? 1 : start;
}

/** Where the line that holds `offset` ends, before its break. */
export function lineEnd(text: string, offset: number): number {
  const length = text.slice(offset).search(LINE_BREAK);
  return length === -1 ? text.length : offset + length;
}

/** Where the line that holds `offset` ends, not counting a comment at its end. */
export function codeEnd({ text, comments }: Document, offset: number): number {
  const end = lineEnd(text, offset);
  const comment = comments.findLast((candidate) => candidate.start >= offset && candidate.end === end);
  return offset + text.slice(offset, comment?.start ?? end).trimEnd().length;
}

/** The white space that the line holding `offset` starts with. */
export function indentAt(text: string, offset: number): string {
  const start = lineStart(text, offset);
  return /^\s*/.exec(text.slice(start, offset))?.[0] ?? "";
}

/** Only white space is before `offset` on its line. */
export function startsLine(text: string, offset: number): boolean {
  let at = offset;
  while (at > 0 && /\s/.test(text.charAt(at - 1))) {
    if (LINE_BREAK.test(text.charAt(at - 1))) return true;
    at--;
  }
  return at === 0;
}

/** How many characters of white space stand before `offset` on its line. */
export function spaceBefore(text: string, offset: number): number {
  const line = text.slice(lineStart(text, offset), offset);
  return line.length - line.trimEnd().length;
}

/** How many characters of white space stand from `offset` on, on its line. */
export function spaceAfter(text: string, offset: number): number {
  const line = text.slice(offset, lineEnd(text, offset));
  return line.length - line.trimStart().length;
}

/**
 * Where an entry ends together with its comma and the comments behind it on the same line, looking from `from` on. A
 * comment after the comma belongs to the next entry if that one follows on the line.
 */
export function tailEnd({ text, comments }: Document, holder: Container, index: number, from: number): number {
  const next = holder.entries[index + 1];
  const comma = holder.entries[index]?.comma ?? -1;
  const limit = next?.start ?? holder.end;
  const pieces = comments.filter(({ start, end }) => start >= from && end <= limit);
  if (comma >= from) pieces.push({ start: comma, end: comma + 1 });
  let end = from;
  let own = from;
  for (const piece of pieces.toSorted((one, other) => one.start - other.start)) {
    if (LINE_BREAK.test(text.slice(end, piece.start))) return end;
    end = piece.end;
    if (piece.start <= comma) own = end;
  }
  return next && !LINE_BREAK.test(text.slice(end, next.start)) ? own : end;
}
