import assert from "node:assert/strict";
import { test } from "node:test";
import type { StoreIntake } from "openclaw/plugin-sdk";
import { DiskSpace } from "./disk-space.ts";

const MB = 1_000_000;

function watch(first: number) {
  const lines: string[] = [];
  const changes: StoreIntake[] = [];
  const at = (level: string) => (message: string) => void lines.push(`${level}: ${message}`);
  const room = { bytes: first, isTold: true };
  const space = new DiskSpace({
    directory: "/state",
    limits: () => ({ warnBytes: 200 * MB, closeBytes: 50 * MB }),
    log: { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") },
    changed: (intake) => void changes.push(intake),
    freeBytes: async () => {
      if (!room.isTold) throw new Error("ENOSYS");
      return room.bytes;
    },
  });
  return { space, room, lines, changes };
}

test("a disk that fills up is told once per step, and intake closes and opens once (R-48)", async () => {
  const { space, room, lines, changes } = watch(1_000 * MB);

  for (const bytes of [1_000, 199, 150, 49, 10, 120, 1_000]) {
    room.bytes = bytes * MB;
    await space.check();
  }

  assert.deepEqual(lines, [
    "warn: 199 MB left on the disk of /state; below 50 MB no new messages are taken in",
    "error: no new messages are taken in: 49 MB left on the disk of /state; free some space",
    "warn: 120 MB left on the disk of /state; below 50 MB no new messages are taken in",
    "info: there is enough room on the disk of /state again",
  ]);
  assert.deepEqual(
    changes.map(({ isOpen }) => isOpen),
    [false, true],
  );
});

test("a write that met a full disk closes intake at once, whatever the file system says, until the next look", async () => {
  const { space, lines } = watch(1_000 * MB);
  await space.check();

  space.full();
  space.full();
  assert.deepEqual(space.intake, { isOpen: false, reason: space.issue });
  await space.check();

  assert.deepEqual(space.intake, { isOpen: true });
  assert.equal(lines.length, 2);
  assert.match(lines[0] ?? "", /the disk of \/state is full/);
});

test("a file system that does not tell its room keeps intake open", async () => {
  const { space, room } = watch(10 * MB);
  await space.check();
  assert.equal(space.intake.isOpen, false);

  room.isTold = false;
  await space.check();

  assert.deepEqual([space.intake, space.freeBytes], [{ isOpen: true }, undefined]);
});
