import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { eventually } from "openclaw/plugin-sdk/testing";
import { startLab } from "./lab-gateway.ts";
import type { Lab } from "./lab-gateway.ts";

interface Answer {
  readonly runId: string;
  readonly messageId?: string;
  readonly status?: string;
  readonly queueId?: string;
}

function send(lab: Lab, key: string, more: object = {}): Promise<Answer> {
  return lab.client.request<Answer>(
    "send",
    { channel: "lab", to: "ann", message: "hello", idempotencyKey: key, ...more },
    { timeoutMs: 30_000 },
  );
}

test("a failure is tried again under the same id, the network's wait is honoured, and the trace tells each attempt", async () => {
  await using lab = await startLab({});
  await lab.script(
    { outcome: "not_sent", retryable: true, reason: "line busy" },
    { outcome: "not_sent", retryable: true, reason: "slow down", retryAfterMs: 400 },
  );
  const startedAt = performance.now();

  const answer = await send(lab, "k1");

  const sent = await lab.sent();
  assert.ok(answer.messageId);
  assert.ok(performance.now() - startedAt >= 400);
  assert.equal(new Set(sent.map(({ id }) => id)).size, 1);
  assert.deepEqual(
    sent.map(({ outcome }) => outcome),
    ["not_sent", "not_sent", "sent"],
  );
  const trace = await lab.trace("k1");
  assert.deepEqual(
    trace.timeline.map(({ event }) => event),
    ["to send", "attempt", "attempt", "attempt", "receipt"],
  );
  assert.match(trace.explanation, /It was sent to ann on lab/);
});

test("a refusal for good is told to the caller and listed; nothing is sent later unless the operator asks", async () => {
  await using lab = await startLab({});
  await lab.script({ outcome: "not_sent", retryable: false, reason: "no such chat" });

  await assert.rejects(send(lab, "k1"), { code: "UNAVAILABLE", message: "Error: no such chat" });
  await assert.rejects(send(lab, "k1"), { code: "UNAVAILABLE", message: "Error: no such chat" });

  const { out, counts } = await queue(lab);
  assert.equal(counts["dead"], 1);
  assert.equal(out[0]?.reason, "no such chat");
  assert.equal((await lab.sent()).length, 1);
  const id = out[0]?.id ?? "";
  await lab.client.request("queue.retry", { id });
  await lab.sends(2);
  assert.equal((await lab.ended(id, "sent")).state, "sent");
  await assert.rejects(lab.client.request("queue.retry", { id }), { message: `${id} was sent; nothing is sent twice` });
  await assert.rejects(lab.client.request("queue.show", { id: "nobody" }), { message: /unknown queue id: nobody/ });
});

test("an outcome nobody can know is held and reported; the rest of the text and of the queue goes on", async () => {
  await using lab = await startLab({ textChunkLimit: 20 });
  await lab.script({ fail: "connection reset" });

  const answer = await send(lab, "k1");
  await send(lab, "k2");

  assert.deepEqual({ ...answer, queueId: "" }, { runId: "k1", status: "unknown", queueId: "", channel: "lab" });
  const trace = await lab.trace(answer.queueId ?? "");
  assert.match(trace.explanation, /Nobody can know whether it arrived: Error: connection reset/);
  assert.deepEqual(
    (await lab.sent()).map(({ payload }) => payload.text),
    ["hello"],
  );
  await lab.client.request("queue.drop", { id: answer.queueId });
  assert.equal((await queue(lab)).counts["unknown"], 0);
});

test("a network that tells repeats is asked again after a lost answer; one that can be asked is asked first", async () => {
  await using safe = await startLab({ traits: { repeatsSafely: true } });
  await safe.script({ fail: "reset" });
  assert.ok((await send(safe, "k1")).messageId);

  await using found = await startLab({ traits: { lookBack: { outcome: "sent", messageId: "found-1" } } });
  await found.script({ fail: "reset" });
  assert.equal((await send(found, "k1")).messageId, "found-1");
  assert.equal((await found.sent()).length, 0);

  await using missing = await startLab({
    traits: { lookBack: { outcome: "not_sent", retryable: true, reason: "it is not there" } },
  });
  await missing.script({ fail: "reset" });
  assert.ok((await send(missing, "k1")).messageId);
  assert.equal((await missing.sent()).length, 1);
});

test("order is kept to one target, another target does not wait, and parts after a lost part are not sent", async () => {
  await using lab = await startLab({ textChunkLimit: 10 });
  await lab.script(
    { outcome: "not_sent", retryable: true, reason: "busy", retryAfterMs: 1_000 },
    { outcome: "sent", messageId: "other" },
  );
  const first = send(lab, "k1", { message: "one" });
  await lab.sends(1);
  const second = send(lab, "k2", { message: "two" });
  assert.equal((await send(lab, "k3", { to: "bob", message: "for bob" })).messageId, "other");
  await Promise.all([first, second]);
  assert.deepEqual(
    (await lab.sent()).map(({ payload }) => payload.text),
    ["one", "for bob", "one", "two"],
  );

  await lab.script({ outcome: "not_sent", retryable: false, reason: "forbidden" });
  await assert.rejects(send(lab, "k4", { message: "aaaa bbbb cccc dddd" }), /part 1 of 2 was not sent/);
  assert.equal((await lab.sent()).length, 5);
});

