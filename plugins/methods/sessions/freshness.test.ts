import assert from "node:assert/strict";
import { test } from "node:test";
import { Agents, Messaging } from "openclaw/plugin-sdk";
import type { SessionEntry, Work } from "openclaw/plugin-sdk";
import { isStale } from "./freshness.ts";
import { startSessions, stateDirOf } from "./place.fixture.ts";
import type { Place } from "./place.fixture.ts";

function stale(at: string, now: string, session: object, rest = "main", channel = "webchat"): boolean {
  const settings = { get: <T>(path: string) => (session as Record<string, unknown>)[path.slice(8)] as T | undefined };
  const key = { canonical: `agent:main:${rest}`, agentId: "main", rest };
  const entry = { sessionId: "s", updatedAt: new Date(at).getTime() } as SessionEntry;
  return isStale(key, entry, channel, settings, new Date(now).getTime());
}

const idle = { mode: "idle", idleMinutes: 30 };

/** Last message, next message, settings, whether a new session begins, and in which one. */
const CASES: readonly (readonly [string, string, string, object, boolean, string?, string?])[] = [
  ["the same day", "2026-03-10T05:00", "2026-03-10T23:00", {}, false],
  ["past four in the morning", "2026-03-10T23:00", "2026-03-11T04:00", {}, true],
  ["before four in the morning", "2026-03-10T23:00", "2026-03-11T03:59", {}, false],
  ["another hour", "2026-03-10T23:00", "2026-03-11T03:59", { reset: { mode: "daily", atHour: 0 } }, true],
  ["idle too long", "2026-03-10T10:00", "2026-03-10T10:31", { reset: idle }, true],
  ["idle, not too long, over the boundary", "2026-03-11T03:50", "2026-03-11T04:10", { reset: idle }, false],
  ["idle for the default hour", "2026-03-10T10:00", "2026-03-10T10:59", { reset: { mode: "idle" } }, false],
  ["daily and idle: idle first", "2026-03-10T10:00", "2026-03-10T11:00", { reset: { ...idle, mode: "daily" } }, true],
  [
    "daily and idle: the day first",
    "2026-03-11T03:50",
    "2026-03-11T04:05",
    { reset: { ...idle, mode: "daily" } },
    true,
  ],
  ["only the older setting", "2026-03-11T03:50", "2026-03-11T04:05", { idleMinutes: 30 }, false],
  ["by type", "2026-03-10T10:00", "2026-03-10T10:31", { resetByType: { group: idle } }, true, "telegram:group:1"],
  ["by type, another", "2026-03-10T10:00", "2026-03-10T10:31", { resetByType: { group: idle } }, false],
  ["by type, the older word", "2026-03-10T10:00", "2026-03-10T10:31", { resetByType: { dm: idle } }, true],
  [
    "a topic is a thread",
    "2026-03-10T10:00",
    "2026-03-10T10:31",
    { resetByType: { thread: idle } },
    true,
    "telegram:group:1:topic:2",
  ],
  [
    "the channel wins",
    "2026-03-10T10:00",
    "2026-03-10T10:31",
    { resetByChannel: { slack: idle }, resetByType: { direct: { mode: "daily" } } },
    true,
    "main",
    "slack",
  ],
  ["work has no days", "2026-03-10T10:00", "2026-03-20T10:31", {}, false, "cron:job"],
];

for (const [what, at, now, session, expected, rest, channel] of CASES) {
  test(`${what}: ${expected ? "a new session" : "the same session"}`, () => {
    assert.equal(stale(at, now, session, rest, channel), expected);
  });
}

test("the boundary is local time, also on days with 23 and 25 hours", (context) => {
  const before = process.env["TZ"];
  context.after(() => {
    if (before === undefined) delete process.env["TZ"];
    else process.env["TZ"] = before;
  });
  process.env["TZ"] = "Europe/Berlin";

  // 4:00 in summer is 2:00 UTC, in winter 3:00 UTC.
  assert.equal(stale("2026-03-29T00:30Z", "2026-03-29T02:00Z", {}), true);
  assert.equal(stale("2026-03-29T00:30Z", "2026-03-29T01:59Z", {}), false);
  assert.equal(stale("2026-10-25T01:30Z", "2026-10-25T02:59Z", {}), false);
  assert.equal(stale("2026-10-25T01:30Z", "2026-10-25T03:00Z", {}), true);
});

async function admit(place: Place, text: string, fields: Partial<Work> = {}): Promise<unknown> {
  const sessionKey = "agent:main:main";
  const envelope = { channel: "webchat", messageId: "1", text, sender: { id: "u" }, chatType: "direct", chatId: "u" };
  const work = { id: "w", runId: "r", sessionKey, attempt: 0, envelope, ...fields } as unknown as Work;
  const refusal = await place.host.hooksOf(Messaging).admit.promise(work);
  // What the message itself would wait for.
  await place.sessions.lane(sessionKey, async () => undefined);
  return refusal;
}

async function promptOf(place: Place, text: string): Promise<string> {
  const context = { agentId: "main", sessionKey: "agent:main:main", runId: "r" };
  const prompt = await place.host.hooksOf(Agents).beforeTurn.promise({ system: "", text }, context);
  return prompt.text;
}

