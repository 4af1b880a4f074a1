import { join } from "node:path";
import { defineCommand } from "openclaw/plugin-sdk";
import { FILE_NAME } from "../file-name.ts";
import { inspect } from "../inspect.ts";
import { sizeText } from "./size.ts";
import type { Inspection } from "../inspect.ts";

/** `openclaw store check`: reads every page, beside a running gateway or without one. Exit 1 when something is wrong. */
export default defineCommand({
  anyConfig: true,
  local: true,
  async run({ stateDir, print, table, tilde }) {
    const found = await inspect(join(stateDir, FILE_NAME));
    print(found, text(found, tilde, table));
    return found.ok ? 0 : 1;
  },
});

function text(
  { file, exists, problems, format, bytes, logBytes, freeBytes, collections, setAside }: Inspection,
  tilde: (path: string) => string,
  table: (rows: Readonly<Record<string, string>>[], columns: string[]) => string,
): string {
  if (!exists) return `Store: ${tilde(file)} does not exist yet`;
  const rows = Object.entries(collections).map(([collection, records]) => ({ collection, records: String(records) }));
  return [
    `Store: ${problems.length === 0 ? "ok" : "damaged"}`,
    `File: ${tilde(file)}, format ${format ?? "unknown"}, ${sizeText(bytes)} and ${sizeText(logBytes)} in its log`,
    ...(freeBytes === undefined ? [] : [`Free on disk: ${sizeText(freeBytes)}`]),
    ...problems.map((problem) => `Problem: ${problem}`),
    ...setAside.map((name) => `Set aside earlier, damaged: ${name}`),
    ...(rows.length > 0 ? ["", table(rows, ["collection", "records"])] : []),
    ...(problems.length > 0
      ? ["", "Restart the gateway: it moves the file aside and takes over what can be read."]
      : []),
  ].join("\n");
}
