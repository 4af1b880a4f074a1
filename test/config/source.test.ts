import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { readSource } from "openclaw/plugin-sdk/config";
import type { Source } from "openclaw/plugin-sdk/config";
import { createWorkshop } from "../plugins/workshop.ts";

/** Reads `openclaw.json` among these files. */
function read(files: Record<string, string>, env: Record<string, string> = {}): Source & { readonly folder: string } {
  using shop = createWorkshop();
  shop.write(files);
  return { ...readSource(join(shop.folder, "openclaw.json"), env), folder: shop.folder };
}

/** What is wrong, without the folder that the files lay in. */
function problems({ issues, folder }: ReturnType<typeof read>): string[] {
  return issues.map(({ path, message }) => `${path}: ${message}`.replaceAll(`${folder}/`, ""));
}

test("JSON5 in all its forms is read, a byte order mark included", () => {
  const source = read({
    "openclaw.json": `\uFEFF// comment
      { unquoted: 'single', "trailing": [1, 2,], hex: 0xff, plus: +1, more: "line \\
one", /* block */ nested: { deep: null, yes: true }, }`,
  });

  assert.deepEqual(source.issues, []);
  assert.deepEqual(source.parsed, {
    unquoted: "single",
    trailing: [1, 2],
    hex: 255,
    plus: 1,
    more: "line one",
    nested: { deep: null, yes: true },
  });
});

test("the hash is that of the file's bytes, and of the includes where there are any", () => {
  const sha = (text: string) => createHash("sha256").update(text).digest("hex");
  const text = "\uFEFF{ a: 1 } // ü";

  assert.equal(read({ "openclaw.json": text }).hash, sha(text));
  const one = read({ "openclaw.json": `{ a: { $include: "./a.json5" } }`, "a.json5": "1" });
  const two = read({ "openclaw.json": `{ a: { $include: "./a.json5" } }`, "a.json5": "2" });
  assert.notEqual(one.hash, two.hash);
});

const INCLUDES: readonly { name: string; files: Record<string, string>; value: unknown }[] = [
  {
    name: "replaces the object that holds it",
    files: { "openclaw.json": `{ a: { $include: "./a.json5" } }`, "a.json5": "[1, 2]" },
    value: { a: [1, 2] },
  },
  {
    name: "is relative to the file that includes",
    files: {
      "openclaw.json": `{ a: { $include: "./deep/a.json5" } }`,
      "deep/a.json5": `{ b: { $include: "./b.json5" }, c: { $include: "../c.json5" } }`,
      "deep/b.json5": "'b'",
      "c.json5": "'c'",
    },
    value: { a: { b: "b", c: "c" } },
  },
  {
    name: "of several files merges deeply, the later wins, lists replace",
    files: {
      "openclaw.json": `{ a: { $include: ["./one.json5", "./two.json5"] } }`,
      "one.json5": `{ x: { y: 1, z: 1 }, list: [1, 2] }`,
      "two.json5": `{ x: { z: 2 }, list: [3] }`,
    },
    value: { a: { x: { y: 1, z: 2 }, list: [3] } },
  },
  {
    name: "yields to what stands beside it",
    files: { "openclaw.json": `{ a: { $include: "./a.json5", x: { z: 3 } } }`, "a.json5": `{ x: { y: 1, z: 1 } }` },
    value: { a: { x: { y: 1, z: 3 } } },
  },
  {
    name: "of lists alone makes one list",
    files: {
      "openclaw.json": `{ both: [{ $include: "./one.json5" }, { $include: "./two.json5" }], same: { $include: ["./one.json5", "./two.json5"] } }`,
      "one.json5": "[1]",
      "two.json5": "[2, 3]",
    },
    value: { both: [1, 2, 3], same: [1, 2, 3] },
  },
  {
    name: "may stand at the root",
    files: { "openclaw.json": `{ $include: "./all.json5" }`, "all.json5": `{ gateway: { mode: "local" } }` },
    value: { gateway: { mode: "local" } },
  },
  {
    name: "of the same file twice is no cycle",
    files: { "openclaw.json": `{ a: { $include: "./x.json5" }, b: { $include: "./x.json5" } }`, "x.json5": "1" },
    value: { a: 1, b: 1 },
  },
];

for (const { name, files, value } of INCLUDES) {
  test(`$include ${name}`, () => {
    const source = read(files);

    assert.deepEqual(problems(source), []);
    assert.deepEqual(source.parsed, value);
  });
}

