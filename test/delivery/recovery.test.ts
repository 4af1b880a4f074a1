import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { eventually } from "openclaw/plugin-sdk/testing";
import { startLab } from "./lab-gateway.ts";

interface Queue {
  readonly out: readonly { readonly id: string; readonly state: string }[];
}

/** A home whose gateway went while a message was being sent. Resolves with the id of that delivery. */
async function cutOff(path: string, traits: object): Promise<string> {
  await using lab = await startLab({ traits }, {}, path);
  await lab.script({ hang: true });
  const params = { channel: "lab", to: "ann", message: "hello", idempotencyKey: "k1" };
  lab.client.request("send", params).catch(() => undefined);
  for (;;) {
    const { out } = await lab.client.request<Queue>("queue.list", { state: "attempting" });
    if (out[0]) return out[0].id;
  }
}

test("a delivery that was cut off is unknown, repeated or looked up, as the network allows", async () => {
  const cases: [object, string, number][] = [
    [{}, "unknown", 0],
    [{ repeatsSafely: true }, "sent", 1],
    [{ lookBack: { outcome: "sent", messageId: "it-was-there" } }, "sent", 0],
    [{ lookBack: { outcome: "not_sent", retryable: true, reason: "it is not there" } }, "sent", 1],
    [{ lookBack: { outcome: "unknown", reason: "history is too short" } }, "unknown", 0],
  ];
  await Promise.all(
    cases.map(async ([traits, state, sends]) => {
      const path = mkdtempSync(join(tmpdir(), "openclaw-cut-"));
      try {
        const id = await cutOff(path, traits);
        await using lab = await startLab({ traits }, {}, path);

        await lab.ended(id, state);

        const sent = await lab.sent();
        assert.deepEqual(
          sent.map((one) => one.id),
          Array.from({ length: sends }, () => id),
          JSON.stringify(traits),
        );
        const again = await lab.client.request<{ status?: string; messageId?: string }>("send", {
          channel: "lab",
          to: "ann",
          message: "hello",
          idempotencyKey: "k1",
        });
        assert.equal(again.status === "unknown", state === "unknown");
      } finally {
        rmSync(path, { recursive: true, force: true });
      }
    }),
  );
});

test("messages go through once each and in order while their channel and messaging are reloaded", async () => {
  await using lab = await startLab(
    { dmPolicy: "open", allowFrom: ["*"] },
    { session: { dmScope: "per-peer" }, messages: { flood: false } },
  );
  let closed = false;
  lab.client.on("disconnected", () => (closed = true));
  const talk = async (from: string) => {
    for (let i = 0; i < 15; i++) {
      // What the network is not told to have arrived, it delivers again.
      await eventually(
        `${from} ${i} is taken`,
        () => lab.says({ id: `${from}-${i}`, from, text: `note ${i}` }),
        20_000,
      );
    }
  };
  const reloads = async () => {
    for (const id of ["lab", "messaging", "lab", "store", "lab"]) await lab.client.request("plugins.reload", { id });
  };

  await Promise.all([talk("ann"), talk("bob"), talk("eve"), reloads()]);
  const sent = await lab.sends(45);

  assert.equal(sent.length, 45);
  for (const from of ["ann", "bob", "eve"]) {
    const notes = sent.filter(({ to }) => to === from).map(({ payload }) => /note \d+/.exec(payload.text)?.[0]);
    assert.deepEqual(
      notes,
      Array.from({ length: 15 }, (_, i) => `note ${i}`),
    );
  }
  assert.equal(closed, false);
});
