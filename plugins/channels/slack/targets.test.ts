import assert from "node:assert/strict";
import { test } from "node:test";
import { parseTarget, personId } from "./targets.ts";

const names: Readonly<Record<string, readonly string[]>> = {
  "channel general": ["C1"],
  "user ann": ["U1"],
  "user two": ["U1", "U2"],
};
const parse = (raw: string) => parseTarget(raw, async (name, kind) => names[`${kind} ${name}`] ?? []);

const targets: Readonly<Record<string, string>> = {
  C0123: "channel:C0123",
  D0123: "channel:D0123",
  G0123: "channel:G0123",
  U0123: "user:U0123",
  " channel:C0123 ": "channel:C0123",
  "#C0123": "channel:C0123",
  "<#C0123|general>": "channel:C0123",
  "user:W0123": "user:W0123",
  "<@U0123>": "user:U0123",
  "<@U0123|ann>": "user:U0123",
  "@U0123": "user:U0123",
  // To a person, however it is put.
  "channel:U0123": "user:U0123",
  "#general": "channel:C1",
  "channel:general": "channel:C1",
  "channel:#general": "channel:C1",
  "@ann": "user:U1",
  "user:@ann": "user:U1",
};

for (const [raw, to] of Object.entries(targets)) {
  test(`${JSON.stringify(raw)} is ${to}`, async () => {
    const target = await parse(raw);
    assert.equal(target.ok && target.to, to);
  });
}

test("what is no target says why", async () => {
  for (const [raw, reason] of [
    ["general", /neither an id nor the name/],
    ["#", /neither an id nor the name/],
    ["#nowhere", /no channel of that name/],
    ["@nobody", /no person of that name/],
    ["@two", /2 have that name: write user:<id>, one of U1, U2/],
  ] as const) {
    const target = await parse(raw);
    assert.match(target.ok ? "" : target.error, reason, raw);
  }
});

test("entries of allowlists are ids, in whatever form and letters, and no names", () => {
  for (const entry of ["U0123", "user:U0123", "slack:U0123", "<@U0123>", "<@U0123|ann>", "u0123"])
    assert.equal(personId(entry), "U0123", entry);
  for (const entry of ["@ann", "ann", "ann@example.org", "C0123", "#general", "*", ""])
    assert.equal(personId(entry), undefined, entry);
});
