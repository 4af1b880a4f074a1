import assert from "node:assert/strict";
import { test } from "node:test";
import { Gather } from "./gather.ts";
import type { Incoming } from "./parse.ts";

function part(id: number, text: string, more: Partial<Incoming> = {}): Incoming {
  return { messageId: String(id), text, sender: { id: "41" }, chatType: "direct", chatId: "41", ...more };
}

function photo(ref: string): Partial<Incoming> {
  return { media: [{ kind: "image", ref, status: "pending" }] };
}

function collect() {
  const accepted: Incoming[] = [];
  const gather = new Gather((envelope) => Promise.resolve(void accepted.push(envelope)));
  return { accepted, gather };
}

test("an album is one message with all its pictures and the caption, once it is whole", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { accepted, gather } = collect();

  const taken = [
    gather.take(part(1, "look", photo("a")), "album"),
    gather.take(part(2, "", photo("b")), "album"),
    gather.take(part(3, "", photo("c")), "album"),
  ];
  assert.equal(accepted.length, 0);
  t.mock.timers.tick(500);
  await Promise.all(taken);

  assert.equal(accepted.length, 1);
  assert.deepEqual([accepted[0]?.messageId, accepted[0]?.text], ["1", "look"]);
  assert.deepEqual(accepted[0]?.messageIds, ["1", "2", "3"]);
  assert.deepEqual(
    accepted[0]?.media?.map(({ ref }) => ref),
    ["a", "b", "c"],
  );
  // One of them delivered again is known.
  await gather.take(part(2, "", photo("b")), "album");
  t.mock.timers.tick(500);
  assert.equal(accepted.length, 1);
});

test("a text that was cut is whole again, and a short part ends the wait", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { accepted, gather } = collect();

  const taken = [
    gather.take(part(1, "a".repeat(4_096))),
    gather.take(part(2, "b".repeat(4_096))),
    gather.take(part(3, "c")),
  ];
  await Promise.all(taken);

  assert.equal(accepted.length, 1);
  assert.equal(accepted[0]?.text.length, 8_193);
});

test("what does not continue a text lets it go first, so that order is kept", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { accepted, gather } = collect();

  const taken = [gather.take(part(1, "a".repeat(4_096))), gather.take(part(5, "something else"))];
  await Promise.all(taken);

  assert.deepEqual(
    accepted.map(({ messageId }) => messageId),
    ["1", "5"],
  );
});

test("no more is put together than fifty thousand characters, in at most twelve parts", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { accepted, gather } = collect();

  const long = Array.from({ length: 13 }, (_, index) => gather.take(part(index + 1, "x".repeat(4_096))));
  t.mock.timers.tick(1_500);
  await Promise.all(long);

  assert.deepEqual(
    accepted.map(({ text }) => text.length / 4_096),
    [12, 1],
  );
});

test("people do not wait for each other", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { accepted, gather } = collect();

  const held = gather.take(part(1, "a".repeat(4_096)));
  await gather.take(part(2, "hi", { sender: { id: "42" } }));

  assert.deepEqual(
    accepted.map(({ text }) => text),
    ["hi"],
  );
  t.mock.timers.tick(1_500);
  await held;
});

test("what is held when the account stops is not kept, so it is not acknowledged", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { accepted, gather } = collect();

  const held = gather.take(part(1, "", photo("a")), "album");
  gather.close();

  await assert.rejects(held, /has stopped/);
  await assert.rejects(gather.take(part(2, "x")), /has stopped/);
  assert.equal(accepted.length, 0);
});

test("a whole that could not be kept fails each of its parts", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const gather = new Gather(() => Promise.reject(new Error("disk full")));

  const taken = [gather.take(part(1, "", photo("a")), "x"), gather.take(part(2, "", photo("b")), "x")];
  t.mock.timers.tick(500);

  const outcomes = await Promise.allSettled(taken);
  assert.ok(outcomes.every(({ status }) => status === "rejected"));
});
