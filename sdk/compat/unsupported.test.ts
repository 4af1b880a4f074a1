import assert from "node:assert/strict";
import { test } from "node:test";
import { unsupported, UnsupportedError, withAbsent } from "./unsupported.ts";

type Loose = Record<string, (...args: unknown[]) => unknown>;

function fresh() {
  const called: string[] = [];
  const refuse = (name: string) => {
    called.push(name);
    return new UnsupportedError(name, "acme");
  };
  return { called, refuse };
}

test("what is absent can be read, bound, destructured and extended; only calling it throws", () => {
  const { called, refuse } = fresh();
  const media = unsupported("media", refuse) as { save?: Loose[string] } & (new () => object);

  const { save } = media;
  const bound = save?.bind(null);
  class Extended extends media {}

  assert.deepEqual(called, []);
  assert.throws(() => bound?.("x"), { code: "PLUGIN_UNSUPPORTED", name: "UnsupportedError" });
  assert.throws(() => new Extended(), /media is not available in this gateway \(plugin acme\)/);
  assert.throws(() => save?.call(null), /media\.save is not available/);
  assert.deepEqual(called, ["media.save", "media", "media.save"]);
});

test("what is known stays itself, and the same absent name is the same value", () => {
  const { refuse } = fresh();
  const known = { lamp: () => "on" };

  const part = withAbsent(known, "api.", refuse) as typeof known & Record<string, unknown>;

  assert.equal(part.lamp(), "on");
  assert.equal(part["door"], part["door"]);
  assert.deepEqual(["lamp" in part, "door" in part, Object.keys(part)], [true, false, ["lamp"]]);
});

test("it is no promise and no JSON", async () => {
  const { refuse } = fresh();
  const part = withAbsent({ lamp: 1 }, "api.", refuse);

  assert.equal(await part, part);
  assert.equal(JSON.stringify({ part, absent: unsupported("x", refuse) }), '{"part":{"lamp":1}}');
});
