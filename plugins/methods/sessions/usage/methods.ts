import { stat } from "node:fs/promises";
import { closed, GatewayError, NonEmptyString, pricesIn, Type, usageTotals } from "openclaw/plugin-sdk";
import type { PluginGateway, Session, SessionsApi, Static } from "openclaw/plugin-sdk";
import { textOf } from "../message-text.ts";
import type { SessionIndex } from "../session-index.ts";
import type { Transcripts } from "../transcripts.ts";
import { aggregatesOf, usageOf } from "./report.ts";
import type { Share } from "./report.ts";
import { dateOf, daysBefore, Tally } from "./tally.ts";
import { SessionsUsageShape, UsageLogsShape, UsageSeriesShape } from "./shape.ts";

const DATE = "^\\d{4}-\\d{2}-\\d{2}$";
const UsageParams = closed({
  key: Type.Optional(NonEmptyString),
  startDate: Type.Optional(Type.String({ pattern: DATE })),
  endDate: Type.Optional(Type.String({ pattern: DATE })),
  limit: Type.Optional(Type.Integer({ minimum: 1 })),
  includeContextWeight: Type.Optional(Type.Boolean()),
});

export interface UsageParts {
  readonly gateway: PluginGateway;
  readonly api: SessionsApi;
  readonly index: SessionIndex;
  readonly transcripts: Transcripts;
}

const DAYS = 30;
const ROWS = 50;
/** Sessions whose transcripts are read for one answer. */
const MAX_READ = 2_000;
const MAX_POINTS = 5_000;
const LOGS = 50;
const MAX_LOGS = 1_000;
const LOG_CHARS = 2_000;

/** `sessions.usage` and its two details (protocol-methods.json): read from the transcripts, when they are asked for. */
export function registerUsage({ gateway, api, index, transcripts }: UsageParts): void {
  gateway.method({
    name: "sessions.usage",
    scope: "operator.admin",
    timeoutMs: 0,
    params: UsageParams,
    result: SessionsUsageShape,
    handle: (params) => report(params),
  });
  gateway.method({
    name: "sessions.usage.timeseries",
    scope: "operator.admin",
    params: Type.Object({ key: Type.Optional(NonEmptyString) }),
    result: UsageSeriesShape,
    async handle({ key: given }) {
      const key = needKey(given, "timeseries");
      const { session, messages } = await read(key, Number.POSITIVE_INFINITY);
      const priceOf = pricesIn(gateway.settings);
      let [cumulativeTokens, cumulativeCost] = [0, 0];
      const points = messages.flatMap((message) => {
        if (message.role !== "assistant") return [];
        const { input, output, cacheRead, cacheWrite, totalTokens, totalCost: cost } = usageTotals(message, priceOf);
        if (totalTokens === 0) return [];
        cumulativeTokens += totalTokens;
        cumulativeCost += cost;
        const { timestamp } = message;
        const sums = { cost, cumulativeTokens, cumulativeCost };
        return [{ timestamp, input, output, cacheRead, cacheWrite, totalTokens, ...sums }];
      });
      return { sessionId: session.entry.sessionId, points: points.slice(-MAX_POINTS) };
    },
  });
  gateway.method({
    name: "sessions.usage.logs",
    scope: "operator.admin",
    params: Type.Object({ key: Type.Optional(NonEmptyString), limit: Type.Optional(Type.Integer()) }),
    result: UsageLogsShape,
    async handle({ key: given, limit = LOGS }) {
      const key = needKey(given, "logs");
      const { messages } = await read(key, Math.min(MAX_LOGS, Math.max(1, limit)));
      const priceOf = pricesIn(gateway.settings);
      const logs = messages.map((message) => {
        const line = { timestamp: message.timestamp, role: message.role, content: textOf(message).slice(0, LOG_CHARS) };
        if (message.role !== "assistant") return line;
        const { totalTokens, totalCost } = usageTotals(message, priceOf);
        return { ...line, tokens: totalTokens, cost: totalCost };
      });
      return { logs };
    },
  });

  async function report({ key, startDate, endDate, limit = ROWS, includeContextWeight }: Static<typeof UsageParams>) {
    const now = Date.now();
    const end = endDate ?? dateOf(now);
    const start = startDate ?? daysBefore(end, DAYS - 1);
    const from = new Date(`${start}T00:00:00`).getTime();
    const to = new Date(`${end}T23:59:59.999`).getTime();
    if (Number.isNaN(from) || Number.isNaN(to) || from > to) {
      throw new GatewayError("INVALID_REQUEST", `no such days: ${start} to ${end}`);
    }
    const chosen = key === undefined ? await index.list({ since: from, limit: MAX_READ }) : [await find(key)];
    const all = new Tally();
    const shares: Share[] = [];
    const sessions: object[] = [];
    for (const session of chosen) {
      const tally = await tallyOf(session, from, to);
      if (tally.counts.total === 0 && key === undefined) continue;
      all.merge(tally);
      shares.push({ agentId: session.agentId, channel: channelOf(session), totals: tally.totals });
      if (sessions.length < limit) sessions.push(row(session, tally, includeContextWeight === true));
    }
    const aggregates = aggregatesOf(all, shares);
    return { updatedAt: now, startDate: start, endDate: end, sessions, totals: all.totals, aggregates };
  }

  /** One transcript that cannot be read takes nothing else along. */
  async function tallyOf(session: Session, from: number, to: number): Promise<Tally> {
    const tally = new Tally();
    const path = transcripts.pathOf(session);
    const info = await stat(path).catch(() => undefined);
    if (!info || info.mtimeMs < from) return tally;
    const priceOf = pricesIn(gateway.settings);
    const messages = await transcripts
      .of(session)
      .messages()
      .catch(() => []);
    for (const message of messages)
      if (message.timestamp >= from && message.timestamp <= to) tally.add(message, priceOf);
    return tally;
  }

  function row(session: Session, tally: Tally, withWeight: boolean): object {
    const { key, agentId, entry } = session;
    const { sessionId, updatedAt, label, chatType, modelProvider, model } = entry;
    const known = { label, channel: channelOf(session), chatType, origin: entry["origin"], modelProvider, model };
    const usage =
      tally.counts.total === 0 ? null : usageOf(tally, { sessionId, sessionFile: transcripts.pathOf(session) });
    return {
      key,
      sessionId,
      updatedAt,
      agentId,
      ...Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined)),
      usage,
      ...(withWeight && { contextWeight: entry["systemPromptReport"] ?? null }),
    };
  }

  async function read(key: string, limit: number) {
    const session = await find(key);
    return { session, messages: await transcripts.of(session).messages({ limit }) };
  }

  async function find(key: string): Promise<Session> {
    const session = await api.get(key);
    if (session) return session;
    throw new GatewayError("INVALID_REQUEST", `No session found: ${key.slice(0, 80)}`, {
      details: { code: "NOT_FOUND" },
    });
  }
}

function channelOf({ entry }: Session): string | undefined {
  return entry.channel ?? entry.lastChannel;
}

/** In the words that established clients know. */
function needKey(key: string | undefined, what: string): string {
  if (key === undefined) throw new GatewayError("INVALID_REQUEST", `key is required for ${what}`);
  return key;
}
