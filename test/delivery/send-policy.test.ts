import assert from "node:assert/strict";
import { test } from "node:test";
import { startLab } from "./lab-gateway.ts";
import type { Lab } from "./lab-gateway.ts";

const BLOCKED = { code: "INVALID_REQUEST", message: "send blocked by session policy" };

let keys = 0;

interface Final {
  readonly status: string;
  readonly result: { readonly delivery?: { readonly status: string; readonly queueId: string } };
}

function agent(lab: Lab, params: object): Promise<Final> {
  return lab.client.request<Final>(
    "agent",
    { message: "hello", sessionKey: "main", idempotencyKey: `agent-${++keys}`, ...params },
    { onAccepted: () => undefined, timeoutMs: 20_000 },
  );
}

test("where session.sendPolicy denies, agent and send are refused before anything is kept, and a channel's message has its end", async () => {
  const session = { sendPolicy: { rules: [{ action: "deny", match: { channel: "lab", chatType: "group" } }] } };
  await using lab = await startLab({ groupPolicy: "open", allowFrom: ["ann"] }, { session });
  const sessionKey = "agent:main:lab:group:g1";

  await assert.rejects(agent(lab, { sessionKey, idempotencyKey: "a1" }), BLOCKED);
  const send = { channel: "lab", to: "g1", message: "hello", idempotencyKey: "s1" };
  await assert.rejects(lab.client.request("send", { ...send, sessionKey }), BLOCKED);
  await lab.says({ id: "c1", text: "hello", chatType: "group", chatId: "g1", mentioned: true });

  const refused = await lab.ended("c1", "refused");
  assert.match(refused.explanation, /session\.sendPolicy/);
  await assert.rejects(lab.trace("a1"), /no message, run or delivery is called a1/);
  assert.deepEqual(await lab.sent(), []);
  await lab.client.request("sessions.patch", { key: sessionKey, sendPolicy: "allow" });
  assert.equal((await agent(lab, { sessionKey })).status, "ok");
});

test("agent with deliver resolves its target as send does, and refuses what nobody can reach", async () => {
  await using lab = await startLab({ allowFrom: ["ann"], defaultAccount: "work", accounts: { home: {}, work: {} } });
  const deliver = { deliver: true, channel: "lab" };

  const final = await agent(lab, { ...deliver, to: "lab:ann" });

  assert.equal(final.result.delivery?.status, "sent");
  const [sent] = await lab.sent();
  assert.deepEqual([sent?.to, sent?.accountId], ["ann", "work"]);
  await assert.rejects(agent(lab, { ...deliver, to: "ann", accountId: "gone" }), {
    code: "INVALID_REQUEST",
    message: 'unknown account "gone" of Lab; it has work, home',
  });
  await assert.rejects(agent(lab, { deliver: true, channel: "whatsapp", to: "1" }), /unsupported channel: whatsapp/);
  await assert.rejects(agent(lab, deliver), /deliver on lab needs a target/);
  await assert.rejects(agent(lab, { deliver: true, to: "ann" }), /deliver to a target needs its channel/);
});

test("agent delivers to where the session's last message came from when nothing else is said", async () => {
  await using lab = await startLab({ allowFrom: ["ann"] });
  await assert.rejects(agent(lab, { deliver: true, channel: "last" }), /no message has come to this session/);
  await lab.says({ id: "m1", text: "hello" });
  await lab.ended("m1", "done");

  const final = await agent(lab, { deliver: true });

  assert.equal(final.result.delivery?.status, "sent");
  assert.deepEqual(
    (await lab.sends(2)).map(({ to }) => to),
    ["ann", "ann"],
  );
});
