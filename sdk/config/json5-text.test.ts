import assert from "node:assert/strict";
import { test } from "node:test";
import JSON5 from "json5";
import {
  duplicateKeys,
  Json5TextError,
  locate,
  locateKey,
  removeValue,
  replaceRoot,
  setValue,
  type Path,
} from "./json5-text.ts";

const SAMPLE = `// our gateway
{
  /* network */
  gateway: { mode: 'local', port: 18789 }, // the default port
  agents: {
    list: [
      { id: 'main' }, // first
      { id: 'ops' }, // second
    ],
    // workspace: '~/elsewhere',
  },
  "my-plugin": {
    "token": "\${TOKEN}" // from the environment
  },
}
`;

test("a scalar is replaced where it stands", () => {
  const text = setValue(SAMPLE, ["gateway", "port"], 19001);

  assert.equal(text, SAMPLE.replace("18789", "19001"));
});

test("a string takes the quotes of the one it replaces", () => {
  assert.equal(setValue("{a: 'x', b: \"y\"}", ["a"], 'it\'s "so"'), '{a: \'it\\\'s "so"\', b: "y"}');
  assert.equal(setValue("{a: 'x', b: \"y\"}", ["b"], 'it\'s "so"'), '{a: \'x\', b: "it\'s \\"so\\""}');
});

test("an equal value leaves every byte as it is", () => {
  const text = "{a: .5, b: +1, c: 0x10, d: Infinity, e: -NaN, f: 'x\\\ny', g: [1,\t2,], h: {i: null}}\r\n\n";

  assert.equal(replaceRoot(text, JSON5.parse(text)), text);
  assert.equal(setValue(text, ["c"], 16), text);
  assert.equal(setValue(text, ["f"], "xy"), text);
  assert.equal(setValue(text, ["h"], { i: null }), text);
});

test("line separators in strings are written as escapes", () => {
  assert.equal(setValue("{a: 'x'}", ["a"], "\u2028\u2029"), "{a: '\\u2028\\u2029'}");
});

test("numbers of every JSON5 spelling can be replaced and written", () => {
  const text = "[.5, +1, 0x10, Infinity, 5., -.5e-3]";

  assert.equal(replaceRoot(text, [1.5, -Infinity, NaN, -0, 1e21, 0]), "[1.5, -Infinity, NaN, -0, 1e+21, 0]");
});

test("a string over several lines is one value", () => {
  assert.equal(setValue("{a: 'one \\\ntwo, // not a comment', b: 1}", ["b"], 2).slice(-5), "b: 2}");
  assert.equal(setValue("{a: 'one \\\r\ntwo'}", ["a"], "x"), "{a: 'x'}");
});

test("a new member goes behind the last one and its comment, in the style of its neighbours", () => {
  const text = setValue(SAMPLE, ["logging"], "debug");

  assert.equal(text, SAMPLE.replace("  },\n}\n", "  },\n  logging: 'debug',\n}\n"));
});

test("a new last member gives the old one its comma before the comment", () => {
  const text = setValue(SAMPLE, ["my-plugin", "limit"], 3);

  assert.match(text, /"token": "\$\{TOKEN\}", \/\/ from the environment\n {4}"limit": 3\n {2}\},/);
});

test("an object on one line stays on one line while it is short", () => {
  const text = setValue(SAMPLE, ["gateway", "auth"], { mode: "token", ports: [1, 2] });

  assert.match(
    text,
    /\n {2}gateway: \{ mode: 'local', port: 18789, auth: \{ mode: 'token', ports: \[1, 2\] \} \}, \/\/ the/,
  );
});

test("an object on one line is broken open when it gets too long", () => {
  const text = setValue(SAMPLE, ["gateway", "auth"], { token: "t".repeat(80) });

  assert.ok(
    text.includes(`  gateway: {
    mode: 'local',
    port: 18789,
    auth: {
      token: '${"t".repeat(80)}'
    }
  }, // the default port`),
    text,
  );
});

test("a line that was long before may grow", () => {
  const text = JSON.stringify({ a: "x".repeat(200) });

  assert.equal(setValue(text, ["b"], { c: 1 }), `${text.slice(0, -1)},"b":{"c":1}}`);
});

test("missing parents are created with the indentation around them", () => {
  const text = setValue("{\n\t'a': 1\n}\n", ["b", "list", 0, "id"], "x");

  assert.equal(text, "{\n\t'a': 1,\n\t'b': {\n\t\t'list': [\n\t\t\t{\n\t\t\t\t'id': 'x'\n\t\t\t}\n\t\t]\n\t}\n}\n");
});

