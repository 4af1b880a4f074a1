import assert from "node:assert/strict";
import { test } from "node:test";
import { renameOver } from "./rename-over.ts";

/** A file system that refuses with these codes, one per attempt, before it obeys. */
function busyRename(codes: string[]) {
  let attempts = 0;
  return {
    get attempts() {
      return attempts;
    },
    async rename() {
      attempts++;
      const code = codes.shift();
      if (code) throw Object.assign(new Error(code), { code });
    },
  };
}

test("a busy target is tried again on Windows", async () => {
  const disk = busyRename(["EPERM", "EBUSY", "EACCES"]);

  await renameOver("a", "b", { platform: "win32", rename: disk.rename });

  assert.equal(disk.attempts, 4);
});

test("no other error and no other system is tried again", async () => {
  const disk = busyRename(["ENOSPC", "EBUSY"]);

  await assert.rejects(renameOver("a", "b", { platform: "win32", rename: disk.rename }), { code: "ENOSPC" });
  await assert.rejects(renameOver("a", "b", { platform: "linux", rename: disk.rename }), { code: "EBUSY" });

  assert.equal(disk.attempts, 2);
});

test("a target that stays busy is given up after two seconds", async () => {
  const started = performance.now();
  const disk = busyRename(Array.from({ length: 1000 }, () => "EBUSY"));

  await assert.rejects(renameOver("a", "b", { platform: "win32", rename: disk.rename }), { code: "EBUSY" });

  assert.ok(performance.now() - started >= 2000);
});
