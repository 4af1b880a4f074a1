import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { test } from "node:test";
import type { TranscriptMessage } from "openclaw/plugin-sdk";
import { startSessions, stateDirOf, userMessage } from "../place.fixture.ts";
import type { Place } from "../place.fixture.ts";
import { dateOf } from "./tally.ts";

const NOW = Date.now();
const HOUR = 3_600_000;
const SETTINGS = {
  models: { providers: { fake: { models: [{ id: "m1", cost: { input: 3, output: 15, cacheRead: 0.3 } }] } } },
};

function said(at: number): TranscriptMessage {
  return { ...userMessage("hello"), timestamp: at };
}

function answer(at: number, more: object = {}): TranscriptMessage {
  return {
    role: "assistant",
    content: [{ type: "text", text: "hi" }],
    api: "a",
    provider: "fake",
    model: "m1",
    usage: { input: 1_000_000, output: 100_000, cacheRead: 0, cacheWrite: 0, totalTokens: 1_100_000 },
    stopReason: "stop",
    timestamp: at,
    ...more,
  } as TranscriptMessage;
}

async function talk(place: Place, key: string, messages: readonly TranscriptMessage[]): Promise<void> {
  const transcript = place.sessions.transcript(await place.sessions.open(key));
  for (const message of messages) await transcript.append(message);
}

interface Report {
  readonly startDate: string;
  readonly endDate: string;
  readonly sessions: readonly { readonly key: string; readonly usage: Record<string, unknown> | null }[];
  readonly totals: Record<string, number>;
  readonly aggregates: Record<string, unknown>;
}

function usage(place: Place, params: object = {}): Promise<Report> {
  return place.host.call("sessions.usage", params) as Promise<Report>;
}

test("sessions.usage adds up tokens, costs, counts and waiting times of each session and of all", async (context) => {
  await using place = await startSessions(stateDirOf(context), SETTINGS);
  const tool = { content: [{ type: "toolCall", id: "c", name: "exec", arguments: {} }], stopReason: "toolUse" };
  await talk(place, "main", [said(NOW - 5_000), answer(NOW - 4_000, tool), answer(NOW - 3_000)]);
  await talk(place, "other", [said(NOW - 900), answer(NOW - 800, { model: "m9", stopReason: "error" })]);

  const { sessions, totals, aggregates } = await usage(place);

  assert.deepEqual(sessions.map(({ key }) => key).toSorted(), ["agent:main:main", "agent:main:other"]);
  assert.partialDeepStrictEqual(sessions.find(({ key }) => key === "agent:main:main")?.usage, {
    durationMs: 2_000,
    messageCounts: { total: 3, user: 1, assistant: 2, toolCalls: 1, toolResults: 0, errors: 0 },
    latency: { count: 2, avgMs: 1_500, minMs: 1_000, maxMs: 2_000, p95Ms: 2_000 },
    input: 2_000_000,
    inputCost: 6,
    outputCost: 3,
    totalCost: 9,
    missingCostEntries: 0,
  });
  assert.partialDeepStrictEqual(totals, { totalTokens: 3_300_000, totalCost: 9, missingCostEntries: 1 });
  assert.partialDeepStrictEqual(aggregates, {
    messages: { total: 5, errors: 1 },
    tools: { totalCalls: 1, uniqueTools: 1, tools: [{ name: "exec", count: 1 }] },
    byProvider: [{ provider: "fake", count: 3 }],
    byAgent: [{ agentId: "main" }],
  });
});

test("thirty days of the calendar are told, whatever their length, or those up to a given one", async (context) => {
  const zone = process.env["TZ"];
  context.after(() => {
    if (zone === undefined) delete process.env["TZ"];
    else process.env["TZ"] = zone;
  });
  process.env["TZ"] = "America/New_York";
  await using place = await startSessions(stateDirOf(context), SETTINGS);
  const days = async (now: string, params?: object) => {
    context.mock.timers.enable({ apis: ["Date"], now: new Date(now) });
    const { startDate, endDate } = await usage(place, params);
    context.mock.timers.reset();
    return [startDate, endDate];
  };

  assert.deepEqual(await days("2026-11-10T23:30:00-05:00"), ["2026-10-12", "2026-11-10"]);
  assert.deepEqual(await days("2027-04-01T00:30:00-04:00"), ["2027-03-03", "2027-04-01"]);
  assert.deepEqual(await days("2026-11-10T12:00:00-05:00", { endDate: "2026-03-15" }), ["2026-02-14", "2026-03-15"]);
});

test("days, one session, and what cannot be read", async (context) => {
  await using place = await startSessions(stateDirOf(context), SETTINGS);
  const old = NOW - 60 * 24 * HOUR;
  await talk(place, "main", [said(old), answer(old), said(NOW), answer(NOW)]);
  const broken = await place.sessions.open("broken");
  writeFileSync(place.sessions.transcript(broken).file, '{"type":"session","version":9}\n');

  assert.equal((await usage(place)).totals["input"], 1_000_000);
  assert.equal((await usage(place, { startDate: dateOf(old), endDate: dateOf(old) })).totals["input"], 1_000_000);
  assert.equal((await usage(place, { startDate: dateOf(old) })).totals["input"], 2_000_000);
  assert.deepEqual((await usage(place, { key: "broken" })).sessions[0]?.usage, null);
  await assert.rejects(usage(place, { key: "nobody" }), { message: "No session found: nobody" });
  await assert.rejects(usage(place, { startDate: "2026-13-45" }), { code: "INVALID_REQUEST" });
  await assert.rejects(usage(place, { startDate: "soon" }), { message: /invalid sessions.usage params/ });
});

test("the course of a session and its newest lines", async (context) => {
  await using place = await startSessions(stateDirOf(context), SETTINGS);
  await talk(place, "main", [said(NOW), answer(NOW + 1), said(NOW + 2), answer(NOW + 3)]);

  const series = (await place.host.call("sessions.usage.timeseries", { key: "main" })) as { points: object[] };
  const { logs } = (await place.host.call("sessions.usage.logs", { key: "main", limit: 2 })) as { logs: object[] };

  assert.partialDeepStrictEqual(series.points, [
    { timestamp: NOW + 1, cost: 4.5, cumulativeTokens: 1_100_000, cumulativeCost: 4.5 },
    { timestamp: NOW + 3, cost: 4.5, cumulativeTokens: 2_200_000, cumulativeCost: 9 },
  ]);
  assert.deepEqual(logs, [
    { timestamp: NOW + 2, role: "user", content: "hello" },
    { timestamp: NOW + 3, role: "assistant", content: "hi", tokens: 1_100_000, cost: 4.5 },
  ]);
});
