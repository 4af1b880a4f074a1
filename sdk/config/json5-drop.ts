import { isInside, lineEnd, lineStart, spaceAfter, spaceBefore, splice, startsLine, tailEnd } from "./json5-layout.ts";
import { find, rescan, type Container, type Document, type Entry, type Path } from "./json5-scan.ts";

/** The text without what is at `path`; the text as it is if nothing is there. */
export function drop(text: string, path: Path): string {
  const document = rescan(text);
  const found = find(document, path);
  const holder = found?.parents.at(-1);
  if (!found?.entry || !holder) return text;
  const rest = cut(document, holder, found.entry);
  // an earlier member with the same key must not come to light
  return found.entry.key ? drop(rest, path) : rest;
}

function cut(document: Document, holder: Container, entry: Entry): string {
  const { text, comments } = document;
  const index = holder.entries.indexOf(entry);
  const isLast = index === holder.entries.length - 1;
  const previousComma = holder.entries[index - 1]?.comma;
  const commas: number[] = [];
  let start = entry.start;
  let end = tailEnd(document, holder, index, entry.value.end);
  if (entry.comma !== undefined && entry.comma >= end) commas.push(entry.comma);
  if (isLast && entry.comma === undefined && previousComma !== undefined) {
    // the new last entry has no comma either
    if (text.slice(previousComma + 1, start).trim() === "") start = previousComma;
    else commas.push(previousComma);
  }

  const closesLine = text.slice(end, lineEnd(text, end)).trim() === "";
  if (closesLine && startsLine(text, start)) {
    start = lineStart(text, start);
    end = lineEnd(text, end);
    end += text.startsWith("\r\n", end) ? 2 : 1;
  } else if (closesLine || isLast) start -= spaceBefore(text, start);
  else end += spaceAfter(text, end);

  const keepsComment = comments.some((comment) => isInside(comment, holder) && !isInside(comment, { start, end }));
  if (holder.entries.length === 1 && !keepsComment) {
    return splice(text, [{ start: holder.start + 1, end: holder.end - 1, text: "" }]);
  }
  const spans = [...commas.map((comma) => ({ start: comma, end: comma + 1 })), { start, end }];
  return splice(
    text,
    spans.map((span) => ({ ...span, text: "" })),
  );
}
