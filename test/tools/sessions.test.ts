import assert from "node:assert/strict";
import { test } from "node:test";
import { reachOf } from "../../plugins/tools/tools-sessions/reach.ts";
import type { Envelope, Session, SessionsApi, Settings } from "openclaw/plugin-sdk";
import { eventually } from "openclaw/plugin-sdk/testing";
import { ask } from "../agents/asking.ts";
import { startLab } from "../delivery/lab-gateway.ts";
import type { Lab } from "../delivery/lab-gateway.ts";
import { modelConfig, startFakeOpenAi } from "../fakes/openai-server.ts";
import type { FakeOpenAi } from "../fakes/openai-server.ts";
import { startToolBench } from "./bench.ts";
import type { Used } from "./bench.ts";

const facts = ({ text }: Used) => JSON.parse(text) as Record<string, unknown>;

test("an agent lists its sessions, reads one, and talks to it", async () => {
  await using bench = await startToolBench();
  await bench.say("remember the milk", { sessionKey: "agent:main:shopping" });

  const listed = facts(await bench.use("sessions_list", { messageLimit: 2 }));
  const history = facts(await bench.use("sessions_history", { sessionKey: "agent:main:shopping" }));
  const sent = facts(await bench.use("sessions_send", { sessionKey: "agent:main:shopping", message: "what was it?" }));

  const rows = listed["sessions"] as { key: string; kind: string; messages: { content: string }[] }[];
  assert.deepEqual(
    rows.map(({ key, kind }) => [key, kind]),
    [
      ["agent:main:main", "main"],
      ["agent:main:shopping", "other"],
    ],
  );
  assert.match(rows[1]?.messages[0]?.content ?? "", /remember the milk/);
  assert.match(JSON.stringify(history["messages"]), /remember the milk.*Hello from the fake model/);
  assert.partialDeepStrictEqual(sent, { status: "ok", reply: "Hello from the fake model." });
  const other = bench.model.requests.find(({ body }) => JSON.stringify(body.messages).includes("what was it?"));
  assert.match(JSON.stringify(other?.body.messages), /Message from session agent:main:main of agent main/);
});

test("a session that does not answer in time goes on, one that is not there is named, none talks to itself", async () => {
  await using bench = await startToolBench();
  await bench.say("hello", { sessionKey: "agent:main:slow" });
  let finish = () => {};
  const later = new Promise<void>((resolve) => (finish = resolve));
  bench.model.otherwise = async (reply, { body }) => {
    if (JSON.stringify(body.messages.at(-1)).includes("are you there")) await later;
    reply.text("here");
    reply.end();
  };

  const late = facts(
    await bench.use("sessions_send", { sessionKey: "agent:main:slow", message: "are you there", timeoutSeconds: 1 }),
  );
  const accepted = facts(
    await bench.use("sessions_send", { sessionKey: "agent:main:slow", message: "x", timeoutSeconds: 0 }),
  );
  const none = await bench.use("sessions_send", { sessionKey: "agent:main:nobody", message: "x" });
  const both = await bench.use("sessions_send", { message: "x" });
  const self = facts(await bench.use("sessions_send", { sessionKey: "main", message: "x" }));
  finish();

  assert.equal(late["status"], "timeout");
  assert.equal(accepted["status"], "accepted");
  assert.match(none.text, /No session found: agent:main:nobody/);
  assert.match(both.text, /give either sessionKey or label/);
  assert.equal(self["status"], "forbidden");
});

test("sessions of other agents need tools.agentToAgent, at once when it is set", async () => {
  await using bench = await startToolBench({ agents: { list: [{ id: "main", default: true }, { id: "work" }] } });
  await bench.say("secret plans", { sessionKey: "agent:work:main" });

  const refused = await bench.use("sessions_history", { sessionKey: "agent:work:main" });
  const before = facts(await bench.use("sessions_list"));
  const { hash } = await bench.client.request<{ hash: string }>("config.get", {});
  const raw = '{tools:{agentToAgent:{enabled:true,allow:["main","work"]}}}';
  await bench.client.request("config.patch", { raw, baseHash: hash });
  const read = await bench.use("sessions_history", { sessionKey: "agent:work:main" });

  assert.match(refused.text, /sessions of agent "work" are out of reach; set tools.agentToAgent.enabled/);
  assert.equal(before["count"], 1);
  assert.match(read.text, /secret plans/);
});

