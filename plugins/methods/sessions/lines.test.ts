import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { linesFromEnd, linesFromStart } from "./lines.ts";
import type { Line } from "./lines.ts";
import { readNewest } from "./newest-messages.ts";
import { messageLine } from "./entry.ts";
import { stateDirOf, userMessage } from "./place.fixture.ts";

const CHUNK = 65_536;

for (const [what, text] of [
  ["nothing", ""],
  ["one line", "a\n"],
  ["one line without an end", "a"],
  ["empty lines", "\n\n\na\n\n"],
  ["only a line feed", "\n"],
  ["a torn last line", "a\nb\nc"],
  ["a line as long as a chunk", `${"x".repeat(CHUNK - 1)}\nb\n`],
  ["a line longer than a chunk", `a\n${"x".repeat(CHUNK)}\nb\n`],
  ["a line of several chunks at the end", `a\n${"y".repeat(CHUNK * 3 + 5)}`],
  ["line feeds around a border", `${"x".repeat(CHUNK - 2)}\n\n\n${"y".repeat(CHUNK)}`],
] as const) {
  test(`a file of ${what} is the same from both ends`, async (context) => {
    await using file = await fileOf(context, text);

    const expected = text.split("\n").slice(0, text.endsWith("\n") || text === "" ? -1 : undefined);
    const forward = await collect(linesFromStart(file));
    const backward = (await collect(linesFromEnd(file))).toReversed();

    assert.deepEqual(forward.map(textOf), expected);
    assert.deepEqual(backward.map(textOf).join("\n").trim(), expected.join("\n").trim());
    const isTorn = text !== "" && !text.endsWith("\n");
    assert.equal(forward.at(-1)?.isComplete ?? true, !isTorn);
    assert.equal(backward.at(-1)?.isComplete ?? true, !isTorn);
    assert.ok([...forward.slice(0, -1), ...backward.slice(0, -1)].every(({ isComplete }) => isComplete));
  });
}

test("the newest messages of a long transcript are read without the rest", async (context) => {
  let parentId: string | null = null;
  const lines: string[] = ['{"type":"session","version":3}'];
  for (let number = 0; number < 20_000; number++) {
    const id = number.toString(16).padStart(8, "0");
    lines.push(messageLine(id, parentId, userMessage(`message ${number}`)));
    parentId = id;
  }
  const text = lines.map((line) => `${line}\n`).join("");
  await using file = await fileOf(context, text);
  const reads = context.mock.method(file, "read");

  const { messages, isDamaged } = await readNewest(file, "lines", 20, undefined);

  assert.deepEqual(messages[0], userMessage("message 19999"));
  assert.deepEqual([messages.length, isDamaged], [20, false]);
  const bytes = await Promise.all(reads.mock.calls.map(async ({ result }) => (await result)?.bytesRead ?? 0));
  assert.ok(text.length > 3_000_000);
  assert.ok(bytes.reduce((sum, one) => sum + one, 0) <= CHUNK);
});

async function fileOf(context: TestContext, text: string): Promise<FileHandle> {
  const path = join(stateDirOf(context), "lines");
  writeFileSync(path, text);
  return open(path, "r");
}

async function collect(lines: AsyncIterable<Line>): Promise<Line[]> {
  const all: Line[] = [];
  for await (const line of lines) all.push(line);
  return all;
}

function textOf({ bytes }: Line): string {
  return bytes.toString("utf8");
}
