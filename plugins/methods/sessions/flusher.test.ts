import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { Flusher } from "./flusher.ts";

function folderOf(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "openclaw-flusher-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test("files are flushed behind the back of who wrote them; one that is gone is no failure, another thing is told", async (context) => {
  const folder = folderOf(context);
  const failed: string[] = [];
  const flusher = new Flusher((path) => failed.push(path));
  const files = Array.from({ length: 9 }, (_, n) => join(folder, `${n}`));
  for (const file of files) writeFileSync(file, "text");

  for (const file of [...files, ...files, join(folder, "gone")]) flusher.add(file, "r+");
  flusher.add(folder, "r");
  // A directory cannot be opened to write.
  flusher.add(`${folder}/`, "r+");
  await flusher.idle();

  assert.deepEqual(failed, [`${folder}/`]);
});
