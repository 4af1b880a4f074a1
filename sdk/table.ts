import { styleText } from "node:util";
import { onOneLine } from "./terminal-text.ts";

/**
 * Columns padded to their widest cell; the header is bold on a terminal. Whatever a cell holds, it stays on its line
 * and has no colour.
 */
export function table(given: readonly Readonly<Record<string, string>>[], columns: readonly string[]): string {
  const rows = given.map((row) =>
    Object.fromEntries(Object.entries(row).map(([column, cell]) => [column, onOneLine(cell)])),
  );
  const widths = columns.map((column) => Math.max(column.length, ...rows.map((row) => (row[column] ?? "").length)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join("  ")
      .trimEnd();
  const header = line(columns.map((column) => column.toUpperCase()));
  return [
    styleText("bold", header, { stream: process.stdout }),
    ...rows.map((row) => line(columns.map((column) => row[column] ?? ""))),
  ].join("\n");
}
