import { styleText } from "node:util";
import { onOneLine } from "./terminal-text.ts";

/** A last column narrower than this is not broken into lines: the terminal does that better. */
const NARROWEST = 16;

/**
 * Columns padded to their widest cell; the header is bold on a terminal. Whatever a cell holds, it stays on its line
 * and has no colour. Where the last column does not fit a terminal `width` wide, it goes on below itself.
 */
export function table(
  given: readonly Readonly<Record<string, string>>[],
  columns: readonly string[],
  width: number | undefined = process.stdout.isTTY ? process.stdout.columns : undefined,
): string {
  const rows = given.map((row) =>
    Object.fromEntries(Object.entries(row).map(([column, cell]) => [column, onOneLine(cell)])),
  );
  const widths = columns.map((column) => Math.max(column.length, ...rows.map((row) => (row[column] ?? "").length)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join("  ")
      .trimEnd();
  const room = (width ?? Infinity) - widths.slice(0, -1).reduce((sum, one) => sum + one + 2, 0);
  const header = line(columns.map((column) => column.toUpperCase()));
  const lines = rows.flatMap((row) => {
    const cells = columns.map((column) => row[column] ?? "");
    const last = cells.pop() ?? "";
    const [first = "", ...more] = room < NARROWEST ? [last] : folded(last, room);
    const blank = cells.map(() => "");
    return [line([...cells, first]), ...more.map((part) => line([...blank, part]))];
  });
  return [styleText("bold", header, { stream: process.stdout }), ...lines].join("\n");
}

/** `text` in pieces of at most `room` characters, cut between words where there are any. */
function folded(text: string, room: number): string[] {
  const pieces: string[] = [];
  let rest = text;
  while (rest.length > room) {
    const space = rest.lastIndexOf(" ", room);
    const end = space > 0 ? space : room;
    pieces.push(rest.slice(0, end));
    rest = rest.slice(end).trimStart();
  }
  return [...pieces, rest];
}
