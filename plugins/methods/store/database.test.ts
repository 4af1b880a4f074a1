import assert from "node:assert/strict";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  chmodSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { defineCollection, GatewayError, Store, loadSqlite } from "openclaw/plugin-sdk";
import { createTestHost } from "openclaw/plugin-sdk/testing";
import plugin from "./index.ts";

const RECORDS = defineCollection<unknown>("a");
const isPosix = process.platform !== "win32";

test("the file and what SQLite keeps beside it are for their owner alone", { skip: !isPosix }, async (context) => {
  const { stateDir } = place(context);
  const umask = process.umask(0);
  context.after(() => process.umask(umask));

  await using host = await createTestHost(plugin, { stateDir });
  const store = host.use(Store);
  await store.commit([RECORDS.put("x", 1)]);

  const modes = readdirSync(stateDir).map((name) => [name, statSync(join(stateDir, name)).mode & 0o777]);
  assert.deepEqual(modes, [
    ["openclaw.sqlite", 0o600],
    ["openclaw.sqlite-shm", 0o600],
    ["openclaw.sqlite-wal", 0o600],
  ]);
});

test("a file that others could read is closed to them, with a line in the log", { skip: !isPosix }, async (context) => {
  const { stateDir, file } = place(context);
  await fill(stateDir);
  chmodSync(file, 0o644);

  await using host = await createTestHost(plugin, { stateDir });

  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.deepEqual(host.log, [{ level: "warn", message: "openclaw.sqlite was open to others; now 0600" }]);
});

test("a closed store leaves one file", async (context) => {
  const { stateDir } = place(context);

  await fill(stateDir);

  assert.deepEqual(readdirSync(stateDir), ["openclaw.sqlite"]);
});

for (const [what, content] of [
  ["text", "this is not a database, but long enough to look like a file that somebody may still need\n".repeat(20)],
  ["nothing", ""],
  ["zeros", Buffer.alloc(8_192)],
] as const) {
  test(`a file that holds ${what} is moved aside whole and the store starts empty, with an error`, async (context) => {
    const { stateDir, file } = place(context);
    writeFileSync(file, content, { mode: 0o600 });
    writeFileSync(`${file}-wal`, "what may be left of it", { mode: 0o600 });

    await using host = await createTestHost(plugin, { stateDir });

    assert.equal(await host.use(Store).count(RECORDS), 0);
    const [aside] = readdirSync(stateDir).filter((name) => /^openclaw\.sqlite\.corrupt-[-\dTZ.]+$/.test(name));
    assert.deepEqual(readFileSync(join(stateDir, aside ?? "")), Buffer.from(content));
    assert.equal(readFileSync(join(stateDir, `${aside}-wal`), "utf8"), "what may be left of it");
    assert.equal(host.log.length, 1);
    assert.equal(host.log[0]?.level, "error");
    assert.ok(host.log[0]?.message.endsWith(`it was moved to ${aside}, and the store starts empty`));
  });
}

test("a damaged page is found at the start", async (context) => {
  const { stateDir, file } = place(context);
  await fill(stateDir, 500);
  const bytes = readFileSync(file);
  // The header of every page but the first: no page can be read.
  for (let page = 4_096; page < bytes.length; page += 4_096) bytes.fill(0xff, page, page + 100);
  writeFileSync(file, bytes);

  await using host = await createTestHost(plugin, { stateDir });

  const store = host.use(Store);
  assert.equal(await store.count(RECORDS), 0);
  assert.match(host.log[0]?.message ?? "", /is damaged .* moved to openclaw\.sqlite\.corrupt-/);
  await store.commit([RECORDS.put("new", 1)]);
});

test("files that were moved aside stay, however often it happens", async (context) => {
  const { stateDir, file } = place(context);
  context.mock.timers.enable({ apis: ["Date"], now: 1_767_225_600_000 });

  for (const content of ["first", "second", "third"]) {
    writeFileSync(file, content.padEnd(2_000));
    await (await createTestHost(plugin, { stateDir })).close();
  }

  const aside = readdirSync(stateDir).filter((name) => name.includes(".corrupt-"));
  const kept = aside.map((name) => readFileSync(join(stateDir, name), "utf8").trim());
  assert.deepEqual(kept.toSorted(), ["first", "second", "third"]);
});

test("any flipped byte lets the store start, and what it cost is told", async (context) => {
  const { stateDir, file } = place(context);
  await fill(stateDir, 40);
  const whole = readFileSync(file);

  for (let at = 0; at < whole.length; at += Math.ceil(whole.length / 97)) {
    const bytes = Buffer.from(whole);
    bytes[at] = (bytes[at] as number) ^ 0x55;
    for (const name of readdirSync(stateDir)) rmSync(join(stateDir, name));
    writeFileSync(file, bytes);
    await using host = await createTestHost(plugin, { stateDir });
    const store = host.use(Store);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 40 }, (_, index) => store.get(RECORDS, `r${index}`)),
    );

    const isWhole = outcomes.every((one) => one.status === "fulfilled" && one.value !== undefined);
    const isTold = host.log.length > 0 || outcomes.some(({ status }) => status === "rejected");
    const missing = outcomes.filter((one) => one.status === "fulfilled" && one.value === undefined).length;
    // A byte of an id changes that one id.
    assert.ok(isWhole || isTold || missing === 1, `byte ${at}`);
  }
});

