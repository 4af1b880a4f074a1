import assert from "node:assert/strict";
import { test } from "node:test";
import { takeBlocks } from "./chunker.ts";

const SIZE = { minChars: 40, maxChars: 80, breakPreference: "paragraph" } as const;
const words = (count: number) => Array.from({ length: count }, (_, index) => `word${index}`).join(" ");

test("nothing is taken before there is enough, and then only at a paragraph", () => {
  const first = words(9);

  assert.deepEqual(takeBlocks("short", SIZE), { blocks: [], rest: "short" });
  assert.deepEqual(takeBlocks(first, SIZE), { blocks: [], rest: first });
  assert.deepEqual(takeBlocks(`${first}\n\nnext`, SIZE), { blocks: [first], rest: "next" });
});

test("too much is cut at the next best place, and nothing is lost", () => {
  const text = `${words(40)}\n${words(5)}. Then this.`;

  const { blocks, rest } = takeBlocks(text, SIZE);

  assert.ok(blocks.every(({ length }) => length >= 40 && length <= 80));
  const all = [...blocks, rest].join(" ");
  assert.equal(all.replaceAll(/\s+/g, " "), text.replaceAll(/\s+/g, " "));
});

test("sentences are kept whole where there are any", () => {
  const { blocks } = takeBlocks(`This is the first sentence of three. And this is the second one. ${words(20)}`, {
    ...SIZE,
    breakPreference: "sentence",
  });

  assert.equal(blocks[0], "This is the first sentence of three. And this is the second one.");
});

test("a fenced block is kept whole while it fits, and closed and opened again when it does not", () => {
  const code = "```js\nlet a = 1;\n\nlet b = 2;\n```\n\nafter the code there is more text";
  assert.deepEqual(takeBlocks(code, { ...SIZE, minChars: 10 }).blocks, ["```js\nlet a = 1;\n\nlet b = 2;\n```"]);

  const lines = Array.from({ length: 12 }, (_, index) => `let line${index} = ${index};`);
  const { blocks, rest } = takeBlocks(`~~~ts\n${lines.join("\n")}`, SIZE);
  for (const block of blocks) {
    assert.match(block, /^~~~ts\n[^]*\n~~~$/);
    assert.ok(block.length <= 80);
  }
  assert.match(rest, /^~~~ts\n/);
  const told = [...blocks, rest].join("\n").match(/let line\d+ = \d+;/g);
  assert.deepEqual(told, lines);
});

test("no character is cut in two, and a text without any break comes to an end", () => {
  const { blocks, rest } = takeBlocks("😀".repeat(200), SIZE);

  assert.equal([...blocks, rest].join(""), "😀".repeat(200));
  assert.ok(blocks.every((block) => block.isWellFormed()));
});