test("in a group with others an agent sees only that session and what it has started", async () => {
  const all: Session[] = [
    session("agent:main:main"),
    session("agent:main:telegram:group:-1"),
    session("agent:main:subagent:x", { spawnedBy: "agent:main:telegram:group:-1" }),
  ];
  const sessions = {
    get: async (key: string) => all.find((one) => one.key === key),
    findById: async () => undefined,
    parseKey: (key: string) => ({ canonical: key, agentId: "main", rest: key }),
  } as unknown as SessionsApi;
  const settings: Settings = { get: () => undefined };
  const turn = {
    agentId: "main",
    sessionKey: "agent:main:telegram:group:-1",
    runId: "r",
    envelope: { chatType: "group" } as Envelope,
  };

  const stranger = reachOf({ ...turn, isOwner: false }, sessions, settings);
  const owner = reachOf({ ...turn, isOwner: true }, sessions, settings);

  assert.deepEqual(all.map(stranger.includes), [false, true, true]);
  assert.deepEqual(all.map(owner.includes), [true, true, true]);
  await assert.rejects(stranger.find({ sessionKey: "agent:main:main" }), {
    message: "No session found: agent:main:main",
  });
});

function session(key: string, entry: object = {}): Session {
  return { key, agentId: "main", entry: { sessionId: key, updatedAt: 1, ...entry } };
}

test("session_status tells of the session and chooses its model; agents_list tells whom it may start", async () => {
  await using bench = await startToolBench({
    agents: {
      list: [{ id: "main", default: true, subagents: { allowAgents: ["work"] } }, { id: "work" }, { id: "x" }],
    },
  });

  const before = await bench.use("session_status");
  const unknown = await bench.use("session_status", { model: "nope/none" });
  await bench.use("session_status", { model: "fake/other" });
  const after = await bench.use("session_status");
  const agents = facts(await bench.use("agents_list"));

  assert.match(before.text, /^Session agent:main:main .*\nAgent: main\nModel: fake\/fake-1\nContext: /);
  assert.ok(unknown.isError);
  assert.match(after.text, /Model: fake\/other \(chosen for this session\)/);
  assert.equal(bench.model.requests.at(-1)?.body.model, "other");
  assert.deepEqual(
    (agents["agents"] as { id: string }[]).map(({ id }) => id),
    ["main", "work"],
  );
});

/** A model that answers each message by what is in it. */
function answers(model: FakeOpenAi, table: readonly (readonly [RegExp, string])[]): void {
  model.otherwise = (reply, { body }) => {
    const said = JSON.stringify(body.messages.findLast(({ role }) => role === "user"));
    reply.text(table.find(([pattern]) => pattern.test(said))?.[1] ?? "Nothing.");
    reply.end();
  };
}

const OPEN = { dmPolicy: "open", allowFrom: ["*"] };
const PER_PEER = { dmScope: "per-peer" };

async function startPair(model: FakeOpenAi, agentToAgent: object = {}): Promise<Lab> {
  const lab = await startLab(OPEN, { ...modelConfig(model), session: { ...PER_PEER, agentToAgent } });
  // A session that people talk to on a network.
  answers(model, [[/good morning/, "Good morning."]]);
  await lab.says({
    text: "good morning",
    from: "bob",
    id: "hi",
    replyTo: { channel: "lab", accountId: "default", to: "bob" },
  });
  await lab.ended("hi", "done");
  return lab;
}

/** Have the main session ask bob's session. */
async function sends(model: FakeOpenAi, lab: Lab): Promise<void> {
  const { sessionKey } = await lab.trace("hi");
  model.scripts.push((reply) => {
    reply.toolCall("call-1", "sessions_send", JSON.stringify({ sessionKey, message: "lunch at one?" }));
    reply.end("tool_calls");
  });
  await ask(lab.client, "ask bob's session about lunch");
}

const heard = (model: FakeOpenAi, pattern: RegExp) =>
  model.requests.filter(({ body }) => pattern.test(JSON.stringify(body.messages.at(-1)))).length;

