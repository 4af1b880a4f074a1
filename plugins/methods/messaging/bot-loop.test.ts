import assert from "node:assert/strict";
import { test } from "node:test";
import { BotLoop } from "./bot-loop.ts";

test("a bot that says more than twenty things a minute is not heard for a minute; others are", () => {
  let now = 0;
  const loop = new BotLoop(() => now);

  const heard = Array.from({ length: 25 }, () => loop.admits("beep"));

  assert.deepEqual(heard.indexOf(false), 20);
  assert.equal(loop.admits("boop"), true);
  now = 59_000;
  assert.equal(loop.admits("beep"), false);
  now = 61_000;
  assert.equal(loop.admits("beep"), true);
});

test("one that speaks slowly is heard for ever", () => {
  let now = 0;
  const loop = new BotLoop(() => now);
  for (let i = 0; i < 100; i++, now += 3_100) assert.equal(loop.admits("beep"), true);
});