for (const [what, spoil, message] of [
  ["a newer version's", "PRAGMA user_version = 99", /openclaw\.sqlite has format 99, this version knows 1; .*update/],
  ["another program's", "PRAGMA application_id = 7", /openclaw\.sqlite belongs to another program; .*move it away/],
] as const) {
  test(`${what} file is read, never written`, async (context) => {
    const { stateDir, file } = place(context);
    await fill(stateDir, 3);
    execute(file, spoil);
    const before = readFileSync(file);

    const host = await createTestHost(plugin, { stateDir });
    const store = host.use(Store);
    const refused = (error: unknown) => error instanceof GatewayError && message.test(error.message);
    assert.deepEqual(await store.get(RECORDS, "r1"), { number: 1 });
    await assert.rejects(store.commit([RECORDS.put("r1", {})]), refused);
    await assert.rejects(store.list(defineCollection("missing")), refused);
    await host.close();

    assert.match(host.log[0]?.message ?? "", message);
    assert.deepEqual(readFileSync(file), before);
  });
}

test("a file with somebody else's tables is left alone", async (context) => {
  const { stateDir, file } = place(context);
  execute(file, "CREATE TABLE theirs (x); INSERT INTO theirs VALUES (1)");
  const before = readFileSync(file);

  const host = await createTestHost(plugin, { stateDir });
  await assert.rejects(host.use(Store).commit([]), /belongs to another program/);
  await host.close();

  assert.deepEqual(readFileSync(file), before);
  assert.deepEqual(readdirSync(stateDir), ["openclaw.sqlite"]);
});

test("a file that cannot be opened is named with the remedy and not moved", async (context) => {
  const { stateDir, file } = place(context);
  execute(file, "CREATE TABLE theirs (x)");
  const { DatabaseSync } = loadSqlite();
  const other = new DatabaseSync(file);
  context.after(() => other.close());
  other.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");

  await assert.rejects(
    createTestHost(plugin, { stateDir }),
    /cannot open .*openclaw\.sqlite: another program has locked it/,
  );

  assert.deepEqual(
    readdirSync(stateDir).filter((name) => name.includes("corrupt")),
    [],
  );
});

test("a lock of another program refuses the commit and passes", async (context) => {
  const { stateDir, file } = place(context);
  await using host = await createTestHost(plugin, { stateDir });
  const store = host.use(Store);
  await store.count(RECORDS);
  const { DatabaseSync } = loadSqlite();
  const other = new DatabaseSync(file);
  context.after(() => other.close());

  other.exec("BEGIN IMMEDIATE");
  await assert.rejects(store.commit([RECORDS.put("x", 1)]), /cannot write .*: another program has locked it; close/);
  other.exec("COMMIT");
  await store.commit([RECORDS.put("x", 2)]);

  assert.equal(await store.get(RECORDS, "x"), 2);
  assert.deepEqual(
    host.log.map(({ level }) => level),
    ["error", "info"],
  );
});

test("a record that is no JSON any more is refused by name and left out of lists", async (context) => {
  const { stateDir, file } = place(context);
  await fill(stateDir, 3);
  execute(file, "UPDATE a SET value = '{' WHERE id = 'r1'");

  await using host = await createTestHost(plugin, { stateDir });
  const store = host.use(Store);

  await assert.rejects(store.get(RECORDS, "r1"), /record "r1" of collection "a" cannot be read/);
  assert.deepEqual(await store.list(RECORDS), [{ number: 0 }, { number: 2 }]);
  assert.match(host.log[0]?.message ?? "", /left out of a list: record "r1"/);
  const indexed = defineCollection<{ number: number }>("a", { indexes: { number: ({ number }) => number } });
  assert.deepEqual(await store.list(indexed, { by: "number", from: 0 }), [{ number: 0 }, { number: 2 }]);
});

test("durability follows the configuration while the store runs", async () => {
  const settings = { store: { durability: "process" } };
  await using host = await createTestHost(plugin, { settings });
  const store = host.use(Store) as unknown as { durability: string };

  assert.equal(store.durability, "process");
  settings.store.durability = "full";
  host.hooks.configChanged.call({ paths: ["store.durability"], before: {}, after: {} });

  assert.equal(store.durability, "full");
});

test("only the warning about SQLite is kept quiet", (context) => {
  const { emitWarning } = process;
  const heard: unknown[] = [];
  context.mock.method(process, "emitWarning", (...args: unknown[]) => void heard.push(args));
  context.mock.method(process, "getBuiltinModule", () => {
    process.emitWarning("SQLite is an experimental feature and might change at any time", "ExperimentalWarning");
    process.emitWarning("something else", "ExperimentalWarning");
    process.emitWarning(new Error("SQLite is an experimental feature"));
    return {};
  });

  loadSqlite();
  context.mock.restoreAll();

  assert.deepEqual(heard, [
    ["something else", "ExperimentalWarning"],
    [new Error("SQLite is an experimental feature")],
  ]);
  assert.equal(process.emitWarning, emitWarning);
});

function place(context: TestContext): { stateDir: string; file: string } {
  const stateDir = mkdtempSync(join(tmpdir(), "openclaw-store-"));
  context.after(() => rmSync(stateDir, { recursive: true, force: true }));
  return { stateDir, file: join(stateDir, "openclaw.sqlite") };
}

/** A closed store with records `r0`, `r1`, … in collection `a`. */
async function fill(stateDir: string, count = 1): Promise<void> {
  await using host = await createTestHost(plugin, { stateDir });
  const store = host.use(Store);
  await store.commit(Array.from({ length: count }, (_, number) => RECORDS.put(`r${number}`, { number })));
  assert.ok(existsSync(join(stateDir, "openclaw.sqlite")));
}

function execute(file: string, sql: string): void {
  const { DatabaseSync } = loadSqlite();
  const database = new DatabaseSync(file);
  database.exec(sql);
  database.close();
}
