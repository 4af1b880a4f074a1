import assert from "node:assert/strict";
import { test } from "node:test";
import { reachOf } from "../../plugins/tools/tools-sessions/reach.ts";
import type { Envelope, Session, SessionsApi, Settings } from "openclaw/plugin-sdk";
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
