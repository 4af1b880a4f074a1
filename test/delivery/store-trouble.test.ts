import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { eventually } from "openclaw/plugin-sdk/testing";
import { labConfig, startLab } from "./lab-gateway.ts";
import type { Lab } from "./lab-gateway.ts";

/** So long nothing can be written: longer than one write waits for its turn. */
const LOCKED_MS = 2_500;

/** Another program keeps the store to itself for a while. */
async function whileLocked(lab: Lab): Promise<void> {
  const other = new DatabaseSync(join(lab.gateway.stateDir, "openclaw.sqlite"), { timeout: 5_000 });
  other.exec("BEGIN IMMEDIATE");
  await delay(LOCKED_MS);
  other.exec("ROLLBACK");
  other.close();
}

test("a delivery whose attempt cannot be recorded is sent when the store can be written again, once (R-48)", async () => {
  await using lab = await startLab({});
  await lab.script({ outcome: "not_sent", retryable: true, reason: "busy", retryAfterMs: 300 });
  const params = { channel: "lab", to: "ann", message: "hello", idempotencyKey: "k1" };
  const sending = lab.client.request<{ messageId?: string }>("send", params, { timeoutMs: 30_000 });
  await lab.sends(1);

  await whileLocked(lab);

  await sending;
  await lab.ended("k1", "sent");
  assert.deepEqual(
    (await lab.sent()).map(({ outcome }) => outcome),
    ["not_sent", "sent"],
  );
});

test("a message whose turn cannot be recorded waits for the store, and is answered once", async () => {
  await using lab = await startLab({ allowFrom: ["ann"], debounceMs: 400 });
  await lab.says({ id: "w1", text: "hello" });
  await lab.says({ id: "w2", text: "again" });

  await whileLocked(lab);

  assert.equal((await lab.ended("w2", "done")).deliveries.length, 1);
  assert.equal((await lab.trace("w1")).state, "merged");
  assert.equal((await lab.sends(1)).length, 1);
});

test("a channel that lies about what it did never makes a tight loop, a lost entry or a second copy", async () => {
  await using lab = await startLab({});
  const send = (key: string) =>
    lab.client.request<{ status?: string; messageId?: string }>(
      "send",
      { channel: "lab", to: key, message: "hello", idempotencyKey: key },
      { timeoutMs: 30_000 },
    );
  await lab.script({ outcome: "maybe" });
  assert.equal((await send("k1")).status, "unknown");
  await lab.script({ outcome: "not_sent", retryable: true, reason: "soon", retryAfterMs: -5 }, { outcome: "sent" });
  await send("k2");
  await lab.ended("k2", "sent");

  const soon = { outcome: "not_sent", retryable: true, reason: "soon", retryAfterMs: 0.001 };
  await lab.script(...Array.from({ length: 500 }, () => soon));
  const before = (await lab.sent()).length;
  void send("k3").catch(() => undefined);
  await delay(1_500);
  const attempts = (await lab.sent()).length - before;

  assert.ok(attempts > 0 && attempts < 20, `${attempts} attempts`);
  assert.match((await lab.trace("k1")).explanation, /the channel did not say what became of it/);
});

test("with too little room nothing new is taken in, which is told, and what was taken in goes on (R-48)", async () => {
  await using lab = await startLab({ allowFrom: ["ann"] });
  const room = (store: object) => lab.gateway.writeConfig(labConfig({ allowFrom: ["ann"] }, { store }));
  const accounts = async () => {
    type Account = { readonly running: boolean; readonly paused?: string };
    type Status = { channelAccounts: { lab: readonly Account[] }; issues: readonly { message: string }[] };
    const { channelAccounts, issues } = await lab.client.request<Status>("channels.status", {});
    return { account: channelAccounts.lab[0], issues: issues.map(({ message }) => message) };
  };

  room({ minFreeBytes: Number.MAX_SAFE_INTEGER });
  const closed = await eventually("intake closes", async () => {
    const now = await accounts();
    return now.account?.paused !== undefined && now;
  });

  assert.equal(closed.account?.running, true);
  assert.match(String(closed.account?.paused), /^no new messages are taken in: \d+ MB left on the disk/);
  assert.ok(closed.issues.includes(closed.account?.paused as string));
  await assert.rejects(lab.says({ id: "w1", text: "hello" }), {
    code: "UNAVAILABLE",
    message: /^no new messages are taken in: /,
  });
  const params = { channel: "lab", to: "ann", message: "still here", idempotencyKey: "k1" };
  assert.equal((await lab.client.request<{ status?: string }>("send", params)).status, undefined);
  await eventually("the gateway is not ready", async () => {
    const { status, body } = await fetch(`${lab.gateway.url.replace("ws", "http")}/readyz`);
    await body?.cancel();
    return status === 503;
  });

  room({});
  await eventually("intake opens", async () => (await accounts()).account?.paused === undefined);
  await lab.says({ id: "w1", text: "hello" });
  await lab.ended("w1", "done");
});
