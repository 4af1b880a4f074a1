import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { LogWriter } from "./log-writer.ts";
import type { LogWriterOptions } from "./log-writer.ts";

const SECRET = 'open "sesame"\\now';

test("a secret is masked in a record that is cut", () => {
  using at = folder();
  const log = at.writer();
  log.secrets = ["hunter2-hunter2"];

  log.write("info", "test", `hunter2-hunter2 ${"x".repeat(100_000)}`);

  const [record] = at.records();
  assert.equal(record?.truncated, true);
  assert.match(record?.msg ?? "", /^\*\*\* x+$/);
});

test("a secret is masked that JSON writes in another way, in the message and in the fields", () => {
  using at = folder();
  const log = at.writer();
  log.secrets = [SECRET];

  log.write("info", "test", `tried ${SECRET}`, { given: SECRET, err: new Error(SECRET) });

  assert.equal(at.text().includes("sesame"), false);
  assert.equal(at.records()[0]?.msg, "tried ***");
});

test("ten files of one day are kept, the newest", () => {
  using at = folder();
  const log = at.writer({ maxFileBytes: 100 });

  for (let n = 0; n < 30; n++) log.write("info", "test", `line ${n} ${"é".repeat(60)}`);

  const texts = at.files().map((name) => readFileSync(join(at.directory, name), "utf8"));
  assert.equal(texts.length, 10);
  assert.ok(texts.some((text) => text.includes("line 29 ")));
  assert.ok(texts.some((text) => text.includes("line 20 ")));
  assert.equal(
    texts.some((text) => text.includes("line 19 ")),
    false,
  );
});

test("while debug lines are held one line says so, and one how many it were when the last hold goes", () => {
  using at = folder();
  const log = at.writer({ level: "trace" });
  const told = () => at.records().map(({ level, msg }) => `${level} ${msg}`);

  const releases = [log.holdDebug(), log.holdDebug()];
  log.write("info", "test", "told");
  assert.deepEqual(told(), ["info told"]);
  for (const level of ["debug", "trace", "debug"] as const) log.write(level, "test", "held");
  releases[0]?.();
  releases[0]?.();
  log.write("debug", "test", "held");
  releases[1]?.();
  log.write("debug", "test", "back");

  assert.deepEqual(told(), [
    "info told",
    "warn debug lines are left out until the disk has room again",
    "info debug lines are written again; 4 were left out",
    "debug back",
  ]);
});

test("where nobody asked for debug lines, holding them is not told", () => {
  using at = folder();
  const log = at.writer({ level: "info" });

  const release = log.holdDebug();
  log.write("debug", "test", "held");
  release();
  log.write("info", "test", "told");

  assert.deepEqual(
    at.records().map(({ msg }) => msg),
    ["told"],
  );
});

test("S-45 a message is one line on the console, without control characters", (t) => {
  using at = folder();
  const log = at.writer({ consoleLevel: "info" });
  const write = t.mock.method(process.stdout, "write", () => true);

  log.write("info", "test", "one\n[gateway] two\u001b[2J\u202e");

  const printed = write.mock.calls.map(({ arguments: [text] }) => String(text));
  write.mock.restore();
  assert.deepEqual(printed, ["[test] one\\n[gateway] two\uFFFD[2J\uFFFD\n"]);
});

interface Record {
  readonly level: string;
  readonly msg: string;
  readonly truncated?: boolean;
}

function folder() {
  const home = mkdtempSync(join(tmpdir(), "openclaw-log-"));
  const directory = join(home, "logs");
  const files = () => readdirSync(directory);
  const text = () =>
    files()
      .map((name) => readFileSync(join(directory, name), "utf8"))
      .join("");
  return {
    directory,
    files,
    text,
    records: () =>
      text()
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as Record),
    writer: (options: Partial<LogWriterOptions> = {}) =>
      new LogWriter({
        directory,
        level: "info",
        consoleLevel: "silent",
        consoleStyle: "compact",
        maxFileBytes: 1_000_000,
        keepDays: 1,
        ...options,
      }),
    [Symbol.dispose]: () => rmSync(home, { recursive: true, force: true }),
  };
}
