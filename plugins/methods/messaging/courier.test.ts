import assert from "node:assert/strict";
import { test } from "node:test";
import type { OutboxEntry } from "openclaw/plugin-sdk";
import { Courier } from "./courier.ts";
import type { CourierParts } from "./courier.ts";

const ENTRY: OutboxEntry = {
  id: "entry",
  address: { channel: "toy", accountId: "default", to: "ann" },
  payload: { text: "hello" },
  state: "pending",
  attempt: 0,
  createdAt: Date.now(),
  updatedAt: Date.now(),
  nextAttemptAt: Date.now(),
};

/** A courier for an account that is not there. `saved` is called while something is written down. */
function courier(stopping: AbortSignal, saved: () => void): Courier {
  const parts = {
    gateway: { log: { error: () => undefined }, settings: { get: () => undefined } },
    channels: { ready: () => false, get: async () => undefined, onReady: () => () => undefined },
    entries: {
      get: async () => ENTRY,
      async save(entry: OutboxEntry, change: Partial<OutboxEntry>) {
        saved();
        return { ...entry, ...change };
      },
    },
    media: {},
    stopping,
    finish: async () => undefined,
  };
  // As much of them as a delivery comes to see that waits.
  return new Courier(parts as unknown as CourierParts);
}

test("a delivery that waits for its account lets go also when the stop comes while that is written down", async () => {
  const stop = new AbortController();
  const active = { entry: ENTRY, isAttempting: false, dropped: new AbortController() };

  await courier(stop.signal, () => stop.abort()).deliver(active);

  assert.equal(active.entry.state, "pending", "whoever comes next takes it up");
});
