import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { userIdOf } from "./people.ts";
import { parseTarget } from "./target.ts";

suite("targets", () => {
  const forms = {
    "41": ["41", undefined],
    "-1001234": ["-1001234", undefined],
    "tg:41": ["41", undefined],
    "group:-1001": ["-1001", undefined],
    "-1001:topic:9": ["-1001", "9"],
    "-1001:9": ["-1001", "9"],
    "@news_room": ["@news_room", undefined],
    "t.me/news_room": ["@news_room", undefined],
    "https://t.me/news_room/5?x": ["@news_room", undefined],
  } as const;
  for (const [raw, [to, threadId]] of Object.entries(forms)) {
    test(`${raw} is an address`, () => {
      const target = parseTarget(raw);

      assert.ok(target.ok);
      assert.deepEqual([target.to, target.threadId], [to, threadId]);
    });
  }

  test("anything else is none", () => {
    for (const raw of ["ann", "@a", "--5", "41:topic:", "4 1", "t.me/", "https://evil.example/t.me/x"])
      assert.equal(parseTarget(raw).ok, false, raw);
  });
});

test("only ids are people: names can be taken over", () => {
  assert.deepEqual(["41", "tg:41", "telegram: 41", " 41 "].map(userIdOf), ["41", "41", "41", "41"]);
  assert.deepEqual(
    ["@ann", "ann", "-1001", "41x", ""].map(userIdOf),
    Array.from({ length: 5 }, () => undefined),
  );
});
