import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { eventually } from "openclaw/plugin-sdk/testing";
import { ANN, privateText } from "../fakes/telegram-updates.ts";
import { startTelegram } from "./telegram-gateway.ts";

const TOKEN = "hook-token-0123456789";

test("a webhook, a job and a heartbeat reach a chat of Telegram, each once", async () => {
  await using bench = await startTelegram({
    telegram: { dmPolicy: "allowlist", allowFrom: [ANN.id] },
    rest: { hooks: { enabled: true, token: TOKEN } },
  });
  const { client, fake, gateway, model } = bench;
  await bench.connected();
  // A heartbeat goes to where somebody wrote last.
  fake.push(privateText(ANN, "hello"));
  await bench.sends(1);
  /** What the chat is sent while the model answers with this. */
  const told = async (answer: string, ask: () => Promise<unknown>) => {
    model.otherwise = (reply) => {
      reply.text(answer);
      reply.end();
    };
    await ask();
    const sent = await eventually(answer, () => {
      const calls = fake.calls.filter(({ method, params }) => method === "sendMessage" && params["text"] === answer);
      return calls.length > 0 && calls;
    });
    return sent.map(({ params }) => String(params["chat_id"]));
  };
  const wake = (path: string, body: object) =>
    fetch(`http://127.0.0.1:${gateway.port}/hooks/${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });

  const hooked = await told("The parcel is there.", () =>
    wake("agent", { message: "x", channel: "telegram", to: String(ANN.id), wakeMode: "next-heartbeat" }),
  );
  const planned = await told("Good morning.", async () => {
    const { id } = await client.request<{ id: string }>("cron.add", {
      name: "morning",
      schedule: { kind: "every", everyMs: 3_600_000 },
      payload: { kind: "agentTurn", message: "greet" },
      delivery: { mode: "announce", channel: "telegram", to: String(ANN.id) },
      wakeMode: "next-heartbeat",
    });
    await client.request("cron.run", { id });
  });
  writeFileSync(join(gateway.stateDir, "workspace", "HEARTBEAT.md"), "- say what is on\n");
  const beaten = await told("Look at the stove.", () => wake("wake", { text: "the stove is on", mode: "now" }));

  assert.deepEqual([hooked, planned, beaten], [["41"], ["41"], ["41"]]);
});