test("keys are bare only where the neighbours are and the key can be", () => {
  const bare = setValue(setValue("{\n  a: 'x',\n}", ["größe"], 1), ["fall-back"], 2);
  const quoted = setValue('{"a": 1}', ["b"], 2);

  assert.equal(bare, "{\n  a: 'x',\n  größe: 1,\n  'fall-back': 2,\n}");
  assert.equal(quoted, '{"a": 1, "b": 2}');
});

test("a key with a letter that json5 does not know yet is quoted", () => {
  const key = String.fromCodePoint(0x31350);

  assert.equal(setValue("{a: 1}", [key], 2), `{a: 1, "${key}": 2}`);
});

test("keys written with escapes or in other scripts are found", () => {
  const text = "{\\u0061b: 1, 'ключ': {\"\\x6B\": 2}}";

  assert.equal(setValue(setValue(text, ["ab"], 3), ["ключ", "k"], 4), "{\\u0061b: 3, 'ключ': {\"\\x6B\": 4}}");
});

test("CRLF and BOM are kept and used for new lines", () => {
  const text = "\uFEFF{\r\n  a: 1, // one\r\n}\r\n";

  assert.equal(setValue(text, ["b"], { c: 2 }), "\uFEFF{\r\n  a: 1, // one\r\n  b: {\r\n    c: 2,\r\n  },\r\n}\r\n");
  assert.equal(setValue("\uFEFF{a: 1}", ["a"], 2), "\uFEFF{a: 2}");
  assert.equal(setValue("\uFEFF", ["a"], 2), '\uFEFF{\n  "a": 2\n}\n');
});

test("a text of nothing but comments is an empty object to write into", () => {
  assert.equal(setValue("", ["a", "b"], 1), '{\n  "a": {\n    "b": 1\n  }\n}\n');
  assert.equal(setValue("// later\n/* more */", ["a"], 1), '// later\n/* more */\n{\n  "a": 1\n}\n');
  assert.equal(replaceRoot("// nothing", {}), "// nothing");
  assert.equal(removeValue("// nothing", ["a"]), "// nothing");
  assert.equal(locate("", []), undefined);
});

test("an empty container is filled, around the comments in it", () => {
  assert.equal(setValue("{}", ["a"], 1), '{\n  "a": 1\n}');
  assert.equal(setValue("{ a: [] }", ["a", 0], 1), "{ a: [1] }");
  assert.equal(setValue("{\n  a: {},\n}", ["a", "b"], 1), "{\n  a: {\n    b: 1,\n  },\n}");
  assert.equal(
    setValue("{\n  a: [\n    // none yet\n  ],\n}", ["a", 0], 1),
    "{\n  a: [\n    // none yet\n    1,\n  ],\n}",
  );
  assert.equal(setValue("{ /* none */ }", ["a"], 1), '{ /* none */ "a": 1 }');
});

test("an element is appended like its neighbours", () => {
  assert.match(
    setValue(SAMPLE, ["agents", "list", 2], { id: "new" }),
    / {6}\{ id: 'ops' \}, \/\/ second\n {6}\{ id: 'new' \},\n {4}\]/,
  );
  assert.equal(setValue("[1, 2,]", [2], 3), "[1, 2, 3,]");
  assert.equal(setValue("[1 /* one */]", [1], 2), "[1 /* one */, 2]");
  assert.equal(setValue("[{\n  a: 1\n}, {\n  a: 2\n}]", [2], { a: 3 }), "[{\n  a: 1\n}, {\n  a: 2\n}, {\n  a: 3\n}]");
});

test("an element further than the end is refused", () => {
  const isRefused = (path: Path) => (error: unknown) =>
    error instanceof Json5TextError && error.message.startsWith(`cannot write ${path.join(".")}: `);

  assert.throws(() => setValue("{a: [1]}", ["a", 2], 3), isRefused(["a", 2]));
  assert.throws(() => setValue("{a: [1]}", ["a", "b"], 3), isRefused(["a", "b"]));
  assert.throws(() => setValue("{}", ["a", 1, "b"], 3), isRefused(["a", 1]));
  // oxlint-disable-next-line no-sparse-arrays
  assert.throws(() => setValue("{}", ["a"], [1, , 3]), isRefused(["a", 1]));
});

test("a path through a scalar is refused", () => {
  assert.throws(() => setValue("{a: 1}", ["a", "b"], 2), /cannot write a\.b: a is neither an object nor an array/);
});

