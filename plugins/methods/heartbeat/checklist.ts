import { readFile } from "node:fs/promises";
import { join } from "node:path";

const COMMENT = /<!--[\s\S]*?(?:-->|$)/g;
/** A heading, or a list item with nothing behind it. */
const NOTHING = /^(?:#{1,6}(?:\s.*)?|(?:[-*+]|\d+[.)])(?:\s+\[[ xX]?\])?|-{3,})$/;

/** Does a list of checks hold only blank lines, headings, comments and empty items? Then there is nothing to look at. */
export function isEmptyChecklist(text: string): boolean {
  return text
    .replaceAll(COMMENT, "")
    .split("\n")
    .every((line) => line.trim() === "" || NOTHING.test(line.trim()));
}

/** Is there a list of checks in this workspace, with nothing on it? One that is not there does not say so. */
export async function hasNothingToCheck(workspace: string): Promise<boolean> {
  const text = await readFile(join(workspace, "HEARTBEAT.md"), "utf8").catch(() => undefined);
  return text !== undefined && isEmptyChecklist(text);
}
