import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
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
