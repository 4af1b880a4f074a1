import assert from "node:assert/strict";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { openFile, readText, removeFile, writeText } from "./file.ts";

const home = realpathSync(mkdtempSync(join(tmpdir(), "openclaw-files-")));
after(() => rmSync(home, { recursive: true, force: true }));

test("a folder that has become a link after its path was looked at leads nowhere (S-28)", async () => {
  const workspace = join(home, "workspace");
  const outside = join(home, "outside");
  for (const folder of [workspace, outside]) mkdirSync(folder);
  writeFileSync(join(outside, "notes.txt"), "private");
  mkdirSync(join(workspace, "folder"));
  await writeText(join(workspace, "folder", "notes.txt"), "notes.txt", "mine");
  assert.equal(await readText(join(workspace, "folder", "notes.txt"), "notes.txt"), "mine");

  // As somebody does who is faster than the tool.
  rmSync(join(workspace, "folder"), { recursive: true });
  symlinkSync(outside, join(workspace, "folder"));
  const path = join(workspace, "folder", "notes.txt");

  await assert.rejects(openFile(path, "notes.txt"), /notes.txt leads somewhere else by now/);
  await assert.rejects(writeText(path, "notes.txt", "changed"), /cannot write notes.txt|leads somewhere else/);
  await assert.rejects(writeText(join(workspace, "folder", "new.txt"), "new.txt", "x"));
  await assert.rejects(removeFile(path, "notes.txt"));
  assert.deepEqual(readdirSync(outside), ["notes.txt"]);
  assert.equal(readFileSync(join(outside, "notes.txt"), "utf8"), "private");
});

test("a file that has become a link is not written through", async () => {
  const target = join(home, "target.txt");
  writeFileSync(target, "private");
  symlinkSync(target, join(home, "link.txt"));

  await assert.rejects(writeText(join(home, "link.txt"), "link.txt", "changed"), /no regular file/);
  assert.equal(readFileSync(target, "utf8"), "private");
});