test("a message to a stale session begins a new one, once for all that come together", async (context) => {
  await using place = await startSessions(stateDirOf(context));
  const old = await place.sessions.update("main", () => ({ updatedAt: 1, label: "home" }));
  const ids: string[] = [];

  await Promise.all(
    ["one", "two", "three"].map(async (text) => {
      await admit(place, text);
      await place.sessions.lane("main", async () => {
        ids.push((await place.sessions.open("main")).entry.sessionId);
      });
    }),
  );

  assert.equal(new Set(ids).size, 1);
  assert.notEqual(ids[0], old.entry.sessionId);
  assert.equal((await place.sessions.get("main"))?.entry.label, "home");
});

test("work that is taken up again does not begin another session", async (context) => {
  await using place = await startSessions(stateDirOf(context));
  const { entry } = await place.sessions.update("main", () => ({ updatedAt: 1 }));

  await admit(place, "/new", { attempt: 1 });

  assert.equal((await place.sessions.get("main"))?.entry.sessionId, entry.sessionId);
});

const STAMP = "[Fri 2026-11-20 08:13 UTC] ";

test("/new and /reset begin a new session with what is left of the message", async (context) => {
  const settings = { models: { providers: { fake: {} } } };
  await using place = await startSessions(stateDirOf(context), settings);
  const seen = new Set([(await place.sessions.open("main")).entry.sessionId]);
  const answered: unknown[] = [];

  for (const text of ["/new", " /RESET hello there", "/new fake/m1 hello", "/newer", "say /new", "/new ghost/x y"]) {
    await admit(place, text);
    const { sessionId, modelOverride } = (await place.sessions.open("main")).entry;
    answered.push([!seen.has(sessionId), modelOverride ?? null, await promptOf(place, STAMP + text.trim())]);
    seen.add(sessionId);
  }

  assert.deepEqual(answered.slice(1), [
    [true, null, `${STAMP}hello there`],
    [true, "m1", `${STAMP}hello`],
    [false, "m1", `${STAMP}/newer`],
    [false, "m1", `${STAMP}say /new`],
    [true, "m1", `${STAMP}ghost/x y`],
  ]);
  assert.match((answered[0] as [boolean, null, string])[2], /^\[Fri [^\]]+\] The user has just begun a new session/);
});

test("session.resetTriggers takes the place of the usual ones", async (context) => {
  await using place = await startSessions(stateDirOf(context), { session: { resetTriggers: ["fresh start"] } });
  const { entry } = await place.sessions.open("main");

  await admit(place, "/new");
  assert.equal((await place.sessions.get("main"))?.entry.sessionId, entry.sessionId);
  await admit(place, "Fresh start please");
  assert.notEqual((await place.sessions.get("main"))?.entry.sessionId, entry.sessionId);
});

/** Settings, entry of the session, its key, and what becomes of it. */
const POLICIES: readonly (readonly [object, object, string, "allow" | "deny"])[] = [
  [{}, {}, "main", "allow"],
  [{ default: "deny" }, {}, "main", "deny"],
  [{ default: "deny" }, { sendPolicy: "allow" }, "main", "allow"],
  [{ default: "deny" }, { sendPolicy: "prompt" }, "main", "allow"],
  [{}, { sendPolicy: "deny" }, "main", "deny"],
  [{ default: "deny", rules: [{ action: "allow", match: { chatType: "dm" } }] }, {}, "telegram:direct:1", "allow"],
  [{ rules: [{ action: "deny", match: { chatType: "group" } }] }, {}, "telegram:group:1", "deny"],
  [{ rules: [{ action: "deny", match: { chatType: "group" } }] }, {}, "slack:channel:1", "allow"],
  [{ rules: [{ action: "deny", match: { channel: "telegram" } }] }, {}, "telegram:group:1", "deny"],
  [{ rules: [{ action: "deny", match: { channel: "telegram" } }] }, { lastChannel: "telegram" }, "main", "deny"],
  [{ rules: [{ action: "allow" }, { action: "deny", match: { keyPrefix: "cron:" } }] }, {}, "cron:x", "deny"],
  [{ rules: [{ action: "deny", match: { channel: "slack", chatType: "channel" } }] }, {}, "slack:group:1", "allow"],
];

for (const [sendPolicy, entry, key, expected] of POLICIES) {
  test(`send policy ${JSON.stringify(sendPolicy)} for ${key} ${JSON.stringify(entry)}: ${expected}`, async (context) => {
    await using place = await startSessions(stateDirOf(context), { session: { sendPolicy } });
    await place.sessions.update(key, () => entry);

    assert.equal(await place.sessions.sendPolicy(key), expected);
  });
}

test("a session that may not be answered in refuses messages, but not the command that lifts it", async (context) => {
  await using place = await startSessions(stateDirOf(context));
  await place.sessions.update("main", () => ({ sendPolicy: "deny" }));

  assert.deepEqual(await admit(place, "hello"), { refuse: "send blocked by session policy" });
  assert.equal(await admit(place, "/send on"), undefined);
});
