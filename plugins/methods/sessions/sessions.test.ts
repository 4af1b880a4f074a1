import assert from "node:assert/strict";
import { lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { test } from "node:test";
import { GatewayError, Sessions } from "openclaw/plugin-sdk";
import type { Session, SessionsApi } from "openclaw/plugin-sdk";
import { startSessions, stateDirOf, userMessage } from "./place.fixture.ts";

test("a session is made once, however many ask for it", async (context) => {
  await using place = await startSessions(stateDirOf(context));
  const { host, sessions } = place;
  const started: Session[] = [];
  host.hooksOf(Sessions).started.tap("test", (session) => void started.push(session));

  const opened = await Promise.all(["main", "agent:main:main", "agent:default:Main"].map((key) => sessions.open(key)));

  assert.equal(new Set(opened.map(({ entry }) => entry.sessionId)).size, 1);
  assert.deepEqual(started, [opened[0]]);
  assert.equal(opened[0]?.key, "agent:main:main");
  assert.equal(opened[0]?.entry.createdAt, opened[0]?.entry.updatedAt);
  assert.equal(await sessions.count(), 1);
});

test("opening a session that is there changes nothing", async (context) => {
  await using place = await startSessions(stateDirOf(context));
  const session = await place.sessions.update("main", () => ({ updatedAt: 5, label: "home" }));

  assert.deepEqual(await place.sessions.open("main"), session);
});

test("sessions survive a restart, with fields nobody here knows", async (context) => {
  const stateDir = stateDirOf(context);
  const before = await started(stateDir, (sessions) => sessions.update("main", () => ({ fromTheFuture: { a: [1] } })));

  await using place = await startSessions(stateDir);
  const after = await place.sessions.get("main");

  assert.deepEqual(after, before);
  const next = await place.sessions.update("main", () => ({ label: "x" }));
  assert.deepEqual(next.entry["fromTheFuture"], { a: [1] });
});

test("50 updates at once lose nothing", async (context) => {
  await using place = await startSessions(stateDirOf(context));
  const fields = Array.from({ length: 50 }, (_, number) => `field${number}`);

  await Promise.all(
    fields.map((field, number) =>
      place.sessions.update(number % 2 === 0 ? "agent:main:dm:1" : "agent:main:direct:1", ({ totalTokens = 0 }) => ({
        [field]: number,
        totalTokens: totalTokens + 1,
      })),
    ),
  );

  const entry = (await place.sessions.get("agent:main:dm:1"))?.entry;
  assert.deepEqual(
    fields.map((field) => entry?.[field]),
    fields.map((_, number) => number),
  );
  assert.equal(entry?.totalTokens, 50);
});

test("a change that throws writes nothing and does not stop the next", async (context) => {
  await using place = await startSessions(stateDirOf(context));

  const [failed, done] = await Promise.allSettled([
    place.sessions.update("main", () => assert.fail("no")),
    place.sessions.update("main", () => ({ label: "yes" })),
  ]);

  assert.deepEqual([failed.status, done.status], ["rejected", "fulfilled"]);
  assert.equal((await place.sessions.get("main"))?.entry.label, "yes");
});

test("an update is now, unless it says otherwise", async (context) => {
  await using place = await startSessions(stateDirOf(context));
  context.mock.timers.enable({ apis: ["Date"], now: 1_000 });
  await place.sessions.open("main");

  context.mock.timers.setTime(2_000);
  assert.equal((await place.sessions.update("main", () => ({ label: "a" }))).entry.updatedAt, 2_000);
  assert.equal(
    (await place.sessions.update("main", ({ createdAt = 0 }) => ({ updatedAt: createdAt }))).entry.updatedAt,
    1_000,
  );
});

test("a session is found by the id of its transcript", async (context) => {
  await using place = await startSessions(stateDirOf(context));
  const session = await place.sessions.open("telegram:group:5");

  assert.deepEqual(await place.sessions.findById(session.entry.sessionId), session);
  assert.equal(await place.sessions.findById("nobody"), undefined);
});

test("a list is newest first, can be cut, and follows an agent", async (context) => {
  await using place = await startSessions(stateDirOf(context), { agents: { list: [{ id: "main" }, { id: "ops" }] } });
  await fill(place.sessions, [
    ["agent:main:main", 10],
    ["agent:ops:main", 30],
    ["agent:main:cron:job:run:1", 50],
    ["agent:main:cron:job", 20],
    ["agent:ops:direct:7", 5],
  ]);
  const keys = async (options = {}) => (await place.sessions.list(options)).map(({ key }) => key);

  assert.deepEqual(await keys(), ["agent:ops:main", "agent:main:cron:job", "agent:main:main", "agent:ops:direct:7"]);
  assert.deepEqual(await keys({ limit: 1 }), ["agent:ops:main"]);
  assert.deepEqual(await keys({ agentId: "main" }), ["agent:main:cron:job", "agent:main:main"]);
  assert.deepEqual(await keys({ agentId: "Ops", limit: 1 }), ["agent:ops:main"]);
  assert.deepEqual(await keys({ agentId: "op" }), []);
  assert.equal(await place.sessions.count(), 5);
});

test("work of one session runs one at a time, whatever its key is spelled like", async (context) => {
  await using place = await startSessions(stateDirOf(context));
  const { promise, resolve } = Promise.withResolvers<void>();
  const order: string[] = [];

  const first = place.sessions.lane("agent:main:group:telegram:5", async () => {
    await promise;
    order.push("first");
  });
  const second = place.sessions.lane("telegram:group:5", async () => void order.push("second"));
  await place.sessions.lane("telegram:group:6", async () => void order.push("other"));
  resolve();
  await Promise.all([first, second]);

  assert.deepEqual(order, ["other", "first", "second"]);
});

test("what cannot be a key is refused everywhere", async (context) => {
  await using place = await startSessions(stateDirOf(context));
  const { sessions } = place;
  const refused = (error: unknown) =>
    error instanceof GatewayError && error.code === "INVALID_REQUEST" && error.message.startsWith('session key "');

  for (const key of ["", "agent:main", "../../x", "a\u0000", "x".repeat(600)]) {
    assert.throws(() => sessions.parseKey(key), refused, key);
    await assert.rejects(sessions.get(key), refused);
    await assert.rejects(sessions.open(key), refused);
    await assert.rejects(
      sessions.update(key, () => ({})),
      refused,
    );
    await assert.rejects(
      sessions.lane(key, async () => 1),
      refused,
    );
  }
  assert.equal(await sessions.count(), 0);
});

test("hostile keys, agents and ids never leave the state directory", async (context) => {
  const outside = stateDirOf(context);
  const stateDir = join(outside, "deep", "er", "state");
  mkdirSync(stateDir, { recursive: true });
  await using place = await startSessions(stateDir);
  const { sessions } = place;
  const hostile = [
    "../../../x",
    "..",
    ".",
    "/etc/passwd",
    "a/../../b",
    "..\\..\\x",
    "main",
    "a".repeat(300),
    "con:aux",
    "\u0000",
  ];

  for (const sessionId of hostile) {
    const session = await sessions.update("main", () => ({ sessionId }));
    const transcript = sessions.transcript(session);
    await transcript.append(userMessage(sessionId));
    assert.equal(dirname(transcript.file), join(stateDir, "agents", "main", "sessions"), sessionId);
    assert.match(basename(transcript.file), /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}\.jsonl$/);
  }
  for (const agentId of hostile) {
    const directory = sessions.directory(agentId);
    assert.equal(dirname(dirname(directory)), join(stateDir, "agents"), agentId);
    const session = { key: `agent:${agentId}:main`, agentId, entry: { sessionId: "x", updatedAt: 1 } };
    await sessions.transcript(session).append(userMessage("x"));
  }

  assert.deepEqual(readdirSync(outside), ["deep"]);
  assert.deepEqual(readdirSync(join(outside, "deep", "er")), ["state"]);
});