test("two sessions go on talking until one has nothing left to say, then people are told", async () => {
  await using model = await startFakeOpenAi();
  await using lab = await startPair(model);
  answers(model, [
    [/is over/, "Lunch is at two."],
    [/at two then/, "REPLY_SKIP"],
    [/rather at two/, "Fine, at two then."],
    [/lunch at one/, "I would rather at two."],
  ]);

  await sends(model, lab);
  const told = await eventually(
    "bob is told",
    async () => (await lab.sent()).find(({ payload }) => payload.text === "Lunch is at two."),
    20_000,
  );

  assert.equal(told.to, "bob");
  for (const words of ["lunch at one", "rather at two", "at two then"])
    assert.equal(heard(model, new RegExp(`Message from session .*${words}`)), 1, words);
  assert.equal(heard(model, /is over.*Asked: lunch at one.*You answered: I would rather.*Said last: Fine/), 1);
  assert.equal((await lab.sent()).length, 2);
});

test("without rounds only the announcement is left, which can be silence", async () => {
  await using model = await startFakeOpenAi();
  await using lab = await startPair(model, { maxPingPongTurns: 0 });
  answers(model, [
    [/is over/, "ANNOUNCE_SKIP"],
    [/lunch at one/, "At two."],
  ]);

  await sends(model, lab);
  await eventually("the announcement is asked for", () => heard(model, /is over/) === 1, 20_000);
  await lab.says({ text: "good morning", from: "bob", id: "again" });
  await lab.ended("again", "done");

  assert.deepEqual(
    (await lab.sent()).map(({ payload }) => payload.text),
    ["Good morning.", "Nothing."],
  );
  assert.equal(heard(model, /Message from session .*At two/), 0);
});

test("two sessions that write to each other whenever they are written to come to an end", async () => {
  await using bench = await startToolBench();
  for (const name of ["a", "b"]) await bench.say("hello", { sessionKey: `agent:main:${name}` });
  let sends = 0;
  let forbidden = 0;
  bench.model.otherwise = (reply, { body }) => {
    const last = JSON.stringify(body.messages.at(-1));
    if (last.includes("nobody else has said anything")) forbidden++;
    if (body.messages.at(-1)?.role === "tool") {
      reply.text("fine");
      return reply.end();
    }
    // Back to whoever wrote; the first one begins with b.
    const to = last.includes("Message from session agent:main:b")
      ? "b"
      : last.includes("Message from session")
        ? "a"
        : "b";
    const args = { sessionKey: `agent:main:${to}`, message: "hi", timeoutSeconds: 0 };
    reply.toolCall(`send-${++sends}`, "sessions_send", JSON.stringify(args));
    reply.end("tool_calls");
  };

  await bench.say("go", { sessionKey: "agent:main:a" });

  await eventually("the last of them may only answer", () => forbidden > 0);
  assert.equal(sends, 6);
});

test("a session has so many sub-agents at a time, and no more", async () => {
  await using bench = await startToolBench();
  let finish = () => {};
  const later = new Promise<void>((resolve) => (finish = resolve));
  bench.model.otherwise = async (reply, { body }) => {
    if (JSON.stringify(body.messages).includes("You are a sub-agent")) await later;
    reply.text("fine");
    reply.end();
  };
  bench.model.scripts.push((reply) => {
    const call = (index: number) => ({
      index,
      id: `spawn-${index}`,
      function: { name: "sessions_spawn", arguments: JSON.stringify({ task: `task ${index}` }) },
    });
    for (let index = 0; index < 52; index++)
      reply.raw(`data: ${JSON.stringify({ choices: [{ index: 0, delta: { tool_calls: [call(index)] } }] })}\n\n`);
    reply.end("tool_calls");
  });

  await bench.say("do everything at once");

  const results = bench.model.requests.flatMap(({ body }) => body.messages).filter(({ role }) => role === "tool");
  const texts = results.map(({ content }) => String(content));
  assert.equal(texts.filter((text) => text.includes('"accepted"')).length, 50);
  assert.equal(texts.filter((text) => text.includes("50 sub-agents of this session run already")).length, 2);
  await bench.client.request("chat.abort", { sessionKey: "main" });
  finish();
});
