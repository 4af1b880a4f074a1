import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { eventually } from "openclaw/plugin-sdk/testing";
import { startSessions, stateDirOf } from "./place.fixture.ts";

type Rows = Record<string, Record<string, unknown>>;

/** What an established program left: its index of an agent and one transcript. */
const ROWS: Rows = {
  "agent:main:main": {
    sessionId: "63d39aa5-bb7a-4526-bf99-8b3b009daaed",
    updatedAt: 1_767_225_600_000,
    chatType: "direct",
    inputTokens: 120,
    deliveryContext: { channel: "telegram", to: "telegram:42" },
    skillsSnapshot: { prompt: "p", skills: [{ name: "x" }], version: 3 },
    unknownField: [1, { a: null }],
  },
  "agent:main:telegram:group:-100:topic:9": {
    sessionId: "aaaa1111-bb7a-4526-bf99-8b3b009daaed",
    updatedAt: 1_767_225_500_000,
    sessionFile: "/elsewhere/agents/main/sessions/aaaa1111-bb7a-4526-bf99-8b3b009daaed-topic-9.jsonl",
    chatType: "group",
    label: "Friends",
  },
  "agent:main:cron:job:run:1": { sessionId: "bbbb1111", updatedAt: 1_767_225_400_000 },
};
const TRANSCRIPT = [
  { type: "session", version: 3, id: "63d39aa5-bb7a-4526-bf99-8b3b009daaed", timestamp: "2026-01-01T00:00:00.000Z" },
  {
    type: "message",
    id: "00000001",
    parentId: null,
    timestamp: "2026-01-01T00:00:00.000Z",
    message: { role: "user", content: [{ type: "text", text: "hello" }], timestamp: 1 },
  },
];

function write(stateDir: string, text: string, agentId = "main"): string {
  const directory = join(stateDir, "agents", agentId, "sessions");
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, "sessions.json"), text);
  return directory;
}

function pretty(rows: Rows): string {
  return `${JSON.stringify(rows, undefined, 2)}\n`;
}

function indexOf(directory: string): Rows {
  return JSON.parse(readFileSync(join(directory, "sessions.json"), "utf8")) as Rows;
}