test("the seeds' paths lead to the main session", async (context) => {
  const stateDir = stateDirOf(context);
  await using place = await startSessions(stateDir);
  const { sessions } = place;
  const seed = join(stateDir, "agents", "default", "sessions", "main.jsonl");
  const last = () => JSON.parse(readFileSync(seed, "utf8").trimEnd().split("\n").at(-1) ?? "") as { role: string };

  const session = await sessions.open("main");
  await sessions.transcript(session).append(userMessage("hi"));

  assert.equal(readlinkSync(join(stateDir, "agents", "default")), "main");
  assert.equal(readlinkSync(seed), `${session.entry.sessionId}.jsonl`);
  assert.equal(last().role, "user");
  await sessions.transcript(await sessions.open("telegram:group:1")).append(userMessage("elsewhere"));
  assert.equal(readlinkSync(seed), `${session.entry.sessionId}.jsonl`);

  const next = await sessions.update("main", () => ({ sessionId: "second" }));
  assert.equal(readlinkSync(seed), "second.jsonl");
  await sessions.transcript(next).append(userMessage("again"));
  assert.equal(last().role, "user");
});

test("agents/default follows the configuration", async (context) => {
  const stateDir = stateDirOf(context);
  const link = join(stateDir, "agents", "default");
  const settings = { agents: { list: [{ id: "main" }, { id: "ops", default: true }] as object[] } };
  await using place = await startSessions(stateDir, settings);
  const reload = (list: object[]) => {
    settings.agents.list = list;
    place.host.hooks.configChanged.call({ paths: ["agents.list"], before: {}, after: {} });
  };

  assert.equal(readlinkSync(link), "ops");
  assert.equal(place.sessions.defaultAgentId(), "ops");
  assert.equal(place.sessions.mainKey(), "agent:ops:main");
  reload([{ id: "main" }]);
  assert.equal(readlinkSync(link), "main");
  reload([{ id: "main" }, { id: "default" }]);
  assert.equal(lstatSync(link, { throwIfNoEntry: false }), undefined);
  const session = await place.sessions.open("agent:default:main");
  await place.sessions.transcript(session).append(userMessage("x"));
  assert.ok(lstatSync(link).isDirectory());
  reload([{ id: "main" }]);
  assert.ok(lstatSync(link).isDirectory(), "a real folder stays");
});

test("a real main.jsonl is left alone", async (context) => {
  const stateDir = stateDirOf(context);
  const file = join(stateDir, "agents", "main", "sessions", "main.jsonl");
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, "old\n");
  await using place = await startSessions(stateDir);

  await place.sessions.transcript(await place.sessions.open("main")).append(userMessage("x"));

  assert.equal(readFileSync(file, "utf8"), "old\n");
});

/** Sessions with these times of their last update. */
async function fill(sessions: SessionsApi, rows: readonly (readonly [key: string, updatedAt: number])[]) {
  for (const [key, updatedAt] of rows) await sessions.update(key, () => ({ updatedAt }));
}

async function started<T>(stateDir: string, work: (sessions: SessionsApi) => Promise<T>): Promise<T> {
  await using place = await startSessions(stateDir);
  return await work(place.sessions);
}
