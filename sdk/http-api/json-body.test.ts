import assert from "node:assert/strict";
import { test } from "node:test";
import { readJson } from "./json-body.ts";

const read = (text: string) => readJson({ body: async () => Buffer.from(text) });

test("a body that would be far larger in memory than it is long is refused before it is built", async (context) => {
  const parse = context.mock.method(JSON, "parse");
  for (const [text, message] of [
    ["[".repeat(65) + "]".repeat(65), /nested more than 64 levels deep/],
    ['{"a":'.repeat(65) + "1" + "}".repeat(65), /nested more than 64 levels deep/],
    ["[".repeat(1_000_000), /nested more than 64 levels deep/],
    [`[${"{},".repeat(200_000)}{}]`, /more than 200000 values/],
    [`[${"0,".repeat(200_000)}0]`, /more than 200000 values/],
  ] as const)
    await assert.rejects(read(text), { status: 400, message });
  assert.equal(parse.mock.callCount(), 0);
});

test("what stands in a text is no part of its structure", async () => {
  const brackets = `${"[{,".repeat(100_000)}"\\`;

  assert.deepEqual(await read(JSON.stringify({ [brackets]: brackets })), { [brackets]: brackets });
  assert.deepEqual(await read("[".repeat(64) + "]".repeat(64)), JSON.parse("[".repeat(64) + "]".repeat(64)));
  assert.equal(((await read(`[${"0,".repeat(100_000)}0]`)) as unknown[]).length, 100_001);
  for (const text of ['"open', '"a\\', '["', "]", '{"a"'])
    await assert.rejects(read(text), { status: 400, message: /^the body is no JSON/ });
});
