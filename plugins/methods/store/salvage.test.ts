import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { defineCollection, Store, loadSqlite } from "openclaw/plugin-sdk";
import { createTestHost } from "openclaw/plugin-sdk/testing";
import plugin from "./index.ts";

const PAGE = 4_096;
const COUNT = 2_000;

interface Entry {
  readonly number: number;
  readonly padding: string;
}

const MAIN = defineCollection<Entry>("main", { indexes: { number: ({ number }) => number } });
const OTHER = defineCollection<Entry>("other");

test("what stands beside a damaged page is taken over, the rest is told as lost, the old file is kept", async (context) => {
  const { stateDir, file } = await filled(context);
  const bytes = readFileSync(file);
  const damaged = spoilPageOf(bytes, file, "main");
  writeFileSync(file, damaged);

  await using host = await createTestHost(plugin, { stateDir });
  const store = host.use(Store);
  const main = await store.list(MAIN, { by: "number", from: 0 });

  assert.ok(main.length > COUNT / 2 && main.length < COUNT, `${main.length} of ${COUNT}`);
  assert.equal(await store.count(OTHER), COUNT);
  const { issues, intake } = await store.health();
  assert.equal(intake.isOpen, true);
  assert.equal(issues.length, 1);
  assert.match(
    issues[0] ?? "",
    /is damaged \(.+\); it was moved to .*corrupt-.* records were taken over, .*lost \(main\)/,
  );
  assert.deepEqual(
    host.log.map(({ level, message }) => [level, message]),
    [["error", issues[0]]],
  );
  const [aside] = readdirSync(stateDir).filter((name) => name.includes(".corrupt-"));
  assert.deepEqual(readFileSync(join(stateDir, aside ?? "")), damaged);
  await store.commit([MAIN.insert("new", { number: -1, padding: "" })]);
});

test("damage that a write meets refuses that write, and the next one goes into the new file", async (context) => {
  const { stateDir, file } = await filled(context);
  writeFileSync(file, spoilPageOf(readFileSync(file), file, "main"));

  await using host = await createTestHost(plugin, { stateDir });
  const store = host.use(Store);
  const writes = Array.from({ length: COUNT }, (_, number) => MAIN.put(`r${number}`, { number, padding: "new" }));
  await assert.rejects(store.commit(writes), /cannot write .*: it is damaged; it is moved aside/);
  await store.commit(writes);

  assert.equal(await store.count(MAIN), COUNT);
  assert.equal((await store.health()).issues.length, 1);
});

test("after an end that was not clean, the whole file is looked through before it is used", async (context) => {
  const { stateDir, file } = await filled(context);
  const bytes = readFileSync(file);
  writeFileSync(file, spoilPageOf(bytes, file, "main"));
  // A log beside the file: whoever had it open did not close it.
  writeFileSync(`${file}-wal`, Buffer.alloc(32), { mode: 0o600 });

  await using host = await createTestHost(plugin, { stateDir });

  assert.equal((await host.use(Store).health()).issues.length, 1);
});

test("a damaged index costs no record", async (context) => {
  const { stateDir, file } = await filled(context);
  writeFileSync(file, spoilPageOf(readFileSync(file), file, "main:number"));

  await using host = await createTestHost(plugin, { stateDir });
  const store = host.use(Store);

  assert.equal((await store.list(MAIN, { by: "number", from: 0 })).length, COUNT);
  assert.match((await store.health()).issues[0] ?? "", new RegExp(`${2 * COUNT} records were taken over$`));
});

async function filled(context: TestContext): Promise<{ stateDir: string; file: string }> {
  const stateDir = mkdtempSync(join(tmpdir(), "openclaw-store-"));
  context.after(() => rmSync(stateDir, { recursive: true, force: true }));
  await using host = await createTestHost(plugin, { stateDir });
  const padding = "x".repeat(100);
  const all = Array.from({ length: COUNT }, (_, number) => ({ number, padding }));
  await host
    .use(Store)
    .commit(all.flatMap((one) => [MAIN.put(`r${one.number}`, one), OTHER.put(`r${one.number}`, one)]));
  return { stateDir, file: join(stateDir, "openclaw.sqlite") };
}

/** The file with one page in the middle of a table or index made unreadable. */
function spoilPageOf(bytes: Buffer, file: string, name: string): Buffer {
  const { DatabaseSync } = loadSqlite();
  const database = new DatabaseSync(file, { readOnly: true });
  const leaf = name === "main:number" ? 10 : 13;
  const root = database.prepare("SELECT rootpage FROM sqlite_schema WHERE name = ?").get(name) as { rootpage: number };
  database.close();
  const spoiled = Buffer.from(bytes);
  const start = (root.rootpage - 1) * PAGE;
  // An interior page lists its children from byte 12 on, two bytes each to a cell that begins with the child's number.
  const cells = spoiled.readUInt16BE(start + 3);
  const cell = spoiled.readUInt16BE(start + 12 + 2 * Math.floor(cells / 2));
  const child = spoiled.readUInt32BE(start + cell);
  assert.equal(spoiled[(child - 1) * PAGE], leaf, "a leaf");
  spoiled.fill(0xff, (child - 1) * PAGE, child * PAGE);
  return spoiled;
}
