import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { openDatabase, openToRead } from "./database.ts";
import type { Formats } from "./format.ts";
import { formatOf } from "./format.ts";

const log = { debug() {}, info() {}, warn() {}, error() {} };

function formats(major: number, minor = 0, migrations: Formats["migrations"] = new Map()): Formats {
  return { current: { major, minor }, migrations };
}

test("a newer minor format is read and written, and keeps its number (R-51)", (context) => {
  const file = place(context);
  openDatabase({ file, log, formats: formats(1, 3) }).database.close();

  const { database, refusal } = openDatabase({ file, log, formats: formats(1, 0) });
  database.exec("CREATE TABLE mine (x)");

  assert.equal(refusal, undefined);
  assert.deepEqual(formatOf(database), { major: 1, minor: 3 });
  database.close();
});

test("a newer major format is only read (R-51)", (context) => {
  const file = place(context);
  openDatabase({ file, log, formats: formats(2, 1) }).database.close();

  const { database, refusal } = openDatabase({ file, log, formats: formats(1) });

  assert.match(refusal ?? "", /has format 2\.1, this version knows 1; nothing is written to it; update openclaw/);
  assert.throws(() => database.exec("CREATE TABLE mine (x)"), /readonly/);
  database.close();
});

test("an older major format is brought up to date step by step, after a copy was made (R-51)", (context) => {
  const file = place(context);
  const old = openDatabase({ file, log, formats: formats(1) }).database;
  old.exec("CREATE TABLE steps (name)");
  old.close();
  const step = (name: string) => (database: typeof old) =>
    void database.prepare("INSERT INTO steps VALUES (?)").run(name);
  const migrations = new Map([
    [2, step("second")],
    [1, step("first")],
  ]);

  const { database } = openDatabase({ file, log, formats: formats(3, 0, migrations) });

  const names = database
    .prepare("SELECT name FROM steps")
    .all()
    .map((row) => row["name"]);
  assert.deepEqual(names, ["first", "second"]);
  assert.deepEqual(formatOf(database), { major: 3, minor: 0 });
  database.close();
  const copy = openToRead(copyOf(file));
  assert.deepEqual(copy && formatOf(copy), { major: 1, minor: 0 });
  assert.deepEqual(copy?.prepare("SELECT * FROM steps").all(), []);
  copy?.close();
});

test("a step that fails leaves the file as it was", (context) => {
  const file = place(context);
  openDatabase({ file, log, formats: formats(1) }).database.close();
  const migrations = new Map([
    [
      1,
      (database: ReturnType<typeof openDatabase>["database"]) => {
        database.exec("CREATE TABLE half (x)");
        throw new Error("no way on");
      },
    ],
  ]);

  assert.throws(() => openDatabase({ file, log, formats: formats(2, 0, migrations) }), /cannot open .*: no way on/);
  assert.throws(() => openDatabase({ file, log, formats: formats(3) }), /format 1, which cannot be brought up to date/);

  const { database } = openDatabase({ file, log, formats: formats(1) });
  assert.deepEqual(formatOf(database), { major: 1, minor: 0 });
  assert.deepEqual(database.prepare("SELECT name FROM sqlite_schema").all(), []);
  database.close();
});

function place(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "openclaw-store-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, "openclaw.sqlite");
}

function copyOf(file: string): string {
  const backups = join(file, "..", "backups");
  const [name] = readdirSync(backups);
  assert.match(name ?? "", /^migrate-store-1-/);
  return join(backups, name ?? "", "openclaw.sqlite");
}
