import assert from "node:assert/strict";
import { test } from "node:test";
import { chunkText } from "./chunk.ts";

test("text is cut at a blank line, else a line, else a space, and nothing of it is lost", () => {
  const words = Array.from({ length: 500 }, (_, i) => `word${i}`).join(" ");

  const chunks = chunkText(words, 100);

  assert.ok(chunks.every((chunk) => chunk.length <= 100));
  assert.equal(chunks.join(" "), words);
  assert.deepEqual(chunkText("first part\n\nsecond part", 20), ["first part", "second part"]);
  assert.deepEqual(chunkText("the first line\nsecond line", 20), ["the first line", "second line"]);
});

test("a fenced block that is cut is closed and opened again with its language", () => {
  const code = Array.from({ length: 40 }, (_, i) => `  line(${i});`).join("\n");
  const text = `Look:\n\n\`\`\`ts\n${code}\n\`\`\`\n\nThat was it.`;

  const chunks = chunkText(text, 120);

  assert.ok(chunks.length > 3);
  for (const chunk of chunks) {
    assert.ok(chunk.length <= 120, chunk);
    assert.equal((chunk.match(/^```/gm) ?? []).length % 2, 0, chunk);
  }
  assert.ok(chunks.slice(1, -1).every((chunk) => chunk.startsWith("```ts\n")));
  const lines = chunks.flatMap((chunk) => chunk.split("\n")).filter((line) => line.startsWith("  line("));
  assert.deepEqual(lines.join("\n"), code);
});

test("characters are never torn, however long the text without a space is", () => {
  const family = "👨‍👩‍👧‍👦";
  const text = family.repeat(30);

  for (const limit of [11, 12, 25, 50]) {
    const chunks = chunkText(text, limit);

    assert.equal(chunks.join(""), text);
    for (const chunk of chunks) assert.equal(chunk.length % family.length, 0);
  }
});

test("lines are bounded where a network counts them, and paragraphs are preferred when asked", () => {
  const text = Array.from({ length: 50 }, (_, i) => `${i}`).join("\n");

  const chunks = chunkText(text, 4_000, { lines: 17 });

  assert.ok(chunks.every((chunk) => chunk.split("\n").length <= 17));
  assert.equal(chunks.join("\n"), text);
  assert.deepEqual(chunkText("a\n\nb b b b b b b b b b", 20, { mode: "newline" }), ["a", "b b b b b b b b b b"]);
});

test("any text at any limit comes to an end within its bounds", () => {
  const alphabet = ["a", " ", "\n", "\n\n", "\n```\n", "(", ")", "word", "😀"];
  let seed = 7;
  const random = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
  for (let round = 0; round < 400; round++) {
    const text = Array.from({ length: 60 }, () => alphabet[Math.floor(random() * alphabet.length)]).join("");
    const limit = 4 + Math.floor(random() * 40);

    const chunks = chunkText(text, limit);

    assert.ok(
      chunks.every((chunk) => chunk.length <= limit),
      JSON.stringify({ text, limit, chunks }),
    );
    const letters = (value: string) => value.replaceAll(/[\s`~]/g, "");
    assert.equal(letters(chunks.join("")), letters(text), JSON.stringify({ text, limit, chunks }));
  }
});