function lines(values: readonly object[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join("");
}

test("an existing state directory is taken over and written again unchanged", async (context) => {
  const stateDir = stateDirOf(context);
  const directory = write(stateDir, pretty(ROWS));
  const transcript = join(directory, "63d39aa5-bb7a-4526-bf99-8b3b009daaed.jsonl");
  writeFileSync(transcript, lines(TRANSCRIPT));
  {
    await using place = await startSessions(stateDir);
    const main = await place.sessions.get("main");
    assert.deepEqual(main?.entry, ROWS["agent:main:main"]);
    const [first] = await place.sessions.transcript(main as never).messages();
    assert.equal(first?.role, "user");
    const topic = await place.sessions.get("agent:main:telegram:group:-100:thread:9");
    assert.match(place.sessions.transcript(topic as never).file, /aaaa1111-[^/\\]+-topic-9\.jsonl$/);
    assert.ok(place.sessions.transcript(topic as never).file.startsWith(directory));
    // Any change has the file written.
    await place.sessions.update("main", () => ({ updatedAt: 1_767_225_600_000 }));
  }

  assert.deepEqual(indexOf(directory), ROWS);
  assert.equal(readFileSync(transcript, "utf8"), lines(TRANSCRIPT));
  assert.equal(statSync(join(directory, "sessions.json")).mode & 0o777, 0o600);
  // The database counts from now on: what somebody writes into the file is not read again.
  write(stateDir, "{}");
  await using place = await startSessions(stateDir);
  assert.equal(await place.sessions.count(), 3);
});

test("changes are written after a while, without a stop", async (context) => {
  const stateDir = stateDirOf(context);
  await using place = await startSessions(stateDir);

  await place.sessions.update("main", () => ({ label: "home" }));

  const directory = join(stateDir, "agents", "main", "sessions");
  await eventually("the file", () => existsSync(join(directory, "sessions.json")));
  assert.equal(indexOf(directory)["agent:main:main"]?.["label"], "home");
  assert.deepEqual(readdirSync(directory), ["sessions.json"]);
});

test("each agent has its own file, unless session.store says otherwise", async (context) => {
  const agents = { list: [{ id: "main" }, { id: "ops" }] };
  const stateDir = stateDirOf(context);
  for (const store of [undefined, "shared.json", "by/{agentId}.json"]) {
    const session = store === undefined ? {} : { store };
    await using place = await startSessions(stateDir, { agents, session });
    await place.sessions.update("agent:main:main", () => ({ label: "m", updatedAt: 1 }));
    await place.sessions.update("agent:ops:main", () => ({ label: "o", updatedAt: 1 }));
  }
  const read = (...path: string[]) => Object.keys(JSON.parse(readFileSync(join(stateDir, ...path), "utf8")) as Rows);

  assert.deepEqual(read("agents", "main", "sessions", "sessions.json"), ["agent:main:main"]);
  assert.deepEqual(read("agents", "ops", "sessions", "sessions.json"), ["agent:ops:main"]);
  assert.deepEqual(read("shared.json"), ["agent:main:main", "agent:ops:main"]);
  assert.deepEqual(read("by", "ops.json"), ["agent:ops:main"]);
});

const MANY: Rows = Object.fromEntries(
  Array.from({ length: 20 }, (_, at) => [
    `agent:main:telegram:direct:${at}`,
    { sessionId: `session-${at}`, updatedAt: at, origin: { provider: "telegram", label: `p${at}` } },
  ]),
);

/** Every way in which one byte of the fifth row can go wrong. */
function damaged(): readonly (readonly [what: string, text: string])[] {
  const text = pretty(MANY);
  const at = text.indexOf('"session-5"');
  return [
    ["a quote is missing", text.slice(0, at) + text.slice(at + 1)],
    ["a brace is missing", text.replace('"agent:main:telegram:direct:5": {', '"agent:main:telegram:direct:5": ')],
    ["a comma is missing", text.replace('"session-5",', '"session-5"')],
    ["a zero byte", `${text.slice(0, at + 3)}\u0000${text.slice(at + 4)}`],
    ["an end brace too much", text.replace('"label": "p5"\n    }', '"label": "p5"\n    }}')],
    ["the end is gone", text.slice(0, text.indexOf('"agent:main:telegram:direct:19"') + 60)],
    ["a stray word at the front", `x${text}`],
  ];
}

for (const [what, text] of damaged()) {
  test(`a broken index costs at most the row that is broken: ${what}`, async (context) => {
    const stateDir = stateDirOf(context);
    const directory = write(stateDir, text);
    await using place = await startSessions(stateDir);

    const rows = await place.sessions.list();

    assert.ok(rows.length >= 19, `${rows.length} rows`);
    for (const { key, entry } of rows) assert.equal(entry.sessionId, `session-${key.split(":").at(-1)}`);
    const kept = readdirSync(directory).filter((name) => name.startsWith("sessions.json.corrupt-"));
    assert.equal(readFileSync(join(directory, kept[0] as string), "utf8"), text);
    assert.ok(place.host.log.some(({ level, message }) => level === "error" && /is damaged/.test(message)));
  });
}

test("rows that a broken index lost come back from the transcripts", async (context) => {
  const stateDir = stateDirOf(context);
  const directory = write(stateDir, "garbage");
  const [header, ...others] = TRANSCRIPT;
  writeFileSync(
    join(directory, "s1.jsonl"),
    lines([{ ...header, id: "s1", sessionKey: "agent:main:main" }, ...others]),
  );
  writeFileSync(join(directory, "s2.jsonl"), "{broken");
  await using place = await startSessions(stateDir);

  assert.equal((await place.sessions.get("main"))?.entry.sessionId, "s1");
  assert.equal(await place.sessions.count(), 1);
});

test("comments, older names of fields, other spellings and bare keys are understood", async (context) => {
  const stateDir = stateDirOf(context);
  write(
    stateDir,
    `// old
    {
      "main": { "sessionId": "a", "updatedAt": 1, "provider": "telegram", "lastProvider": "telegram", },
      "agent:main:group:telegram:7": { "sessionId": "b", "updatedAt": 2, "chatType": "dm", "room": "general" },
      "agent:main:telegram:group:7": { "sessionId": "c", "updatedAt": 1 },
      "with/slash": { "sessionId": "d", "updatedAt": 1 },
    }`,
  );
  write(stateDir, pretty({ main: { sessionId: "o", updatedAt: 5 } }), "ops");
  await using place = await startSessions(stateDir);

  assert.partialDeepStrictEqual((await place.sessions.get("main"))?.entry, {
    sessionId: "a",
    channel: "telegram",
    lastChannel: "telegram",
  });
  assert.partialDeepStrictEqual((await place.sessions.get("telegram:group:7"))?.entry, {
    sessionId: "b",
    chatType: "direct",
    groupChannel: "general",
  });
  assert.equal((await place.sessions.get("agent:ops:main"))?.entry.sessionId, "o");
  assert.equal(await place.sessions.count(), 3);
});

test("sessions of a state directory from before there were agents move to the default agent", async (context) => {
  const stateDir = stateDirOf(context);
  mkdirSync(join(stateDir, "sessions"));
  writeFileSync(join(stateDir, "sessions.json"), pretty({ "agent:main:main": { sessionId: "old", updatedAt: 1 } }));
  writeFileSync(join(stateDir, "sessions", "old.jsonl"), lines(TRANSCRIPT));
  await using place = await startSessions(stateDir);

  const main = await place.sessions.get("main");

  assert.equal(main?.entry.sessionId, "old");
  assert.equal((await place.sessions.transcript(main).messages()).length, 1);
  assert.deepEqual(
    readdirSync(stateDir).filter((name) => name.startsWith("sessions")),
    ["sessions.json.migrated", "sessions.migrated"],
  );
});

test("a file that cannot be written costs a line in the log and nothing else", async (context) => {
  const stateDir = stateDirOf(context);
  mkdirSync(join(stateDir, "agents", "main", "sessions", "sessions.json"), { recursive: true });
  const place = await startSessions(stateDir);
  await place.sessions.update("main", () => ({ label: "x" }));
  const { log } = place.host;

  await place[Symbol.asyncDispose]();

  assert.ok(log.some(({ message }) => message.startsWith("cannot write sessions.json")));
});
