import assert from "node:assert/strict";
import { test } from "node:test";
import { BACKOFF, Backoff, backoffMs, pause } from "./backoff.ts";

test("pauses grow up to a bound, and a minute of health begins anew", () => {
  const backoff = new Backoff();

  assert.deepEqual(
    [1, 2, 3].map(() => Math.round(backoff.failed(0, 0))),
    [2_000, 3_600, 6_480],
  );
  for (let time = 0; time < 100; time++) backoff.failed(0, 1);
  assert.equal(backoff.failed(0, 1), 30_000);
  backoff.succeeded(1_000);
  assert.equal(backoff.failed(2_000, 1), 30_000);
  backoff.succeeded(3_000);
  assert.equal(backoff.failed(63_000, 0), 2_000);
});

test("failures are forgotten while all is well, not with the first success", () => {
  const backoff = new Backoff({ initialMs: 1_000, maxMs: 10_000, factor: 2, jitter: 0.2 });
  const pauses = Array.from({ length: 6 }, () => backoff.failed(0, 0));

  assert.deepEqual(pauses, [1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
  backoff.succeeded(0);
  assert.equal(backoff.failures, 6);
  backoff.succeeded(60_000);
  assert.equal(backoff.failures, 0);
  assert.equal(backoff.failed(60_001, 1), 1_200);
});

test("a failure that is counted elsewhere has the same pauses, however many there were", () => {
  assert.deepEqual(
    [0, 1, 2, 3, 100_000].map((failures) => Math.round(backoffMs(BACKOFF, failures, 0))),
    [2_000, 2_000, 3_600, 6_480, 30_000],
  );
  assert.equal(backoffMs(BACKOFF, 1, 1), 2_500);
});

test("a pause ends with its signal and leaves nothing behind", async () => {
  const abort = new AbortController();
  const paused = pause(60_000, abort.signal);

  abort.abort();

  await paused;
  await pause(60_000, abort.signal);
});
