import { addUsage, compareText, noUsage } from "openclaw/plugin-sdk";
import type { UsageTotals } from "openclaw/plugin-sdk";
import type { Tally } from "./tally.ts";

/** The usage of one session as clients read it (protocol-methods.json). */
export function usageOf(tally: Tally, session: { sessionId: string; sessionFile: string }): object {
  const days = [...tally.days].toSorted(([a], [b]) => compareText(a, b));
  return {
    ...session,
    firstActivity: tally.first,
    lastActivity: tally.last,
    durationMs: tally.last - tally.first,
    activityDates: days.map(([date]) => date),
    dailyBreakdown: days.map(([date, { totals }]) => ({ date, tokens: totals.totalTokens, cost: totals.totalCost })),
    dailyMessageCounts: days.map(([date, { counts }]) => ({ date, ...counts })),
    dailyLatency: latencyByDay(tally),
    dailyModelUsage: modelsByDay(tally),
    messageCounts: tally.counts,
    modelUsage: [...tally.models.values()],
    latency: latencyOf(tally.latencies),
    ...tally.totals,
  };
}

/** One session's part in what all of them used. */
export interface Share {
  readonly agentId: string;
  readonly channel: string | undefined;
  readonly totals: UsageTotals;
}

export function aggregatesOf(tally: Tally, shares: readonly Share[]): object {
  const days = [...tally.days].toSorted(([a], [b]) => compareText(a, b));
  const tools = [...tally.tools].map(([name, count]) => ({ name, count })).toSorted((a, b) => b.count - a.count);
  const models = [...tally.models.values()];
  return {
    messages: tally.counts,
    tools: { totalCalls: tally.counts.toolCalls, uniqueTools: tools.length, tools },
    byModel: models,
    byProvider: grouped(models, ({ provider }) => provider).map(({ name, count, totals }) => ({
      provider: name,
      count,
      totals,
    })),
    byAgent: grouped(shares, ({ agentId }) => agentId).map(({ name, totals }) => ({ agentId: name, totals })),
    byChannel: grouped(shares, ({ channel }) => channel).map(({ name, totals }) => ({ channel: name, totals })),
    latency: latencyOf(tally.latencies),
    dailyLatency: latencyByDay(tally),
    modelDaily: modelsByDay(tally),
    daily: days.map(([date, { totals, counts }]) => ({
      date,
      tokens: totals.totalTokens,
      cost: totals.totalCost,
      messages: counts.total,
      toolCalls: counts.toolCalls,
      errors: counts.errors,
    })),
  };
}

function grouped<T extends { readonly totals: UsageTotals; readonly count?: number }>(
  items: readonly T[],
  nameOf: (item: T) => string | undefined,
): { name: string; count: number; totals: UsageTotals }[] {
  const groups = new Map<string, { name: string; count: number; totals: UsageTotals }>();
  for (const item of items) {
    const name = nameOf(item);
    if (name === undefined) continue;
    const group = groups.get(name) ?? { name, count: 0, totals: noUsage() };
    groups.set(name, group);
    group.count += item.count ?? 1;
    addUsage(group.totals, item.totals);
  }
  return [...groups.values()].toSorted((a, b) => b.totals.totalTokens - a.totals.totalTokens);
}

function latencyByDay({ days }: Tally): object[] {
  return [...days]
    .filter(([, { latencies }]) => latencies.length > 0)
    .toSorted(([a], [b]) => compareText(a, b))
    .map(([date, { latencies }]) => ({ date, ...latencyOf(latencies) }));
}

function modelsByDay({ days }: Tally): object[] {
  return [...days]
    .toSorted(([a], [b]) => compareText(a, b))
    .flatMap(([date, { models }]) =>
      [...models.values()].map(({ provider, model, count, totals }) => ({
        date,
        provider,
        model,
        tokens: totals.totalTokens,
        cost: totals.totalCost,
        count,
      })),
    );
}

function latencyOf(latencies: readonly number[]): object {
  if (latencies.length === 0) return { count: 0, avgMs: 0, p95Ms: 0, minMs: 0, maxMs: 0 };
  const sorted = latencies.toSorted((a, b) => a - b);
  const sum = sorted.reduce((total, one) => total + one, 0);
  const p95 = sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * 0.95) - 1)];
  return { count: sorted.length, avgMs: sum / sorted.length, p95Ms: p95, minMs: sorted[0], maxMs: sorted.at(-1) };
}