test("values that no text can hold are refused by path, undefined members are left out", () => {
  assert.throws(() => setValue("{}", ["a"], { b: new Date(0) }), /cannot write a\.b: it is not a plain object/);
  assert.throws(() => setValue("{}", ["a"], undefined), /cannot write a: it is undefined/);
  assert.throws(() => setValue("{}", ["a"], [1n]), /cannot write a\.0: it is a bigint/);
  assert.equal(setValue("{a: 1, b: 2}", [], { a: 1, b: undefined }), "{a: 1}");
});

test("only members that differ are touched, so comments between them survive", () => {
  const text = replaceRoot(SAMPLE, {
    gateway: { mode: "remote", port: 18789 },
    agents: { list: [{ id: "main", name: "Main" }, { id: "ops" }] },
    "my-plugin": { token: "${TOKEN}" },
  });

  assert.equal(text, SAMPLE.replace("'local'", "'remote'").replace("{ id: 'main' }", "{ id: 'main', name: 'Main' }"));
});

test("members that are gone are removed and new ones are added in the old style", () => {
  assert.equal(replaceRoot("{\n  a: 'x', // one\n  // two\n  b: 2,\n}", { c: "y" }), "{\n  // two\n  c: 'y',\n}");
});

test("an element taken out of the middle leaves the text of the others alone", () => {
  const text = "[\n  1, // one\n  2, // two\n  3, // three\n]";

  assert.equal(replaceRoot(text, [1, 3]), "[\n  1, // one\n  3, // three\n]");
  assert.equal(replaceRoot("[1, /* b */ 1, 1 /* c */]", [1, 1]), "[1, /* b */ 1]");
  assert.equal(replaceRoot(text, [4]), "[\n  4, // one\n]");
  assert.equal(replaceRoot(text, []), "[]");
});

test("a member is removed with its comma and the comment behind it, not the one above it", () => {
  assert.equal(
    removeValue(SAMPLE, ["gateway"]),
    SAMPLE.replace("  gateway: { mode: 'local', port: 18789 }, // the default port\n", ""),
  );
});

test("first, middle, last and only members can be removed on one line", () => {
  const text = "{ a: 1, b: 2, c: 3 }";

  assert.equal(removeValue(text, ["a"]), "{ b: 2, c: 3 }");
  assert.equal(removeValue(text, ["b"]), "{ a: 1, c: 3 }");
  assert.equal(removeValue(text, ["c"]), "{ a: 1, b: 2 }");
  assert.equal(removeValue("{ a: 1, }", ["a"]), "{}");
  assert.equal(removeValue("{ a: 1, /* about b */ b: 2 }", ["a"]), "{ /* about b */ b: 2 }");
  assert.equal(removeValue("{ a: 1, b: 2 /* two */ }", ["b"]), "{ a: 1 }");
});

test("first, middle, last and only members can be removed over several lines", () => {
  const text = '{\n  "a": 1,\n  "b": 2, // two\n  // three\n  "c": 3\n}\n';

  assert.equal(removeValue(text, ["a"]), '{\n  "b": 2, // two\n  // three\n  "c": 3\n}\n');
  assert.equal(removeValue(text, ["b"]), '{\n  "a": 1,\n  // three\n  "c": 3\n}\n');
  assert.equal(removeValue(text, ["c"]), '{\n  "a": 1,\n  "b": 2 // two\n  // three\n}\n');
  assert.equal(removeValue('{\r\n  "a": 1 // one\r\n}\r\n', ["a"]), "{}\r\n");
  assert.equal(removeValue("[\n  // none\n  1,\n]", [0]), "[\n  // none\n]");
});

test("a line that is removed takes its whole line break along", () => {
  assert.equal(removeValue("{\r\n  a: 1,\r\n  b: 2\r\n}\r\n", ["a"]), "{\r\n  b: 2\r\n}\r\n");
});

test("commas at the start of lines are handled", () => {
  const text = "{ a: 1\n, b: 2\n// three\n, c: 3\n}";

  assert.deepEqual(JSON5.parse(removeValue(text, ["a"])), { b: 2, c: 3 });
  assert.equal(removeValue(text, ["b"]), "{ a: 1\n,\n// three\n c: 3\n}");
  assert.equal(removeValue(text, ["c"]), "{ a: 1\n, b: 2\n// three\n}");
});

test("removing what is not there changes nothing", () => {
  for (const path of [
    ["x"],
    ["gateway", "x"],
    ["gateway", "port", "x"],
    ["agents", "list", 7],
    ["agents", "list", "x"],
  ]) {
    assert.equal(removeValue(SAMPLE, path), SAMPLE);
  }
  assert.throws(() => removeValue(SAMPLE, []), /cannot write the whole document/);
});

