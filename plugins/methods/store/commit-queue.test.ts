import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { defineCollection, GatewayError } from "openclaw/plugin-sdk";
import { CommitQueue } from "./commit-queue.ts";
import { openDatabase } from "./database.ts";
import { failure } from "./failure.ts";
import { Table } from "./table.ts";

const RECORDS = defineCollection<unknown>("records");

test("commits of one turn share one transaction, those of the next turn do not", async (context) => {
  const { add, transactions } = queue(context);

  await Promise.all([add("a"), add("b"), add("c")]);
  await add("d");

  assert.deepEqual(transactions, ["done", "done"]);
});

test("a full disk refuses the commit that needs the room and not its neighbours", async (context) => {
  const { add, transactions, database, table } = queue(context);
  await add("before");
  database.exec("PRAGMA max_page_count = 20");

  const outcomes = await Promise.allSettled([add("small"), add("huge", 500_000), add("small too")]);

  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ["fulfilled", "rejected", "fulfilled"],
  );
  const [, huge] = outcomes;
  assert.ok(huge?.status === "rejected" && huge.reason instanceof GatewayError);
  assert.equal(huge.reason.code, "UNAVAILABLE");
  assert.match(huge.reason.message, /cannot write the-file: the disk is full; free some space/);
  assert.deepEqual(
    table.list({}).map(({ id }) => id),
    ["before", "small", "small too"],
  );
  assert.deepEqual(transactions, ["done", "done", "failed", "done"]);
});

test("a commit works again once there is room", async (context) => {
  const { add, database, table } = queue(context);
  database.exec("PRAGMA max_page_count = 20");
  await assert.rejects(add("huge", 500_000), /disk is full/);

  database.exec("PRAGMA max_page_count = 10000");
  await add("huge", 500_000);

  assert.equal(table.count({}), 1);
});

test("an error halfway through a commit leaves nothing of it", async (context) => {
  const { commits, database, table } = queue(context);
  const write = (id: string, value: unknown) => table.write(RECORDS.insert(id, value));
  database.exec("PRAGMA max_page_count = 20");

  await assert.rejects(commits.add([write("first", 1), write("second", "x".repeat(500_000))]), /disk is full/);

  assert.deepEqual(table.list({}), []);
});

function queue(context: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), "openclaw-store-"));
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  const { database } = openDatabase({ file: join(folder, "openclaw.sqlite"), log: log });
  context.after(() => {
    database.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const table = new Table(RECORDS.name, database, log);
  table.define({});
  const transactions: string[] = [];
  const commits = new CommitQueue({
    database: () => database,
    failure: (cause) => failure("write", "the-file", cause),
    ended: (error) => void transactions.push(error ? "failed" : "done"),
  });
  const add = (id: string, size = 1) => commits.add([table.write(RECORDS.insert(id, "x".repeat(size)))]);
  return { database, table, commits, transactions, add };
}
