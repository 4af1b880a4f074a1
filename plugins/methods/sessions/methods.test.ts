import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { GatewayError, System } from "openclaw/plugin-sdk";
import type { HealthReport, SessionsApi, TranscriptMessage } from "openclaw/plugin-sdk";
import { startSessions, stateDirOf, userMessage } from "./place.fixture.ts";
import type { Place } from "./place.fixture.ts";

interface List {
  readonly ts: number;
  readonly path: string;
  readonly count: number;
  readonly defaults: object;
  readonly sessions: readonly (Readonly<Record<string, unknown>> & { readonly key: string })[];
}

const SETTINGS = { agents: { defaults: { model: "fake/m1", contextTokens: 1_000 } } };

test("sessions.list shows what is known of a session and nothing else", async (context) => {
  const stateDir = stateDirOf(context);
  await using place = await startSessions(stateDir, SETTINGS);
  await place.sessions.update("telegram:group:-100", () => ({
    sessionId: "s1",
    updatedAt: 7,
    chatType: "group",
    label: "Friends",
    totalTokens: 5,
    model: "m2",
    subject: null,
    skillsSnapshot: { version: 1 },
    systemPromptReport: {},
  }));

  const list = await listed(place);

  assert.deepEqual(
    { ...list, ts: 0 },
    {
      ts: 0,
      path: join(stateDir, "agents", "main", "sessions", "sessions.json"),
      count: 1,
      defaults: { modelProvider: "fake", model: "m1", contextTokens: 1_000 },
      sessions: [
        {
          key: "agent:main:telegram:group:-100",
          kind: "group",
          aliases: ["agent:main:group:telegram:-100"],
          running: false,
          label: "Friends",
          displayName: "Friends",
          chatType: "group",
          updatedAt: 7,
          sessionId: "s1",
          totalTokens: 5,
          modelProvider: "fake",
          model: "m2",
          contextTokens: 1_000,
        },
      ],
    },
  );
});

test("sessions.list filters, newest first", async (context) => {
  await using place = await startSessions(stateDirOf(context), { agents: { list: [{ id: "main" }, { id: "ops" }] } });
  const minutesAgo = (minutes: number) => Date.now() - minutes * 60_000;
  const rows: readonly (readonly [key: string, fields: object])[] = [
    ["main", { updatedAt: minutesAgo(60) }],
    ["global", { updatedAt: minutesAgo(1) }],
    ["unknown", { updatedAt: minutesAgo(2) }],
    ["cron:job:run:1", { updatedAt: minutesAgo(3) }],
    ["agent:ops:main", { updatedAt: minutesAgo(4), label: "Ops", subject: "Budget" }],
    ["subagent:1", { updatedAt: minutesAgo(5), spawnedBy: "agent:main:main" }],
  ];
  for (const [key, fields] of rows) await place.sessions.update(key, () => fields);
  const keys = async (params: object) => (await listed(place, params)).sessions.map(({ key }) => key);
  const [main, ops, child] = ["agent:main:main", "agent:ops:main", "agent:main:subagent:1"];

  assert.deepEqual(await keys({}), [ops, child, main]);
  assert.deepEqual(await keys({ limit: 1 }), [ops]);
  assert.deepEqual(await keys({ includeGlobal: true, includeUnknown: true, limit: 3 }), ["global", "unknown", ops]);
  assert.deepEqual(await keys({ agentId: "ops" }), [ops]);
  assert.deepEqual(await keys({ agentId: "default", limit: 1, includeGlobal: true }), [child]);
  assert.deepEqual(await keys({ activeMinutes: 30 }), [ops, child]);
  assert.deepEqual(await keys({ label: "Ops" }), [ops]);
  assert.deepEqual(await keys({ label: "Ops", agentId: "main" }), []);
  assert.deepEqual(await keys({ spawnedBy: "agent:main:main" }), [child]);
  assert.deepEqual(await keys({ search: " bUDG ", limit: 5 }), [ops]);
  assert.deepEqual(await keys({ search: "agent:main", limit: 1 }), [child]);
  assert.deepEqual(await keys({ search: "" }), [ops, child, main]);
  assert.equal((await listed(place)).path, "(multiple)");
  assert.match((await listed(place, { agentId: "ops" })).path, /agents.ops.sessions.sessions\.json$/);
});

test("sessions.list says which sessions have work running", async (context) => {
  await using place = await startSessions(stateDirOf(context));
  await place.sessions.open("main");
  const { promise, resolve } = Promise.withResolvers<void>();
  const work = place.sessions.lane("main", () => promise);

  assert.deepEqual((await listed(place)).sessions[0]?.["running"], true);

  resolve();
  await work;
});

