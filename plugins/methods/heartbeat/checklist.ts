import { join } from "node:path";
import { readTextFile } from "openclaw/plugin-sdk";

const MAX_BYTES = 1_000_000;
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
  const text = await readTextFile(join(workspace, "HEARTBEAT.md"), MAX_BYTES);
  return text !== undefined && isEmptyChecklist(text);
}