test("of equal keys the last is the one that is read and set, and all are removed", () => {
  const text = "{ a: 1, b: 2, a: 3 }";

  assert.equal(setValue(text, ["a"], 4), "{ a: 1, b: 2, a: 4 }");
  assert.equal(removeValue(text, ["a"]), "{ b: 2 }");
});

test("setting twice is setting once", () => {
  const once = setValue(SAMPLE, ["agents", "defaults"], { model: { primary: "a/b" }, tools: ["x"] });

  assert.equal(setValue(once, ["agents", "defaults"], { tools: ["x"], model: { primary: "a/b" } }), once);
});

test("locate and locateKey count lines and columns from one", () => {
  const text = "\uFEFF{ a: [1,\r\n  /* é */ 'b'], c: {\n'd': 5}}";

  assert.deepEqual(locate(text, []), { line: 1, column: 1, start: 1, end: text.length });
  assert.deepEqual(locate(text, ["a", 1]), {
    line: 2,
    column: 11,
    start: text.indexOf("'b'"),
    end: text.indexOf("'b'") + 3,
  });
  assert.deepEqual(locate(text, ["c", "d"]), {
    line: 3,
    column: 6,
    start: text.indexOf("5"),
    end: text.indexOf("5") + 1,
  });
  assert.deepEqual(locateKey(text, ["c", "d"]), {
    line: 3,
    column: 1,
    start: text.indexOf("'d'"),
    end: text.indexOf("'d'") + 3,
  });
  assert.equal(locateKey(text, ["a", 1]), undefined);
  assert.equal(locateKey(text, []), undefined);
  assert.equal(locate(text, ["a", 2]), undefined);
});

test("repeated keys are listed where they are repeated", () => {
  const text = "{ a: 1,\n  list: [{ b: 1, 'b': 2 }],\n  \\u0061: 3 }";

  assert.deepEqual(duplicateKeys(text), [
    { path: ["list", 0, "b"], line: 2, column: 18 },
    { path: ["a"], line: 3, column: 3 },
  ]);
  assert.deepEqual(duplicateKeys(SAMPLE), []);
});

test("keys that reach prototypes are refused in text, path and value", () => {
  for (const key of ["__proto__", "constructor", "prototype"]) {
    const named = new RegExp(`key "${key}" is not allowed`);
    assert.throws(() => locate(`{ a: {\n  "${key}": 1 } }`, ["a"]), named);
    assert.throws(() => setValue("{}", ["a", key], 1), named);
    assert.throws(() => removeValue("{}", [key]), named);
    assert.throws(() => setValue("{}", ["a"], JSON5.parse(`{ "${key}": 1 }`)), named);
  }
  assert.throws(() => duplicateKeys('{ "\\u005f_proto__": 1 }'), { line: 1, column: 3 });
});

test("64 levels are read and written, 65 are not", () => {
  const nested = (levels: number) => "[".repeat(levels) + "]".repeat(levels);
  const path = Array.from({ length: 64 }, () => "a");

  assert.ok(locate(nested(64), []));
  assert.throws(() => locate(nested(65), []), { message: "nested deeper than 64 levels at 1:65", line: 1, column: 65 });
  assert.throws(() => locate("[".repeat(1_000_000), []), /nested deeper/);
  assert.ok(setValue("{}", path, 1));
  assert.throws(() => setValue("{}", path, {}), /nested deeper than 64/);
  assert.throws(() => setValue("{}", [...path, "a"], 1), /nested deeper than 64/);
});

test("what is not JSON5 is refused with its position", () => {
  const faults: [text: string, line: number, column: number][] = [
    ["{ a: 1 b: 2 }", 1, 8],
    ["{ a }", 1, 5],
    ["{\n  a: }", 2, 6],
    ["[1", 1, 3],
    ["[,]", 1, 2],
    ["{} {}", 1, 4],
    ["{ a: 'x }", 1, 6],
    ["/* open", 1, 1],
    ["{ a: 1 /", 1, 8],
  ];
  for (const [text, line, column] of faults) {
    assert.throws(
      () => setValue(text, ["a"], 1),
      (error) => {
        assert.ok(error instanceof Json5TextError);
        assert.deepEqual([error.line, error.column], [line, column], text);
        return true;
      },
    );
  }
  for (const text of ["{ a: tru }", "{ 1a: 1 }", "{ a: 1.2.3 }", "{ a: 'x\ny' }", "{ a: '\\u00' }", "{ '\\u0': 1 }"]) {
    assert.throws(() => setValue(text, ["a"], 1), Json5TextError, text);
  }
});
