import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { eventually } from "openclaw/plugin-sdk/testing";
import { startLab } from "./lab-gateway.ts";
import type { Lab } from "./lab-gateway.ts";

const RELOADED = ["store", "sessions", "messaging", "chat", "agents", "webchat", "offline"];
const SAID = 15;
/** What is refused while a plugin is replaced is asked again, as networks and clients do. */
const AGAIN_MS = 30;

async function talk(lab: Lab, from: string): Promise<void> {
  for (let number = 0; number < SAID; number++) {
    const said = { id: `${from}-${number}`, text: `number ${number}`, from };
    while (!(await lab.says(said).catch(() => undefined))) await delay(AGAIN_MS);
  }
}

async function chat(lab: Lab, sessionKey: string): Promise<void> {
  for (let number = 0; number < SAID; number++) {
    const params = { sessionKey, message: `number ${number}`, idempotencyKey: `${sessionKey}-${number}` };
    const ask = () => lab.client.request<{ status: string }>("chat.send", params).catch(() => undefined);
    while ((await ask())?.status !== "ok") await delay(AGAIN_MS);
  }
}

test("while store, sessions, messaging, chat, agents and models are reloaded in turn, everything is answered once and in order", async () => {
  await using lab = await startLab(
    { dmPolicy: "open", allowFrom: ["*"] },
    { session: { dmScope: "per-peer" }, messages: { flood: false } },
  );
  let isClosed = false;
  lab.client.on("disconnected", () => (isClosed = true));
  const other = await lab.gateway.client();
  const people = ["ann", "bob", "eve"];
  const [chats, talks] = [["c1", "c2"], people];
  let isOver = false;
  const failed: unknown[] = [];
  const reloading = (async () => {
    for (let round = 0; !isOver; round++) {
      const id = RELOADED[round % RELOADED.length] as string;
      const outcome = await other.request<{ ok: boolean }>("plugins.reload", { id }, { timeoutMs: 30_000 });
      if (!outcome.ok) failed.push(outcome);
    }
  })();

  await Promise.all([...talks.map((from) => talk(lab, from)), ...chats.map((key) => chat(lab, key))]);
  isOver = true;
  await reloading;

  const sent = await lab.sends(SAID * people.length);
  const numbers = Array.from({ length: SAID }, (_, number) => String(number));
  assert.deepEqual(failed, []);
  assert.equal(isClosed, false);
  for (const person of people) {
    const heard = sent.filter(({ to }) => to === person).map(({ payload }) => /number (\d+)/.exec(payload.text)?.[1]);
    assert.deepEqual(heard, numbers, person);
  }
  for (const sessionKey of chats) {
    const { messages } = await lab.client.request<{ messages: { role: string }[] }>("chat.history", { sessionKey });
    assert.deepEqual(
      messages.map(({ role }) => role),
      numbers.flatMap(() => ["user", "assistant"]),
      sessionKey,
    );
  }
});

test("an attempt that outlives its generation is neither made again nor called unknown", async () => {
  const traits = { lookBack: { outcome: "not_sent", retryable: true, reason: "it is not there" } };
  await using lab = await startLab({ traits });
  // Longer than a generation waits for what it is sending.
  await lab.script({ outcome: "sent", messageId: "slow", afterMs: 4_500 });
  const params = { channel: "lab", to: "ann", message: "a long upload", idempotencyKey: "slow" };
  const sending = lab.client.request("send", params, { timeoutMs: 20_000 }).catch((error: unknown) => error);
  await eventually("it is on its way", async () => (await deliveryOf(lab, "slow")).state === "attempting");

  await lab.client.request("plugins.reload", { id: "messaging" }, { timeoutMs: 30_000 });
  await eventually("it has its end", async () => (await deliveryOf(lab, "slow")).state !== "attempting", 20_000);
  await lab.client.request("send", { ...params, message: "the next", idempotencyKey: "next" }, { timeoutMs: 20_000 });
  await sending;

  const sent = await lab.sends(2);
  const { state, deliveries } = await deliveryOf(lab, "slow");
  assert.deepEqual([state, deliveries[0]?.attempts], ["sent", 1]);
  assert.deepEqual(
    sent.map(({ payload }) => payload.text),
    ["a long upload", "the next"],
  );
});

interface Delivery {
  readonly state: string;
  readonly deliveries: readonly { readonly attempts: number }[];
}

function deliveryOf({ client }: Lab, id: string): Promise<Delivery> {
  return client.request<Delivery>("trace.get", { id });
}