const WRONG_INCLUDES: readonly { name: string; files: Record<string, string>; problem: RegExp }[] = [
  {
    name: "that is not there",
    files: { "openclaw.json": `{ a: { $include: "./gone.json5" } }` },
    problem: /^a: included file gone\.json5 does not exist$/,
  },
  {
    name: "of a directory",
    files: { "openclaw.json": `{ a: { $include: "./dir" } }`, "dir/x": "" },
    problem: /^a: included file dir is not a file$/,
  },
  {
    name: "of itself, over others",
    files: { "openclaw.json": `{ a: { $include: "./a.json5" } }`, "a.json5": `{ b: { $include: "./openclaw.json" } }` },
    problem: /^a\.b: include cycle: openclaw\.json -> a\.json5 -> openclaw\.json$/,
  },
  {
    name: "that does not parse, naming the file and the place",
    files: { "openclaw.json": `{ a: { $include: "./a.json5" } }`, "a.json5": "{\n  x: }" },
    problem: /^: JSON5: invalid character '}' at 2:6$/,
  },
  {
    name: "that is no path",
    files: { "openclaw.json": `{ a: { $include: 5 } }` },
    problem: /^a: \$include must be a path or a list of paths$/,
  },
  {
    name: "of a list beside other keys",
    files: { "openclaw.json": `{ a: { $include: "./a.json5", b: 1 } }`, "a.json5": "[1]" },
    problem: /^a: \$include must give objects, to be merged with others$/,
  },
  {
    name: "that is too large",
    files: { "openclaw.json": `{ a: { $include: "./a.json5" } }`, "a.json5": `"${"x".repeat(1_100_000)}"` },
    problem: /^: a\.json5 is larger than 1 MiB$/,
  },
];

for (const { name, files, problem } of WRONG_INCLUDES) {
  test(`an $include ${name} is told`, () => {
    const [first = "", ...others] = problems(read(files));

    assert.match(first, problem);
    assert.deepEqual(others, []);
  });
}

test("includes may nest ten deep and no deeper", () => {
  const chain = (depth: number) =>
    Object.fromEntries(
      Array.from({ length: depth + 1 }, (_, n) => [
        n === 0 ? "openclaw.json" : `${n}.json5`,
        n === depth ? `{ end: true }` : `{ a: { $include: "./${n + 1}.json5" } }`,
      ]),
    );

  assert.deepEqual(problems(read(chain(10))), []);
  assert.match(problems(read(chain(11))).join(), /includes nested deeper than 10/);
});

test("an included file that others can write is refused with the command that mends it", () => {
  using shop = createWorkshop();
  const path = shop.write({ "a.json5": "1" });
  shop.write({ "openclaw.json": `{ a: { $include: "./a.json5" } }` });
  chmodSync(path, 0o666);

  const { issues } = readSource(join(shop.folder, "openclaw.json"), {});

  assert.match(issues[0]?.message ?? "", /can be written by others; run: chmod o-w /);
});

test("${NAME} stands for the environment, several times in a text, in included files too; $${NAME} stays", () => {
  const source = read(
    {
      "openclaw.json": `{ a: "\${ONE}", b: "x\${ONE}y\${TWO_2}z", c: "$\${ONE}", d: "\${lower} $ONE \${}", e: { $include: "./e.json5" }, "\${ONE}": 1, list: ["\${TWO_2}"] }`,
      "e.json5": `{ f: "\${ONE}" }`,
    },
    { ONE: "1", TWO_2: "2" },
  );

  assert.deepEqual(source.issues, []);
  assert.deepEqual(source.resolved, {
    a: "1",
    b: "x1y2z",
    c: "${ONE}",
    d: "${lower} $ONE ${}",
    e: { f: "1" },
    "${ONE}": 1,
    list: ["2"],
  });
  assert.equal((source.parsed as { a: string }).a, "${ONE}");
});

test("a variable that is missing or empty is told with the path that refers to it", () => {
  const source = read({ "openclaw.json": `{ a: { b: ["\${GONE}"] }, c: "\${EMPTY}" }` }, { EMPTY: "" });

  assert.deepEqual(problems(source), [
    'a.b.0: Missing env var "GONE" referenced at config path: a.b.0',
    'c: Missing env var "EMPTY" referenced at config path: c',
  ]);
});

test("what could reach a prototype, nests too deep, is too large or not UTF-8 is refused", () => {
  const deep = `{ a: ${"[".repeat(70)}${"]".repeat(70)} }`;

  assert.match(
    problems(read({ "openclaw.json": `{ a: { "__proto__": { x: 1 } } }` })).join(),
    /a: key "__proto__" is not allowed/,
  );
  assert.match(problems(read({ "openclaw.json": `{ constructor: 1 }` })).join(), /key "constructor" is not allowed/);
  assert.match(problems(read({ "openclaw.json": deep })).join(), /nested deeper than 64 levels/);
  assert.match(problems(read({ "openclaw.json": `"${"x".repeat(4_200_000)}"` })).join(), /larger than 4 MiB/);
  assert.match(problems(read({ "openclaw.json": "[1]" })).join(), /must be an object/);
  using shop = createWorkshop();
  writeFileSync(join(shop.folder, "openclaw.json"), Buffer.from([0x7b, 0xff, 0x7d]));
  assert.match(readSource(join(shop.folder, "openclaw.json"), {}).issues[0]?.message ?? "", /cannot read/);
  mkdirSync(join(shop.folder, "folder.json"));
  assert.match(readSource(join(shop.folder, "folder.json"), {}).issues[0]?.message ?? "", /EISDIR/);
});

test("a file that is missing or empty is no configuration, and nothing is wrong", () => {
  const missing = read({});
  const empty = read({ "openclaw.json": "" });

  assert.deepEqual([missing.exists, missing.parsed, missing.issues], [false, {}, []]);
  assert.deepEqual([empty.exists, empty.parsed, empty.issues], [true, {}, []]);
});
