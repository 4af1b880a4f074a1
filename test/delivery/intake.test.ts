import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually } from "openclaw/plugin-sdk/testing";
import { modelConfig, startFakeOpenAi } from "../fakes/openai-server.ts";
import { startLab } from "./lab-gateway.ts";
import type { Lab } from "./lab-gateway.ts";

const OPEN = { dmPolicy: "open", allowFrom: ["*"] };

test("a message that comes again is one message; an edit of it is another event", async () => {
  await using lab = await startLab(OPEN);

  const first = await lab.says({ id: "m1", text: "hello" });
  const repeats = await Promise.all(Array.from({ length: 10 }, () => lab.says({ id: "m1", text: "hello" })));
  await lab.says({ id: "m1", text: "hello there", kind: "edit", revision: "2" });
  await lab.says({ id: "m1", text: "hello", from: "bob" });

  assert.equal(first.duplicate, false);
  assert.ok(repeats.every(({ duplicate }) => duplicate));
  const sent = await lab.sends(3);
  assert.deepEqual(sent.map(({ to }) => to).toSorted(), ["ann", "ann", "bob"]);
});

test("200 conversations talk at once over two accounts: each is answered once, in order, at its own address", async () => {
  await using lab = await startLab({ ...OPEN, accounts: { one: {}, two: {} } }, { session: { dmScope: "per-peer" } });
  const conversations = Array.from({ length: 200 }, (_, i) => ({ from: `p${i}`, accountId: i % 2 ? "one" : "two" }));

  for (const turn of [1, 2]) {
    await lab.allSay(
      conversations.map(({ from, accountId }) => ({
        id: `${from}-${turn}`,
        from,
        accountId,
        text: `note ${turn} of ${from}`,
        threadId: `t-${from}`,
      })),
    );
  }

  const sent = await lab.sends(400, 40_000);
  assert.equal(sent.length, 400);
  for (const { from, accountId } of conversations) {
    const own = sent.filter(({ to }) => to === from);
    assert.deepEqual(
      own.map(({ payload }) => /note \d of p\d+/.exec(payload.text)?.[0]),
      [1, 2].map((turn) => `note ${turn} of ${from}`),
    );
    assert.ok(own.every((one) => one.accountId === accountId && one.threadId === `t-${from}`));
  }
});

test("more than a conversation may hold in memory waits on disk, and everything is answered in order", async () => {
  await using model = await startFakeOpenAi();
  let finish = () => {};
  model.scripts.push((reply) => {
    reply.text("first");
    return new Promise<void>((resolve) => {
      finish = () => {
        reply.end();
        resolve();
      };
    });
  });
  await using lab = await startLab(OPEN, { ...modelConfig(model), messages: { flood: false } });
  for (let i = 0; i < 80; i++) await lab.says({ id: `f${i}`, text: `number ${i}` });
  const { counts } = await lab.client.request<{ counts: Record<string, number> }>("queue.list", {});

  assert.deepEqual([counts["incoming"], counts["deferred"]], [80, 30]);
  finish();
  await lab.sends(80);

  const asked = model.requests.map(({ body }) => JSON.stringify(body.messages.at(-1)?.content));
  assert.deepEqual(
    asked.map((text) => Number(/number (\d+)/.exec(text)?.[1])),
    Array.from({ length: 80 }, (_, i) => i),
  );
  const trace = await lab.trace("f79");
  assert.ok(trace.timeline.some(({ event }) => event === "deferred"));
});

test("quick texts become one turn; each of them has an end that names it", async () => {
  await using lab = await startLab({ ...OPEN, debounceMs: 300 });
  await lab.says({ id: "d1", text: "one" });
  await lab.says({ id: "d2", text: "two" });
  await lab.says({ id: "d3", text: "hello three" });

  const last = await lab.ended("d3", "done");
  const first = await lab.ended("d1", "merged");

  assert.match(first.explanation, new RegExp(`part of message ${last.id}`));
  assert.equal((await lab.sends(1)).length, 1);
  const { messages } = await lab.client.request<{ messages: { content: { text: string }[] }[] }>("chat.history", {
    sessionKey: "main",
  });
  assert.match(messages[0]?.content[0]?.text ?? "", /one\ntwo\nhello three$/);
  await lab.says({ id: "d4", text: "wait for it" });
  await lab.says({ id: "d5", text: "/whoami" });
  await lab.ended("d5", "done");
  await lab.ended("d4", "done");
});

