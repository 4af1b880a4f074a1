import assert from "node:assert/strict";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Offset } from "./offset.ts";

const DAY_MS = 24 * 3_600_000;

function place(): { file: string; [Symbol.dispose](): void } {
  const folder = mkdtempSync(join(tmpdir(), "openclaw-telegram-"));
  return {
    file: join(folder, "telegram", "offset.json"),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

test("it stands behind the first that is not durable, whatever is durable after it", () => {
  using at = place();
  const offset = new Offset(at.file, 1);

  for (const id of [10, 11, 15]) assert.equal(offset.begin(id), true);
  offset.done(11);
  offset.done(15);
  assert.deepEqual([offset.next(), offset.isBehind], [undefined, true]);
  assert.equal(offset.begin(11), false);
  offset.done(10);

  assert.deepEqual([offset.next(), offset.isBehind], [16, false]);
  assert.equal(offset.begin(15), false);
});

test("one that could not be kept is taken again, and holds back the others", () => {
  using at = place();
  const offset = new Offset(at.file, 1);
  offset.begin(1);
  offset.begin(2);

  offset.failed(1);
  offset.done(2);

  assert.deepEqual([offset.next(), offset.begin(2), offset.begin(1)], [undefined, false, true]);
  offset.done(1);
  assert.equal(offset.next(), 3);
});

test("it is there after a restart, for its owner alone; another bot begins anew", async () => {
  using at = place();
  const offset = new Offset(at.file, 1);
  offset.begin(7);
  offset.done(7);
  await offset.save();

  assert.equal(new Offset(at.file, 1).next(), 8);
  assert.equal(new Offset(at.file, 2).next(), undefined);
  assert.equal(statSync(at.file).mode & 0o777, 0o600);
  writeFileSync(at.file, "{");
  assert.equal(new Offset(at.file, 1).next(), undefined);
});

test("after a week without updates their numbers may be lower, so the old one is not asked for", async () => {
  using at = place();
  const now = Date.now();
  const offset = new Offset(at.file, 1, now);
  offset.begin(7, now);
  offset.done(7);
  await offset.save();

  assert.equal(offset.next(now + 5 * DAY_MS), 8);
  assert.equal(offset.next(now + 6 * DAY_MS), undefined);
  assert.equal(offset.begin(3), true);
  assert.equal(new Offset(at.file, 1, now + 7 * DAY_MS).next(), undefined);
});