test("ten requests at once with one key are one effect and ten equal answers, and so is one after a restart", async () => {
  await using home = homeFor();
  {
    await using lab = await startLab({}, {}, home.path);
    const answers = await Promise.all(Array.from({ length: 10 }, () => send(lab, "same")));
    assert.equal(new Set(answers.map((one) => JSON.stringify(one))).size, 1);
    assert.equal((await lab.sent()).length, 1);
    await assert.rejects(send(lab, "same", { message: "other" }), {
      code: "INVALID_REQUEST",
      message: "idempotency key was used with other parameters",
    });
  }
  await using lab = await startLab({}, {}, home.path);
  assert.equal((await send(lab, "same")).messageId, "lab-1");
  assert.equal((await lab.sent()).length, 0);
  await assert.rejects(send(lab, "same", { to: "bob" }), { message: "idempotency key was used with other parameters" });

  const agent = (message: string) =>
    lab.client.request("agent", { message, agentId: "main", idempotencyKey: "a" }, { onAccepted: () => undefined });
  await agent("hello");
  await assert.rejects(agent("bye"), { message: "idempotency key was used with other parameters" });
});

test("what is asked of a network that it cannot do is refused with its name", async () => {
  const traits = { capabilities: { media: false, poll: true }, limits: { pollOptions: 3 } };
  await using lab = await startLab({ traits, accounts: { work: {}, home: {} } });
  const poll = (options: string[], more: object = {}) =>
    lab.client.request("poll", {
      channel: "lab",
      to: "ann",
      question: "tea?",
      options,
      idempotencyKey: options.join(),
      ...more,
    });

  await assert.rejects(send(lab, "k1", { mediaUrl: "https://example.org/a.png" }), {
    message: "Lab does not support media",
  });
  await assert.rejects(send(lab, "k2", { accountId: "gone" }), {
    message: 'unknown account "gone" of Lab; it has home, work',
  });
  await assert.rejects(send(lab, "k3", { to: "lab: " }), { message: "Lab requires a target" });
  await assert.rejects(poll(["a", "b", "c", "d"]), { message: "Lab takes at most 3 poll options" });
  await assert.rejects(poll(["a", "b"], { channel: "webchat" }), { message: "unsupported poll channel: webchat" });
  await assert.rejects(poll(["a"]), { code: "INVALID_REQUEST" });

  await poll(["yes", "no"]);
  await send(lab, "k4", { to: "LAB:41" });

  const sent = await lab.sent();
  assert.deepEqual(sent[0]?.payload.poll, { question: "tea?", options: ["yes", "no"] });
  assert.deepEqual([sent[1]?.to, sent[1]?.accountId], ["41", "home"]);
});

test("a waiting delivery can be dropped, and is not sent then", async () => {
  await using lab = await startLab({});
  await lab.script({ outcome: "not_sent", retryable: true, reason: "away", retryAfterMs: 600_000 });
  const sending = send(lab, "k1");
  const [waiting] = await eventually("it waits", async () => {
    const { out } = await queue(lab);
    return out.length === 1 && out[0]?.state === "pending" && out[0].attempts === 1 && out;
  });

  await lab.client.request("queue.drop", { id: waiting?.id });

  await assert.rejects(sending, { message: "Error: dropped by the operator" });
  assert.ok((await send(lab, "k2")).messageId);
});

test("what is sent for a session is written into its transcript once", async () => {
  await using lab = await startLab({});
  await send(lab, "k1", { sessionKey: "main", message: "the bill is paid" });
  await send(lab, "k1", { sessionKey: "main", message: "the bill is paid" });

  const { messages } = await lab.client.request<{ messages: { content: { text: string }[] }[] }>("chat.history", {
    sessionKey: "main",
  });
  assert.deepEqual(
    messages.map(({ content }) => content[0]?.text),
    ["the bill is paid"],
  );
});

interface Queue {
  readonly counts: Readonly<Record<string, number>>;
  readonly out: readonly {
    readonly id: string;
    readonly state: string;
    readonly reason?: string;
    readonly attempts: number;
  }[];
}

function queue(lab: Lab): Promise<Queue> {
  return lab.client.request<Queue>("queue.list", {});
}

function homeFor(): AsyncDisposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), "openclaw-lab-"));
  return { path, [Symbol.asyncDispose]: async () => rmSync(path, { recursive: true, force: true }) };
}
