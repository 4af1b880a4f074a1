import assert from "node:assert/strict";
import { readdirSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import type { CleanupReport } from "./maintenance.ts";
import { startSessions, stateDirOf, userMessage } from "./place.fixture.ts";
import type { Place } from "./place.fixture.ts";

const DAY = 24 * 3_600_000;

async function aged(place: Place, key: string, days: number, fields: object = {}): Promise<string> {
  const transcript = place.sessions.transcript(await place.sessions.open(key));
  await transcript.append(userMessage(key));
  await place.sessions.update(key, () => ({ ...fields, updatedAt: Date.now() - days * DAY }));
  return transcript.file;
}

function cleanUp(place: Place, params: object = {}): Promise<CleanupReport> {
  return place.host.call("sessions.cleanup", params) as Promise<CleanupReport>;
}

async function keysOf(place: Place): Promise<string[]> {
  return (await place.sessions.list()).map(({ key }) => key.replace("agent:main:", "")).toSorted();
}

test("old and short-lived sessions go, those that somebody may come back to stay", async (context) => {
  await using place = await startSessions(stateDirOf(context));
  const file = await aged(place, "main", 400);
  await aged(place, "telegram:direct:1", 40);
  await aged(place, "telegram:direct:2", 20);
  await aged(place, "telegram:group:3", 40, { label: "Friends" });
  await aged(place, "subagent:4", 2);
  await aged(place, "subagent:5", 0);
  await aged(place, "openai:6", 2);
  await aged(place, "openai-user:7", 2);
  await aged(place, "slack:channel:8", 90);
  const { promise, resolve } = Promise.withResolvers<void>();
  const work = place.sessions.lane("slack:channel:8", () => promise);

  const counted = await cleanUp(place, { mode: "warn" });
  assert.deepEqual(counted.removed, { sessions: 3, archives: 0, orphans: 0 });
  assert.equal(await place.sessions.count(), 9);
  const { removed } = await cleanUp(place);

  assert.deepEqual(removed, counted.removed);
  assert.deepEqual(await keysOf(place), [
    "main",
    "openai-user:7",
    "slack:channel:8",
    "subagent:5",
    "telegram:direct:2",
    "telegram:group:3",
  ]);
  assert.equal(readdirSync(dirname(file)).filter((name) => name.includes(".jsonl.deleted.")).length, 3);
  resolve();
  await work;
});

test("limits take the oldest short-lived sessions, never conversations", async (context) => {
  const maintenance = { maxEphemeral: 3, maxEntries: 6 };
  await using place = await startSessions(stateDirOf(context), { session: { maintenance } });
  for (let number = 0; number < 5; number++) {
    await aged(place, `subagent:${number}`, 0.1 + (5 - number) / 100);
    await aged(place, `telegram:direct:${number}`, number);
  }

  await cleanUp(place);

  const conversations = [0, 1, 2, 3, 4].map((number) => `telegram:direct:${number}`);
  assert.deepEqual(await keysOf(place), ["subagent:4", ...conversations]);
});

test("old archives and transcripts of no session go; what is young, linked or in use stays", async (context) => {
  await using place = await startSessions(stateDirOf(context));
  const file = await aged(place, "main", 0);
  const directory = dirname(file);
  const old = (Date.now() - 60 * DAY) / 1_000;
  const stamp = (days: number) => new Date(Date.now() - days * DAY).toISOString().replaceAll(":", "-");
  const make = (name: string, isOld: boolean) => {
    writeFileSync(join(directory, name), "x");
    if (isOld) utimesSync(join(directory, name), old, old);
  };
  make(`a.jsonl.deleted.${stamp(40)}`, false);
  make(`a.jsonl.deleted.${stamp(20)}`, true);
  make(`b.jsonl.bak.${stamp(40)}`, false);
  make(`b.jsonl.bak-${stamp(40)}-0a1b`, false);
  make("orphan.jsonl", true);
  make("young.jsonl", false);
  utimesSync(file, old, old);

  const { removed } = await cleanUp(place);

  assert.deepEqual(removed, { sessions: 0, archives: 3, orphans: 1 });
  const left = readdirSync(directory).filter((name) => name !== "sessions.json");
  assert.equal(left.filter((name) => name.startsWith("a.jsonl.deleted.")).length, 1);
  assert.equal(left.filter((name) => name.startsWith("orphan.jsonl.deleted.")).length, 1);
  assert.ok(left.includes("young.jsonl") && left.includes("main.jsonl"));
  assert.equal(left.length, 5);
});

test("too many bytes take archives, oldest first, and then only a warning", async (context) => {
  const settings = { session: { maintenance: { maxDiskBytes: 1 } } };
  await using place = await startSessions(stateDirOf(context), settings);
  const file = await aged(place, "main", 0);
  writeFileSync(`${file}.bak.2999-01-01T00-00-00.000Z`, "x".repeat(1_000));

  const { removed } = await cleanUp(place);

  assert.equal(removed.archives, 1);
  assert.ok(place.host.log.some(({ message }) => message.includes("maxDiskBytes")));
});