test("bindings choose the agent, the most specific first, and identity links join one person's ids", async () => {
  const agents = { list: [{ id: "main", default: true }, { id: "home" }, { id: "work" }] };
  const bindings = [
    { agentId: "work", match: { channel: "lab", accountId: "*" } },
    { agentId: "home", match: { channel: "lab", peer: { kind: "dm", id: "ANN" } } },
    { agentId: "ghost", match: { channel: "lab", peer: { kind: "group", id: "g1" } } },
    { agentId: "home", match: { channel: "lab", guildId: "G" } },
  ];
  const session = { dmScope: "per-channel-peer", identityLinks: { bobby: ["lab:bob"] } };
  await using lab = await startLab(
    { ...OPEN, groupPolicy: "open", groups: { "*": { requireMention: false } } },
    { agents, bindings, session },
  );
  const table: [object, string][] = [
    [{ from: "ann" }, "agent:home:lab:direct:ann"],
    [{ from: "bob" }, "agent:work:lab:direct:bobby"],
    [{ chatType: "group", chatId: "g1" }, "agent:main:lab:group:g1"],
    [{ chatType: "group", chatId: "A/b%", threadId: "9" }, "agent:work:lab:group:a%2fb%25:thread:9"],
    [{ chatType: "channel", chatId: "t1", parentChatId: "c1", guildId: "G" }, "agent:home:lab:channel:c1:thread:t1"],
  ];
  for (const [index, [facts, key]] of table.entries()) {
    await lab.says({ id: `r${index}`, text: "hello", ...facts });
    assert.equal((await lab.trace(`r${index}`)).sessionKey, key);
  }
  const row = await eventually("the session remembers its way", async () => {
    const { sessions } = await lab.client.request<{
      sessions: { key: string; lastChannel?: string; lastTo?: string }[];
    }>("sessions.list", {});
    return sessions.find(({ key, lastTo }) => key === "agent:home:lab:direct:ann" && lastTo !== undefined);
  });
  assert.deepEqual([row.lastChannel, row.lastTo], ["lab", "ann"]);
});

test("stop ends what runs and what waits, says how many, and does not wait for them", async () => {
  await using model = await startFakeOpenAi();
  model.scripts.push((reply) => reply.text("endless"));
  await using lab = await startLab(OPEN, modelConfig(model));
  await lab.says({ id: "s1", text: "one" });
  await eventually("the model is asked", () => model.requests.length === 1);
  await lab.says({ id: "s2", text: "two" });
  await lab.says({ id: "s3", text: "Stop" });

  await eventually("the answer", async () =>
    (await lab.sent()).some(({ payload }) => payload.text === "Stopped 2 runs."),
  );
  assert.match((await lab.ended("s2", "interrupted")).explanation, /stopped before there was an answer/);
  await lab.says({ id: "s4", text: "three" });
  await lab.ended("s4", "done");
});

test("health is not ready while an accepted message does not move, and says which", async () => {
  await using model = await startFakeOpenAi();
  model.scripts.push((reply) => reply.text("endless"));
  await using lab = await startLab(OPEN, { ...modelConfig(model), messages: { stuckAfterMs: 500 } });
  await lab.says({ id: "h1", text: "hello" });

  const health = await eventually("health tells", async () => {
    const report = await healthOf(lab);
    return report.ready === false && report;
  });

  const { id } = await lab.trace("h1");
  assert.equal(health.ok, false);
  assert.ok(health.issues.some(({ message }) => message.includes(`see openclaw trace ${id}`)));
  await lab.says({ id: "h2", text: "/stop" });
  await eventually("it is well again", async () => (await healthOf(lab)).ready === true);
});

test("the operator drops and retries messages, and what was answered is not answered twice", async () => {
  await using model = await startFakeOpenAi();
  model.scripts.push((reply) => reply.fail(400, "no"));
  await using lab = await startLab(OPEN, modelConfig(model));
  await lab.says({ id: "q1", text: "hello" });
  const failed = await lab.ended("q1", "failed");
  const before = (await lab.sends(1)).length;

  await lab.client.request("queue.retry", { id: failed.id });

  const done = await lab.ended("q1", "done");
  assert.ok(done.timeline.some(({ event }) => event === "retried"));
  assert.equal((await lab.sends(before + 1)).length, before + 1);
  await assert.rejects(lab.client.request("queue.retry", { id: failed.id }), /nothing is answered twice/);
  await assert.rejects(lab.client.request("queue.drop", { id: failed.id }), /has ended as done/);
  await assert.rejects(lab.trace("nothing"), { message: "no message, run or delivery is called nothing" });
});

interface Health {
  readonly ok: boolean;
  readonly ready: boolean;
  readonly issues: readonly { readonly message: string }[];
}

function healthOf({ client }: Lab): Promise<Health> {
  return client.request<Health>("health", { probe: true });
}
