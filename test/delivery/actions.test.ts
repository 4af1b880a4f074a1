import assert from "node:assert/strict";
import { test } from "node:test";
import { startLab } from "./lab-gateway.ts";
import type { Lab } from "./lab-gateway.ts";

interface Shown {
  readonly what: string;
  readonly messageId?: string;
  readonly emoji?: string;
  readonly payload?: { readonly text: string };
  readonly [field: string]: unknown;
}

const ALL = { media: true, reactions: true, edit: true, delete: true };

async function shown({ client }: Lab): Promise<Shown[]> {
  const { shown: all } = await client.request<{ shown: Shown[] }>("lab.shown", {});
  return all.filter(({ what }) => what !== "typing" && what !== "read");
}

function act(lab: Lab, action: string, params: object): Promise<{ readonly messageId: string }> {
  const place = { channel: "lab", to: "ann", idempotencyKey: `${action}-1` };
  return lab.client.request(`message.${action}`, { ...place, ...params });
}

test("what was sent last is changed, reacted to and taken back, once per key", async () => {
  await using lab = await startLab({ traits: { capabilities: { ...ALL, reply: true }, limits: { text: 40 } } });
  for (const [index, to] of ["ann", "ann", "bob"].entries()) {
    const idempotencyKey = `send-${index}`;
    await lab.client.request("send", { channel: "lab", to, message: `message ${index}`, idempotencyKey });
  }

  const note = { channel: "lab", to: "ann", message: "sh", threadId: "7", replyToId: "41", silent: true };
  await lab.client.request("send", { ...note, idempotencyKey: "quiet" });
  const { threadId, payload } = (await lab.sent()).at(-1) ?? {};
  assert.deepEqual([threadId, payload], ["7", { text: "sh", silent: true, replyToId: "41" }]);

  const changed = await act(lab, "edit", { message: "second thoughts", threadId: "7" });
  await act(lab, "edit", { message: "second thoughts", threadId: "7" });
  await act(lab, "react", { messageId: "theirs", emoji: "👍" });
  const gone = await act(lab, "delete", { to: "lab:bob" });

  assert.deepEqual([changed.messageId, gone.messageId], ["lab-4", "lab-3"]);
  assert.deepEqual(
    (await shown(lab)).map(({ what, messageId, emoji, payload }) => [what, messageId, emoji ?? payload?.text]),
    [
      ["edit", "lab-4", "second thoughts"],
      ["reaction", "theirs", "👍"],
      ["delete", "lab-3", undefined],
    ],
  );
  await assert.rejects(act(lab, "edit", { message: "others" }), {
    message: "idempotency key was used with other parameters",
  });
  const long = { message: "word ".repeat(20), idempotencyKey: "long" };
  await assert.rejects(act(lab, "edit", long), { message: "the text is longer than one message of Lab" });
  const nobody = { to: "carl", idempotencyKey: "carl" };
  await assert.rejects(act(lab, "delete", nobody), {
    message: "no message of ours to carl is known on lab; give messageId",
  });
  const failing = { messageId: "x", emoji: "throw", idempotencyKey: "throw" };
  await assert.rejects(act(lab, "react", failing), {
    code: "UNAVAILABLE",
    message: /the reaction was refused: .*no such emoji/,
  });
});

test("a network that cannot do it is named with what it cannot do", async () => {
  await using lab = await startLab({ traits: { capabilities: { media: true } } });
  const message = { messageId: "1", message: "x", emoji: "x" };

  for (const [action, feature] of [
    ["react", "reactions"],
    ["edit", "edit"],
    ["delete", "delete"],
  ] as const) {
    const { messageId, message: text, emoji } = message;
    const params = { messageId, ...(action === "edit" && { message: text }), ...(action === "react" && { emoji }) };
    await assert.rejects(act(lab, action, params), {
      code: "INVALID_REQUEST",
      message: `Lab does not support ${feature}`,
    });
  }
  await assert.rejects(act(lab, "delete", { channel: "pigeon" }), { message: "unsupported channel: pigeon" });
  assert.deepEqual(await shown(lab), []);
});

test("an account is linked by whichever channel can do that, and begins anew when it is", async () => {
  await using lab = await startLab({ traits: { login: "LAB-CODE" } });
  const wait = () => lab.client.request("web.login.wait", {});

  const offer = await lab.client.request("web.login.start", { force: true, timeoutMs: 1_000 });
  const first = await wait();
  const second = await wait();

  const place = { channel: "lab", accountId: "default" };
  assert.deepEqual(offer, { message: "scan it", qr: "LAB-CODE", ...place });
  assert.deepEqual(
    [first, second],
    [
      { connected: false, message: "nobody came yet", ...place },
      { connected: true, message: "linked", ...place },
    ],
  );
  assert.deepEqual(await lab.client.request("lab.starts", {}), { starts: ["default", "default"] });
  const reached = await shown(lab);
  assert.deepEqual(reached[0]?.["options"], { timeoutMs: 1_000, force: true });
  await assert.rejects(lab.client.request("web.login.start", { channel: "webchat" }), {
    message: "channel webchat has no login",
  });
});

test("without a channel that can, there is no login", async () => {
  await using lab = await startLab({});

  await assert.rejects(lab.client.request("web.login.start", {}), {
    code: "INVALID_REQUEST",
    message: "web login provider is not available",
  });
});
