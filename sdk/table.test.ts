import assert from "node:assert/strict";
import { test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import { table } from "./table.ts";

test("what strangers call themselves neither leaves its cell nor colours it", () => {
  const rows = [
    { name: "x\u001b[31mred\nPaired (0)", id: "1" },
    { name: "plain", id: "2" },
  ];

  const [header, first, second, ...more] = table(rows, ["name", "id"]).split("\n");

  assert.equal(stripVTControlCharacters(header ?? ""), "NAME                  ID");
  assert.equal(first, "x\uFFFD[31mred Paired (0)  1");
  assert.equal(second, "plain                 2");
  assert.deepEqual(more, []);
});

test("what does not fit a terminal goes on below itself, and nothing is lost", () => {
  const rows = [
    { id: "a", text: "one two three four five" },
    { id: "b", text: "x".repeat(20) },
    { id: "c", text: "short" },
  ];

  const lines = stripVTControlCharacters(table(rows, ["id", "text"], 20)).split("\n");
  const unbroken = stripVTControlCharacters(table(rows, ["id", "text"], 12)).split("\n");

  assert.deepEqual(lines, [
    "ID  TEXT",
    "a   one two three",
    "    four five",
    `b   ${"x".repeat(16)}`,
    "    xxxx",
    "c   short",
  ]);
  assert.equal(unbroken.length, 4);
});
