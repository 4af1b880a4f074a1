import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { defineCollection, Store } from "openclaw/plugin-sdk";
import { createTestHost } from "openclaw/plugin-sdk/testing";
import plugin from "./index.ts";

const FIXTURE = join(import.meta.dirname, "writer.fixture.ts");
const TARGET = 200;
/** The collections that the fixture writes to. */
const SIDES = ["left", "right"].map((name) => defineCollection<{ number: number }>(name));
/** Acknowledgements to wait for before each kill: different places of a group of five. */
const KILL_AFTER = [1, 7, 23, 44, 58, 76] as const;

test("what was acknowledged is there after kill -9, and no commit is there by half", async (context) => {
  const stateDir = stateDirOf(context);
  const acknowledged = new Set<number>();

  for (let round = 0; acknowledged.size < TARGET; round++) {
    const found = await numbersIn(stateDir);
    await writeUntilKilled(stateDir, found.length, KILL_AFTER[round % KILL_AFTER.length] as number, acknowledged);
    const after = new Set(await numbersIn(stateDir));

    assert.deepEqual(
      [...acknowledged].filter((number) => !after.has(number)),
      [],
      `lost in round ${round}`,
    );
  }
});

test(
  "a disk that takes no more refuses commits by name, and takes them again when there is room",
  { skip: spawnSync("prlimit", ["--version"]).status !== 0 && "needs prlimit" },
  async (context) => {
    const stateDir = stateDirOf(context);
    const limited = ["-c", 'ulimit -S -f 600; exec "$0" "$@"', process.execPath, ...fixtureArgs(stateDir, 0, 20_000)];
    const child = spawn("sh", limited, { stdio: ["pipe", "pipe", "inherit"] });
    context.after(() => child.kill("SIGKILL"));
    const lines = linesOf(child);

    const [durable, refusal] = await untilRefused(lines);
    spawnSync("prlimit", ["--pid", String(child.pid), "--fsize=unlimited"]);
    child.stdin?.write("\n");
    const next = await until(lines, (line) => line.startsWith("ok "));
    child.kill("SIGKILL");
    await once(child, "exit");

    assert.match(refusal, /^refused \d+ UNAVAILABLE cannot write .*openclaw\.sqlite: the disk .*; /);
    const numbers = await numbersIn(stateDir);
    for (const line of [...durable, next]) assert.ok(numbers.includes(Number(line.split(" ")[1])), line);
  },
);

function stateDirOf(context: TestContext): string {
  const stateDir = mkdtempSync(join(tmpdir(), "openclaw-store-"));
  context.after(() => rmSync(stateDir, { recursive: true, force: true }));
  return stateDir;
}

function fixtureArgs(stateDir: string, first: number, bytes: number): string[] {
  return ["--conditions=openclaw-source", FIXTURE, stateDir, String(first), String(bytes)];
}

function linesOf(child: ChildProcess): AsyncIterator<string> {
  return createInterface({ input: child.stdout as NodeJS.ReadableStream })[Symbol.asyncIterator]();
}

async function writeUntilKilled(stateDir: string, first: number, count: number, acknowledged: Set<number>) {
  const child = spawn(process.execPath, fixtureArgs(stateDir, first, 100), { stdio: ["ignore", "pipe", "inherit"] });
  const exit = once(child, "exit");
  let seen = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    assert.match(line, /^ok /);
    acknowledged.add(Number(line.slice(3)));
    // Lines that were on their way when the child died count too.
    if (++seen === count) child.kill("SIGKILL");
  }
  await exit;
}

async function untilRefused(lines: AsyncIterator<string>): Promise<[durable: string[], refusal: string]> {
  const durable: string[] = [];
  const refusal = await until(lines, (line) => {
    if (line.startsWith("ok ")) durable.push(line);
    return line.startsWith("refused ");
  });
  return [durable, refusal];
}

async function until(lines: AsyncIterator<string>, matches: (line: string) => boolean): Promise<string> {
  for (;;) {
    const { value, done } = await lines.next();
    if (done) throw new Error("the child ended early");
    if (matches(value)) return value;
  }
}

/** The numbers in the store, which must be the same on both sides. */
async function numbersIn(stateDir: string): Promise<number[]> {
  await using host = await createTestHost(plugin, { stateDir });
  const store = host.use(Store);
  const sides = await Promise.all(SIDES.map((side) => store.list(side)));
  const [left, right] = sides.map((side) => side.map(({ number }) => number).toSorted((a, b) => a - b));
  assert.deepEqual(left, right);
  assert.deepEqual(host.log, []);
  return left ?? [];
}