test("titles and last messages come from the transcript when they are asked for", async (context) => {
  await using place = await startSessions(stateDirOf(context));
  const { sessions } = place;
  const talk = sessions.transcript(await sessions.open("main"));
  await talk.append(userMessage(`  what is\n\nthe ${"very ".repeat(30)}best?`));
  await talk.append(answer("that depends"));
  await sessions.update("telegram:group:1", () => ({ displayName: "Friends", updatedAt: 1 }));
  const broken = await sessions.update("telegram:group:2", () => ({ updatedAt: 0 }));
  writeFileSync(sessions.transcript(broken).file, '{"type":"session","version":9}\n');

  const { sessions: rows } = await listed(place, { includeDerivedTitles: true, includeLastMessage: true });

  assert.equal(rows[0]?.["derivedTitle"], `what is the ${"very ".repeat(30)}`.slice(0, 58).trimEnd().concat("…"));
  assert.equal(rows[0]?.["lastMessagePreview"], "that depends");
  assert.equal(rows[1]?.["derivedTitle"], "Friends");
  assert.ok(!("lastMessagePreview" in (rows[1] ?? {})));
  assert.equal(rows[2]?.key, broken.key);
});

test("sessions.list refuses parameters it does not have, and callers without the scope", async (context) => {
  await using place = await startSessions(stateDirOf(context));

  await assert.rejects(place.host.call("sessions.list", { colour: "red" }), /unexpected property 'colour'/);
  await assert.rejects(place.host.call("sessions.list", { limit: 0 }), GatewayError);
  await assert.rejects(place.host.call("sessions.list", {}, { scopes: ["operator.pairing"] }), /scope/);
  await assert.rejects(place.host.call("sessions.resolve", { key: "main" }, { scopes: ["operator.read"] }), /scope/);
  await place.host.call("sessions.preview", { keys: ["main"] }, { scopes: ["operator.read"] });
});

test("sessions.resolve finds the one session that is meant", async (context) => {
  await using place = await startSessions(stateDirOf(context));
  const { sessions } = place;
  const group = await sessions.update("telegram:group:1", () => ({ label: "Friends", spawnedBy: "agent:main:main" }));
  const found = { ok: true, key: group.key, aliases: ["agent:main:group:telegram:1"] };

  assert.deepEqual(await place.host.call("sessions.resolve", { key: "agent:main:group:telegram:1" }), found);
  assert.deepEqual(await place.host.call("sessions.resolve", { sessionId: group.entry.sessionId }), found);
  assert.deepEqual(await place.host.call("sessions.resolve", { label: "Friends", agentId: "default" }), found);
});

test("sessions.resolve says why it finds nothing", async (context) => {
  await using place = await startSessions(stateDirOf(context));
  for (const number of [1, 2]) {
    const twin = { label: "twins", sessionId: "same", updatedAt: number };
    await place.sessions.update(`telegram:group:${number}`, () => twin);
  }
  await place.sessions.update("global", () => ({ label: "world" }));
  const keys = "agent:main:telegram:group:2, agent:main:telegram:group:1";

  for (const [params, message] of [
    [{}, "Either key, sessionId, or label is required"],
    [{ key: "main", label: "x" }, "Provide either key, sessionId, or label (not multiple)"],
    [{ key: "main" }, "No session found: main"],
    [{ sessionId: "nobody" }, "No session found: nobody"],
    [{ label: "nobody" }, "No session found with label: nobody"],
    [{ label: "twins", spawnedBy: "agent:main:main" }, "No session found with label: twins"],
    [{ label: "world" }, "No session found with label: world"],
    [{ label: "twins" }, `Multiple sessions found with label: twins (${keys})`],
    [{ sessionId: "same" }, `Multiple sessions found with session id: same (${keys})`],
  ] as const) {
    await assert.rejects(place.host.call("sessions.resolve", params), { code: "INVALID_REQUEST", message });
  }
  const world = (await place.host.call("sessions.resolve", { label: "world", includeGlobal: true })) as { key: string };
  assert.equal(world.key, "global");
});

