import assert from "node:assert/strict";
import { test } from "node:test";
import { applyHunks } from "./patch.ts";

const hunk = (before: readonly string[], after: readonly string[]) => ({
  anchor: undefined,
  before,
  after,
  atEnd: false,
});

test("the lines of a hunk are found among many that are like them, exactly first and else without blanks at the end", () => {
  for (const text of ["a\na\nb\na\na\na\nb", "a\nb\na\nb\na\nc", "x \ny\t\nz", "a\na\na"]) {
    const lines = text.split("\n");
    for (let from = 0; from < lines.length; from++) {
      for (let to = from + 1; to <= lines.length; to++) {
        const wanted = lines.slice(from, to);
        const at = lines.findIndex((_, start) => wanted.every((line, index) => lines[start + index] === line));
        const expected = lines.toSpliced(at, wanted.length, "new").join("\n");
        assert.equal(applyHunks(text, [hunk(wanted, ["new"])], "f"), expected);
      }
    }
  }
  assert.equal(applyHunks("x \ny\t\nz", [hunk(["x", "y"], ["new"])], "f"), "new\nz");
  assert.throws(() => applyHunks("a\na", [hunk(["a", "b"], ["c"])], "f"), /change 1 of f does not fit/);
});

test("a hunk of thousands of lines in a file of a million equal ones is looked for in one go", () => {
  const text = "a\n".repeat(1_000_000);
  const many = Array.from({ length: 5_000 }, () => "a");

  assert.throws(() => applyHunks(text, [hunk([...many, "z"], ["x"])], "big.txt"), /does not fit/);
  assert.ok(applyHunks(text, [hunk(many, ["x"])], "big.txt").startsWith("x\na\n"));
  const hunks = Array.from({ length: 100 }, () => hunk(["nowhere"], ["x"]));
  assert.throws(() => applyHunks(text, hunks, "big.txt"), /100 changes are too many for big.txt/);
});
