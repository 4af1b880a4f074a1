import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { test } from "node:test";
import { Messaging, Sessions } from "openclaw/plugin-sdk";
import type { MessagingApi, TranscriptMessage } from "openclaw/plugin-sdk";
import { startSessions, stateDirOf, userMessage } from "./place.fixture.ts";
import type { Place } from "./place.fixture.ts";

async function grown(place: Place, key: string, count: number): Promise<string> {
  const transcript = place.sessions.transcript(await place.sessions.open(key));
  for (let number = 1; number <= count; number++) await transcript.append(userMessage(`m${number}`));
  return transcript.file;
}

function linesOf(file: string): Record<string, unknown>[] {
  return readFileSync(file, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

function textsOf(messages: readonly TranscriptMessage[]): string[] {
  return messages.map(({ content }) => (content[0] as { text: string }).text);
}

test("sessions.reset begins a new transcript and keeps what belongs to the conversation", async (context) => {
  await using place = await startSessions(stateDirOf(context));
  const changes: string[] = [];
  place.host.hooksOf(Sessions).changed.tap("test", (key, change) => void changes.push(`${key} ${change}`));
  const file = await grown(place, "main", 2);
  const before = await place.sessions.update("main", () => ({
    label: "Demo",
    thinkingLevel: "high",
    elevatedLevel: "full",
    lastTo: "u1",
    origin: { provider: "webchat" },
    inputTokens: 7,
    compactionCount: 2,
    cliSessionIds: { x: "y" },
    modelOverride: "m2",
    providerOverride: "fake",
  }));

  const answer = (await place.host.call("sessions.reset", { key: "main" })) as { key: string; entry: object };

  assert.equal(answer.key, "agent:main:main");
  const { sessionId, updatedAt: _updatedAt, ...entry } = answer.entry as Record<string, unknown>;
  assert.notEqual(sessionId, before.entry.sessionId);
  assert.deepEqual(entry, {
    createdAt: before.entry.createdAt,
    label: "Demo",
    thinkingLevel: "high",
    lastTo: "u1",
    origin: { provider: "webchat" },
    modelOverride: "m2",
    providerOverride: "fake",
    systemSent: false,
    abortedLastRun: false,
    inputTokens: 0,
    outputTokens: 0,
    totalTokens: 0,
  });
  assert.ok(existsSync(file));
  assert.equal(readlinkSync(join(dirname(file), "main.jsonl")), `${String(sessionId)}.jsonl`);
  assert.equal(changes.at(-1), "agent:main:main reset");
  const again = place.sessions.transcript(await place.sessions.open("main"));
  assert.deepEqual(await again.messages(), []);
});

test("sessions.delete forgets a session and puts its transcript aside", async (context) => {
  await using place = await startSessions(stateDirOf(context));
  const file = await grown(place, "demo", 1);
  const remove = (key: string, more: object = {}) => place.host.call("sessions.delete", { key, ...more });

  await assert.rejects(remove("main"), { message: "Cannot delete the main session (agent:main:main)." });
  const { archived, ...answer } = (await remove("demo")) as { archived: string[] };

  assert.deepEqual(answer, { ok: true, key: "agent:main:demo", deleted: true });
  assert.match(archived[0] as string, /\.jsonl\.deleted\.\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}Z$/);
  assert.ok(existsSync(archived[0] as string) && !existsSync(file));
  assert.deepEqual(await remove("demo"), { ok: true, key: "agent:main:demo", deleted: false, archived: [] });
  const kept = await grown(place, "other", 1);
  assert.deepEqual(await remove("other", { deleteTranscript: false }), {
    ok: true,
    key: "agent:main:other",
    deleted: true,
    archived: [],
  });
  assert.ok(existsSync(kept));
});

test("a session that works is stopped before it is reset or deleted", async (context) => {
  const stateDir = stateDirOf(context);
  const running = new Map<string, () => void>();
  const messaging = {
    abort(key: string) {
      running.get(key)?.();
      return [];
    },
  } as Partial<MessagingApi> as MessagingApi;
  await using place = await startSessions(stateDir, {}, [[Messaging, messaging]]);
  await grown(place, "demo", 1);
  const ended: string[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  running.set("agent:main:demo", resolve);
  const work = place.sessions.lane("demo", () => promise.then(() => void ended.push("work")));

  await place.host.call("sessions.delete", { key: "demo" }).then(() => ended.push("delete"));

  await work;
  assert.deepEqual(ended, ["work", "delete"]);
});

test("a session that does not let go is not deleted, and says so", async (context) => {
  await using place = await startSessions(stateDirOf(context), {}, [[Messaging, { abort: () => [] } as never]]);
  await grown(place, "demo", 1);
  const { promise, resolve } = Promise.withResolvers<void>();
  const work = place.sessions.lane("demo", () => promise);
  await place.sessions.get("demo");
  context.mock.timers.enable({ apis: ["setTimeout"] });

  const refused = assert.rejects(place.host.call("sessions.delete", { key: "demo" }), {
    code: "UNAVAILABLE",
    message: "Session agent:main:demo is still active; try again in a moment.",
  });
  for (let step = 0; step < 20; step++) await new Promise((done) => setImmediate(done));
  context.mock.timers.tick(15_000);
  context.mock.timers.reset(); // the store has a real timer, which only a real clock clears

  await refused;
  assert.ok(await place.sessions.get("demo"));
  resolve();
  await work;
});

test("sessions.compact keeps the newest lines, the header and the calls of tool results", async (context) => {
  await using place = await startSessions(stateDirOf(context));
  const compact = (params: object) => place.host.call("sessions.compact", { key: "demo", ...params });
  assert.deepEqual(await compact({}), {
    ok: true,
    key: "agent:main:demo",
    compacted: false,
    reason: "no sessionId",
  });
  const session = await place.sessions.open("demo");
  assert.partialDeepStrictEqual(await compact({}), { compacted: false, reason: "no transcript" });
  const transcript = place.sessions.transcript(session);
  await transcript.append(userMessage("old"));
  await transcript.append(userMessage("use it"));
  await transcript.append(call("c1"));
  await transcript.append(result("c1"));
  await transcript.append(userMessage("new"));
  assert.partialDeepStrictEqual(await compact({}), { compacted: false, kept: 5 });
  const before = readFileSync(transcript.file, "utf8");

  const answer = (await compact({ maxLines: 2 })) as { kept: number; archived: string };

  assert.deepEqual(answer.kept, 3);
  assert.equal(readFileSync(answer.archived, "utf8"), before);
  const [header, first, ...others] = linesOf(transcript.file);
  assert.partialDeepStrictEqual(header, { type: "session", id: session.entry.sessionId });
  assert.equal(first?.["parentId"], null);
  assert.deepEqual(
    [first, ...others].map((line) => line?.["role"]),
    ["assistant", "toolResult", "user"],
  );
  await transcript.append(userMessage("next"));
  assert.deepEqual(
    (await transcript.messages()).map(({ role }) => role),
    ["assistant", "toolResult", "user", "user"],
  );
});

test("a transcript that somebody works on is not compacted; a summary is made by whoever can", async (context) => {
  await using place = await startSessions(stateDirOf(context));
  await grown(place, "demo", 3);
  const { promise, resolve } = Promise.withResolvers<void>();
  const work = place.sessions.lane("demo", () => promise);
  await assert.rejects(place.host.call("sessions.compact", { key: "demo", maxLines: 1 }), {
    code: "UNAVAILABLE",
    message: "Session agent:main:demo is still active; try again in a moment.",
  });
  resolve();
  await work;
  place.host.hooksOf(Sessions).compact.tapPromise("test", async (_, { instructions }) => ({
    compacted: true,
    tokensBefore: 10,
    tokensAfter: 1,
    reason: instructions ?? "",
  }));

  const answer = await place.host.call("sessions.compact", { key: "demo", instructions: "briefly" });

  assert.partialDeepStrictEqual(answer, { compacted: true, tokensBefore: 10, reason: "briefly" });
});

test("a transcript that grows too long goes on in a new file, and nobody notices", async (context) => {
  await using place = await startSessions(stateDirOf(context));
  const file = await grown(place, "main", 5_050);
  const transcript = place.sessions.transcript(await place.sessions.open("main"));

  const folder = readdirSync(dirname(file));

  const parts = folder.filter((name) => name.startsWith(`${basename(file, ".jsonl")}.part.`));
  assert.equal(parts.length, 1);
  assert.equal(linesOf(join(dirname(file), parts[0] as string)).length, 4_801);
  const [header, first, ...others] = linesOf(file);
  assert.equal(header?.["parentSession"], parts[0]);
  assert.deepEqual([first?.["parentId"], others.length], [null, 249]);
  const all = Array.from({ length: 5_050 }, (_, at) => `m${at + 1}`);
  assert.deepEqual(textsOf(await transcript.messages()), all);
  assert.deepEqual(textsOf(await transcript.messages({ limit: 1_000 })), all.slice(-1_000));
  assert.equal(readlinkSync(join(dirname(file), "main.jsonl")), basename(file));
  await grown(place, "main", 5_000);
  assert.deepEqual(textsOf(await transcript.messages()).slice(0, 5_050), all);
});

test("a transcript that goes on elsewhere is put aside with all its parts", async (context) => {
  await using place = await startSessions(stateDirOf(context));
  const file = await grown(place, "demo", 5_001);

  const { archived } = (await place.host.call("sessions.delete", { key: "demo" })) as { archived: string[] };

  assert.equal(archived.length, 2);
  assert.deepEqual(
    readdirSync(dirname(file)).filter((name) => name.endsWith(".jsonl")),
    [],
  );
});

test("clients are told which sessions have changed", async (context) => {
  await using place = await startSessions(stateDirOf(context));
  context.mock.timers.enable({ apis: ["setTimeout"] });

  await Promise.all(["a", "b", "c"].map((key) => place.host.call("sessions.patch", { key, verboseLevel: "on" })));
  context.mock.timers.tick(250);
  context.mock.timers.reset(); // the store has a real timer, which only a real clock clears

  assert.deepEqual(place.host.events, [
    {
      name: "sessions.changed",
      payload: { keys: ["agent:main:a", "agent:main:b", "agent:main:c"], reason: "updated" },
    },
  ]);
});

function call(id: string): TranscriptMessage {
  return {
    role: "assistant",
    content: [{ type: "toolCall", id, name: "exec", arguments: {} }],
    api: "a",
    provider: "p",
    model: "m",
    usage: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, totalTokens: 0 },
    stopReason: "toolUse",
    timestamp: 1,
  };
}

function result(toolCallId: string): TranscriptMessage {
  return { role: "toolResult", toolCallId, toolName: "exec", content: [], isError: false, timestamp: 2 };
}
