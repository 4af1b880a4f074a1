import assert from "node:assert/strict";
import { test } from "node:test";
import type { CronAuthor, SessionsApi } from "openclaw/plugin-sdk";
import { loadCalendar } from "../schedule/calendar.ts";
import { changedJob, newJob } from "./change.ts";
import type { ChangeParts } from "./change.ts";

const NOW = Date.parse("2026-01-05T08:00:00Z");
const warnings: string[] = [];
const parts: ChangeParts = {
  sessions: { parseKey: (key: string) => ({ canonical: key, agentId: "main", rest: key }) } as unknown as SessionsApi,
  calendar: await loadCalendar(),
  now: NOW,
  warn: (text) => void warnings.push(text),
};
const STRANGER: CronAuthor = { agentId: "family", sessionKey: "agent:family:telegram:group:1", isOwner: false };
const OWNER: CronAuthor = { agentId: "family", sessionKey: "agent:family:main", isOwner: true };
const HOURLY = { kind: "every", everyMs: 3_600_000 };

test("what is missing has its default, and older words mean what they meant", () => {
  const wrapped = newJob({ job: { schedule: { atMs: NOW + 60_000 }, message: "hello\nthere" } }, undefined, parts);
  assert.deepEqual(
    [wrapped.name, wrapped.schedule, wrapped.sessionTarget, wrapped.wakeMode, wrapped.deleteAfterRun, wrapped.delivery],
    ["hello", { kind: "at", at: "2026-01-05T08:01:00.000Z" }, "isolated", "now", true, { mode: "announce" }],
  );
  const legacy = {
    kind: "agentTurn",
    message: "x",
    deliver: true,
    channel: "telegram",
    to: "1",
    bestEffortDeliver: true,
  };
  const folded = newJob({ name: "a", enabled: "false", schedule: HOURLY, payload: legacy }, undefined, parts);
  assert.deepEqual(folded.payload, { kind: "agentTurn", message: "x" });
  assert.deepEqual(folded.delivery, { mode: "announce", channel: "telegram", to: "1", bestEffort: true });
  assert.deepEqual([folded.enabled, folded.state], [false, {}]);
  const old = newJob({ name: "a", schedule: HOURLY, message: "x", delivery: { mode: "deliver" } }, undefined, parts);
  assert.deepEqual(old.delivery, { mode: "announce" });
});

test("an interval below a second becomes one, and somebody is told", () => {
  const job = newJob({ name: "fast", schedule: { kind: "every", everyMs: 5 }, text: "x" }, undefined, parts);

  assert.deepEqual(job.schedule, { kind: "every", everyMs: 1_000, anchorMs: NOW });
  assert.equal(job.state.nextRunAtMs, NOW + 1_000);
  assert.match(warnings.at(-1) ?? "", /"fast" asks for every 5 ms/);
});

test("whoever is no owner plans turns of its own agent, told where it asked", () => {
  const turn = newJob({ name: "a", agentId: "main", schedule: HOURLY, message: "x" }, STRANGER, parts);

  assert.deepEqual(
    [turn.agentId, turn.author?.isOwner, turn.delivery],
    ["family", false, { mode: "announce", sessionKey: STRANGER.sessionKey }],
  );
  for (const job of [
    { name: "a", schedule: HOURLY, text: "obey" },
    { name: "a", schedule: HOURLY, payload: { kind: "message", text: "x", channel: "telegram", to: "1" } },
    { name: "a", schedule: HOURLY, payload: { kind: "webhook", url: "https://example.com" } },
    { name: "a", schedule: HOURLY, message: "x", sessionTarget: "session:agent:main:main" },
    { name: "a", schedule: HOURLY, message: "x", delivery: { mode: "announce", channel: "telegram", to: "1" } },
    { name: "a", schedule: HOURLY, message: "x", delivery: { mode: "announce", sessionKey: "agent:main:main" } },
  ])
    assert.throws(() => newJob(job, STRANGER, parts), /only owners/);
  assert.equal(newJob({ name: "a", schedule: HOURLY, text: "x" }, OWNER, parts).author?.isOwner, true);
});

test("a stranger's patch changes no job of somebody else's, and nobody's patch makes one more than it was", () => {
  const owned = newJob({ name: "a", schedule: HOURLY, message: "x", delivery: { mode: "none" } }, OWNER, parts);
  assert.throws(() => changedJob(owned, { payload: { message: "obey" } }, STRANGER, parts), /unknown cron job id/);

  const own = newJob({ name: "b", schedule: HOURLY, message: "x", delivery: { mode: "none" } }, STRANGER, parts);
  const elsewhere = { ...STRANGER, sessionKey: `${STRANGER.sessionKey}:other` };
  assert.throws(() => changedJob(own, { name: "c" }, elsewhere, parts), /unknown cron job id/);
  const touched = changedJob(own, { payload: { message: "obey" } }, STRANGER, parts);
  assert.deepEqual([touched.author?.isOwner, touched.agentId], [false, "family"]);
  assert.equal(changedJob(touched, { name: "d" }, OWNER, parts).author?.isOwner, false);
});

test("a job whose one time is past is not switched on again", () => {
  const job = newJob({ name: "a", schedule: { kind: "at", at: "2026-01-05T08:00:00Z" }, text: "x" }, undefined, parts);
  const off = { ...job, enabled: false, state: {} };
  const later = { ...parts, now: NOW + 3_600_000 };

  assert.throws(() => changedJob(off, { enabled: true }, undefined, later), /schedule\.at is in the past/);
  const moved = changedJob(off, { enabled: true, schedule: "2026-01-06" }, undefined, later);
  assert.equal(moved.state.nextRunAtMs, Date.parse("2026-01-06"));
});

test("a secret that was told as hidden stays what it was", () => {
  const hook = { kind: "webhook", url: "https://example.com", secret: "top", headers: { authorization: "b", x: "1" } };
  const job = newJob({ name: "a", schedule: HOURLY, payload: hook }, undefined, parts);
  const hidden = "__OPENCLAW_REDACTED__";

  const patch = { payload: { ...hook, secret: hidden, headers: { authorization: hidden, x: "2" } } };
  const changed = changedJob(job, patch, undefined, parts);

  assert.deepEqual(changed.payload, { ...hook, headers: { authorization: "b", x: "2" } });
});
