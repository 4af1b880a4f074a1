import type { Token } from "./parser.ts";

/** Cells, each with the tokens of its text. */
export type Row = readonly (readonly Token[])[];

export interface Rows {
  readonly header: Row;
  readonly rows: readonly Row[];
}

/** The rows between `table_open` and `table_close`. */
export function rowsOf(tokens: readonly Token[]): Rows {
  const rows: (readonly Token[])[][] = [];
  for (const { type, children } of tokens) {
    if (type === "tr_open") rows.push([]);
    else if (type === "inline") rows.at(-1)?.push(children ?? []);
  }
  const [header = [], ...rest] = rows;
  return { header, rows: rest };
}

/** Columns of one width each, for letters of one width. */
export function codeTable(header: Row, rows: readonly Row[]): string {
  const lines = [header, ...rows].map((row) => row.map((cell) => plain(cell)));
  const widths = header.map((_, column) => Math.max(3, ...lines.map((row) => widthOf(row[column] ?? ""))));
  const line = (row: readonly string[]) =>
    `| ${widths.map((width, column) => pad(row[column] ?? "", width)).join(" | ")} |`;
  const [first = [], ...rest] = lines;
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  return [line(first), rule, ...rest.map((row) => line(row))].join("\n");
}

function plain(tokens: readonly Token[]): string {
  return tokens.map(({ type, content }) => (type.endsWith("break") ? " " : content)).join("");
}

function pad(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - widthOf(text)));
}

const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;
const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

function widthOf(text: string): number {
  let width = 0;
  for (const { segment } of graphemes.segment(text)) width += WIDE.test(segment) ? 2 : 1;
  return width;
}