test("sessions.preview tells the last messages of each key, in short", async (context) => {
  await using place = await startSessions(stateDirOf(context));
  const { sessions } = place;
  const talk = sessions.transcript(await sessions.open("main"));
  await talk.append(userMessage("too old"));
  await talk.append(userMessage(` ${"a".repeat(40)} `));
  await talk.append(answer("", "read"));
  await talk.append(toolResult("read", "content"));
  await talk.append(answer("🦞".repeat(40)));
  await sessions.open("telegram:group:1");
  const broken = await sessions.open("telegram:group:2");
  writeFileSync(sessions.transcript(broken).file, '{"type":"session","version":9}\nx\n');

  const { previews } = (await place.host.call("sessions.preview", {
    keys: ["main", "telegram:group:1", "telegram:group:2", "telegram:group:3", "a/b"],
    limit: 4,
    maxChars: 20,
  })) as { previews: object[] };

  assert.deepEqual(previews, [
    {
      key: "main",
      status: "ok",
      items: [
        { role: "user", text: `${"a".repeat(19)}…` },
        { role: "tool", text: "read" },
        { role: "tool", text: "content" },
        { role: "assistant", text: `${"🦞".repeat(9)}…` },
      ],
    },
    { key: "telegram:group:1", status: "empty", items: [] },
    { key: "telegram:group:2", status: "error", items: [] },
    { key: "telegram:group:3", status: "missing", items: [] },
    { key: "a/b", status: "error", items: [] },
  ]);
});

test("health tells the count and the five newest sessions", async (context) => {
  const stateDir = stateDirOf(context);
  await using place = await startSessions(stateDir);
  context.mock.timers.enable({ apis: ["Date"], now: 10_000 });
  await fill(place.sessions, 7);

  const { health } = place.host.hooksOf(System);
  const report = await health.promise({ ok: true, other: "kept" } as unknown as HealthReport, { probe: false });

  assert.deepEqual(report["other"], "kept");
  assert.deepEqual(report.sessions, {
    path: join(stateDir, "agents", "main", "sessions", "sessions.json"),
    count: 7,
    recent: [6, 5, 4, 3, 2].map((number) => ({
      key: `agent:main:direct:${number}`,
      updatedAt: number,
      age: 10_000 - number,
    })),
  });
});

test("status tells sessions by agent, with what is left of their context", async (context) => {
  const stateDir = stateDirOf(context);
  const settings = { agents: { ...SETTINGS.agents, list: [{ id: "main" }, { id: "ops" }] } };
  await using place = await startSessions(stateDir, settings);
  context.mock.timers.enable({ apis: ["Date"], now: 10_000 });
  await place.sessions.update("main", () => ({
    sessionId: "s1",
    updatedAt: 4_000,
    totalTokens: 250,
    thinkingLevel: "low",
  }));
  await place.sessions.update("agent:ops:main", () => ({ sessionId: "s2", updatedAt: 3_000, abortedLastRun: true }));

  const report = await place.host.hooksOf(System).status.promise({ kept: true });

  const first = {
    agentId: "main",
    key: "agent:main:main",
    kind: "direct",
    sessionId: "s1",
    updatedAt: 4_000,
    age: 6_000,
    thinkingLevel: "low",
    totalTokens: 250,
    remainingTokens: 750,
    percentUsed: 25,
    model: "m1",
    contextTokens: 1_000,
    flags: ["thinking:low"],
  };
  const second = {
    agentId: "ops",
    key: "agent:ops:main",
    kind: "direct",
    sessionId: "s2",
    updatedAt: 3_000,
    age: 7_000,
    abortedLastRun: true,
    totalTokens: null,
    remainingTokens: null,
    percentUsed: null,
    model: "m1",
    contextTokens: 1_000,
    flags: ["aborted"],
  };
  const [mainPath, opsPath] = ["main", "ops"].map((id) => join(stateDir, "agents", id, "sessions", "sessions.json"));
  assert.deepEqual(report, {
    kept: true,
    sessions: {
      paths: [mainPath, opsPath],
      count: 2,
      defaults: { model: "m1", contextTokens: 1_000 },
      recent: [first, second],
      byAgent: [
        { agentId: "main", path: mainPath, count: 1, recent: [first] },
        { agentId: "ops", path: opsPath, count: 1, recent: [second] },
      ],
    },
  });
});

async function listed(place: Place, params: object = {}): Promise<List> {
  return (await place.host.call("sessions.list", params)) as List;
}

async function fill(sessions: SessionsApi, count: number): Promise<void> {
  for (let number = 0; number < count; number++) {
    await sessions.update(`direct:${number}`, () => ({ updatedAt: number }));
  }
}

function answer(text: string, tool?: string): TranscriptMessage {
  return {
    role: "assistant",
    content: [
      { type: "text", text },
      ...(tool === undefined ? [] : [{ type: "toolCall" as const, id: "call", name: tool, arguments: {} }]),
    ],
    api: "fake",
    provider: "fake",
    model: "m1",
    usage: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, totalTokens: 0 },
    stopReason: "stop",
    timestamp: 1,
  };
}

function toolResult(toolName: string, text: string): TranscriptMessage {
  const content = [{ type: "text" as const, text }];
  return { role: "toolResult", toolCallId: "call", toolName, content, isError: false, timestamp: 2 };
}
