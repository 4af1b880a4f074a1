import assert from "node:assert/strict";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { UsageReports } from "openclaw/plugin-sdk";
import { createTestHost, startTestGateway } from "openclaw/plugin-sdk/testing";
import usage from "../../plugins/methods/usage/index.ts";
import { dayOf, dayRange } from "../../plugins/methods/usage/range.ts";
import { run, startGateway, testHome } from "../support/command-line.ts";

const DAY_MS = 86_400_000;
const NOW = new Date(2026, 10, 20, 9, 30).getTime();

interface Report {
  readonly days: number;
  readonly daily: readonly (Record<string, number> & { readonly date: string })[];
  readonly totals: Record<string, number>;
}

const line = (at: number, provider: string, model: string, used: object) =>
  `${JSON.stringify({ type: "message", message: { role: "assistant", provider, model, usage: used, timestamp: at } })}\n`;

const RANGES: readonly (readonly [object, string, string, number])[] = [
  [{}, "2026-10-22", "2026-11-20", 30],
  [{ days: 1 }, "2026-11-20", "2026-11-20", 1],
  [{ days: "7" }, "2026-11-14", "2026-11-20", 7],
  [{ days: "many" }, "2026-10-22", "2026-11-20", 30],
  [{ days: 0 }, "2026-10-22", "2026-11-20", 30],
  [{ days: 9_999 }, "2025-11-21", "2026-11-20", 365],
  [{ startDate: "2026-11-01", endDate: "2026-11-03" }, "2026-11-01", "2026-11-03", 3],
  [{ startDate: "2026-11-31" }, "2026-10-22", "2026-11-20", 30],
  [{ startDate: "2026-11-09", endDate: "2026-11-01" }, "2026-11-01", "2026-11-01", 1],
];
for (const [params, first, last, days] of RANGES) {
  test(`the days of ${JSON.stringify(params)} are ${first} to ${last}`, () => {
    const range = dayRange(params, NOW);

    assert.deepEqual([range.first, range.last, range.days], [first, last, days]);
    assert.equal(dayOf(range.startMs), first);
  });
}

test("tokens and costs are added up by day over every transcript there is", async () => {
  await using gateway = await startTestGateway({
    config: {
      models: {
        providers: { acme: { models: [{ id: "big", cost: { input: 3, output: 15, cacheRead: 1, cacheWrite: 2 } }] } },
      },
    },
  });
  const folder = join(gateway.stateDir, "agents", "main", "sessions");
  mkdirSync(folder, { recursive: true });
  const now = Date.now();
  // Not a day of 24 hours ago: one of 25 may be the same day still.
  const yesterday = new Date(now).setHours(-12);
  const used = { input: 1_000_000, output: 100_000, cacheRead: 500_000, cacheWrite: 0 };
  writeFileSync(
    join(folder, "one.jsonl"),
    [
      line(now, "acme", "big", used),
      line(yesterday, "acme", "big", { input: 1_000_000, output: 0, cacheRead: 0, cacheWrite: 0 }),
      line(now - 40 * DAY_MS, "acme", "big", used),
      '{"type":"message","message":{"role":"user","content":"about \\"usage\\""}}\n',
      '{"type":"message","message":{"role":"assistant","usage":{"inp',
    ].join(""),
  );
  writeFileSync(join(folder, "before.jsonl"), line(now, "acme", "unpriced", { input: 5, output: 7 }));
  symlinkSync("one.jsonl", join(folder, "other-name.jsonl"));
  const client = await gateway.client();

  const { days, daily, totals } = await client.request<Report>("usage.cost");

  assert.equal(days, 30);
  assert.deepEqual(
    daily.map(({ date }) => date),
    [dayOf(yesterday), dayOf(now)],
  );
  assert.deepEqual(daily[1], {
    date: dayOf(now),
    input: 1_000_005,
    output: 100_007,
    cacheRead: 500_000,
    cacheWrite: 0,
    totalTokens: 1_600_012,
    totalCost: 5,
    inputCost: 3,
    outputCost: 1.5,
    cacheReadCost: 0.5,
    cacheWriteCost: 0,
    missingCostEntries: 1,
  });
  assert.deepEqual([totals["input"], totals["totalCost"]], [2_000_005, 8]);
  // The day of the lines, which may be over by now.
  const one = { startDate: dayOf(now), endDate: dayOf(now) };
  assert.deepEqual((await client.request<Report>("usage.cost", one)).daily, [daily[1]]);
});

test("usage.status shows what provider plugins can tell", async () => {
  await using host = await createTestHost(usage);
  const ask = async () => ((await host.call("usage.status")) as { providers: object[] }).providers;

  assert.deepEqual(await ask(), []);
  const acme = { provider: "acme", displayName: "Acme", windows: [{ label: "5h", usedPercent: 40 }] };
  host.hooksOf(UsageReports).quota.tap("acme", (quotas) => [...quotas, acme]);
  assert.deepEqual(await ask(), [acme]);
});

test("gateway usage-cost prints a table", async () => {
  using at = await testHome();
  await using _gateway = await startGateway(at);

  const [text, json] = await Promise.all([
    run(at, ["gateway", "usage-cost"]),
    run(at, ["gateway", "usage-cost", "--days", "3", "--json"]),
  ]);

  assert.match(text.stdout, /^DATE +INPUT +OUTPUT +TOTAL +COST\nall +0 +0 +0 +0\.0000\n$/);
  assert.equal((JSON.parse(json.stdout) as Report).days, 3);
});
