import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { RULES } from "../../sdk/testing/kit/rules/index.ts";
import { root } from "../support/build.ts";
import { snippetsOf } from "./snippets.ts";

const PAGE = "docs/write-a-channel.md";
const EXAMPLE = "examples/custom-channel";
const MAX_LINES = 100;

test("the parts of the page are the whole example, which the kit runs", () => {
  const parts = snippetsOf(PAGE).filter(({ kind }) => kind === "part");

  for (const file of ["openclaw.plugin.json", "index.ts", "channel.kit.ts"]) {
    const text = readFileSync(join(root, EXAMPLE, file), "utf8");
    const told = parts.filter(({ name }) => name === file.replaceAll(".", "-")).map((part) => part.text);
    assert.equal(told.join("\n"), text, `${PAGE} and ${EXAMPLE}/${file} differ`);
  }
});

test("the channel of the page has fewer than a hundred lines and imports by the name of the package only", () => {
  const text = readFileSync(join(root, EXAMPLE, "index.ts"), "utf8");

  const imports = [...text.matchAll(/from "([^"]+)"/g)].map(([, target]) => target);

  assert.ok(text.split("\n").length <= MAX_LINES);
  assert.deepEqual([...new Set(imports)], ["openclaw/plugin-sdk", "openclaw/plugin-sdk/net"]);
});

test("the page lists every rule of the kit with its grade", () => {
  const page = readFileSync(join(root, PAGE), "utf8");

  const listed = [...page.matchAll(/^\| ([A-Z]\d\d?) +\| (\w+) +\| (.*?) +\|$/gm)].map(([, ...cells]) => cells);

  assert.deepEqual(
    listed,
    RULES.map(({ id, grade, title }) => [id, grade, title]),
  );
});
