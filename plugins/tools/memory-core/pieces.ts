export interface Piece {
  /** Lines, from 1. */
  readonly first: number;
  readonly last: number;
  readonly text: string;
}

const MAX_CHARS = 1_200;

/** A note in pieces that are found one by one: they end at headings and blank lines where they can. */
export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  let lines: string[] = [];
  let first = 1;
  let size = 0;
  const close = (next: number) => {
    if (lines.some((line) => line.trim() !== "")) pieces.push({ first, last: next - 1, text: lines.join("\n") });
    lines = [];
    first = next;
    size = 0;
  };
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const number = index + 1;
    const isHeading = /^#{1,6} /.test(line);
    if (isHeading && lines.length > 0) close(number);
    if (size + line.length > MAX_CHARS && lines.length > 0) close(number);
    lines.push(line.slice(0, MAX_CHARS * 4));
    size += line.length + 1;
    if (line.trim() === "" && size > MAX_CHARS / 2) close(number + 1);
  }
  close(first + lines.length);
  return pieces;
}
