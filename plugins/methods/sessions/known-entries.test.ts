import assert from "node:assert/strict";
import { test } from "node:test";
import { Sources, TakenIds } from "./known-entries.ts";

test("an id that is taken is never given again, and foreign ones are in nobody's way", () => {
  const ids = new TakenIds();
  const given = new Set<string>();
  ids.add("no id of ours");

  for (let count = 0; count < 2_000; count++) {
    const id = ids.fresh();
    assert.match(id, /^[0-9a-f]{8}$/);
    assert.equal(given.has(id), false);
    given.add(id);
    ids.add(id);
  }
});

test("a source is found under the entry it was set to last, also one of another form", () => {
  const sources = new Sources();

  sources.set("one", "000000ff");
  sources.set("two", "of-another-form");
  sources.set("three", "00000000");
  sources.set("one", "0000abcd");
  sources.set("two", "00000001");
  sources.set("four", "of-another-form");

  assert.equal(sources.get("one"), "0000abcd");
  assert.equal(sources.get("two"), "00000001");
  assert.equal(sources.get("three"), "00000000");
  assert.equal(sources.get("four"), "of-another-form");
  assert.equal(sources.get("five"), undefined);
});

test("only the newest sources are known", () => {
  const sources = new Sources();
  const idOf = (n: number) => (n % 3 === 0 ? `foreign-${n}` : n.toString(16).padStart(8, "0"));

  for (let n = 0; n < 2_000; n++) sources.set(`work-${n}/answer`, idOf(n));

  for (let n = 0; n < 2_000; n++) {
    assert.equal(sources.get(`work-${n}/answer`), n < 2_000 - 512 ? undefined : idOf(n));
  }
});
