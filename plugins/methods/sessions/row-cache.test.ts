import assert from "node:assert/strict";
import { test } from "node:test";
import type { Session } from "openclaw/plugin-sdk";
import { RowCache } from "./row-cache.ts";

/** A table behind the cache, with a count of its reads. */
function createTable() {
  const rows = new RowCache();
  const written = new Map<string, Session>();
  const reads: string[] = [];
  const read = (key: string) => async () => {
    reads.push(key);
    return written.get(key);
  };
  return {
    reads,
    written,
    get: (key: string) => rows.get(key, read(key)),
    change: (key: string, write: () => Promise<void>) => rows.change([key], write),
  };
}

const session = (key: string, updatedAt: number): Session => ({
  key,
  agentId: "main",
  entry: { sessionId: key, updatedAt },
});

test("a row is read once until it is written, and one that is not there is asked for again", async () => {
  const table = createTable();
  table.written.set("a", session("a", 1));

  for (const key of ["a", "a", "b", "b"]) await table.get(key);
  await table.change("a", async () => void table.written.set("a", session("a", 2)));

  assert.equal((await table.get("a"))?.entry.updatedAt, 2);
  assert.deepEqual(table.reads, ["a", "b", "b", "a"]);
});

test("what is read while a row is written is not kept, however the write ends", async () => {
  const table = createTable();
  table.written.set("a", session("a", 1));
  const { promise, resolve } = Promise.withResolvers<void>();

  const failed = table.change("a", () => promise);
  const late = table.get("a");
  resolve();
  await failed;
  table.written.set("a", session("a", 2));
  await late;
  assert.equal((await table.get("a"))?.entry.updatedAt, 2);

  await assert.rejects(
    table.change("a", () => Promise.reject(new Error("full"))),
    /full/,
  );
  assert.equal((await table.get("a"))?.entry.updatedAt, 2);
  assert.deepEqual(table.reads, ["a", "a", "a"]);
});

test("only so many rows are kept, those that were read last", async () => {
  const table = createTable();
  for (let n = 0; n <= 100; n++) table.written.set(`${n}`, session(`${n}`, n));
  for (let n = 0; n < 100; n++) await table.get(`${n}`);

  await table.get("0");
  await table.get("100");
  table.reads.length = 0;
  for (const key of ["0", "100", "1"]) await table.get(key);

  assert.deepEqual(table.reads, ["1"]);
});
