import { Type } from "openclaw/plugin-sdk";

const Text = Type.String();
const Amount = Type.Number();
const Count = Type.Integer();
const Maybe = Type.Optional(Text);

const Tokens = { input: Amount, output: Amount, cacheRead: Amount, cacheWrite: Amount, totalTokens: Amount };
const Totals = {
  ...Tokens,
  totalCost: Amount,
  inputCost: Amount,
  outputCost: Amount,
  cacheReadCost: Amount,
  cacheWriteCost: Amount,
  missingCostEntries: Count,
};
const TotalsShape = Type.Object(Totals);
const Counts = {
  total: Count,
  user: Count,
  assistant: Count,
  toolCalls: Count,
  toolResults: Count,
  errors: Count,
};
const Latency = { count: Count, avgMs: Amount, p95Ms: Amount, minMs: Amount, maxMs: Amount };
const ModelUses = Type.Array(Type.Object({ provider: Text, model: Text, count: Count, totals: TotalsShape }));
const LatencyByDay = Type.Array(Type.Object({ date: Text, ...Latency }));
const ModelsByDay = Type.Array(
  Type.Object({ date: Text, provider: Text, model: Text, tokens: Amount, cost: Amount, count: Count }),
);

const SessionUseShape = Type.Object({
  ...Totals,
  sessionId: Text,
  sessionFile: Text,
  firstActivity: Type.Optional(Count),
  lastActivity: Count,
  durationMs: Type.Optional(Count),
  activityDates: Type.Array(Text),
  dailyBreakdown: Type.Array(Type.Object({ date: Text, tokens: Amount, cost: Amount })),
  dailyMessageCounts: Type.Array(Type.Object({ date: Text, ...Counts })),
  dailyLatency: LatencyByDay,
  dailyModelUsage: ModelsByDay,
  messageCounts: Type.Object(Counts),
  modelUsage: ModelUses,
  latency: Type.Object(Latency),
});

/** `usage` is `null` for a session that was asked for and had none. */
export const SessionsUsageShape = Type.Object({
  updatedAt: Count,
  startDate: Text,
  endDate: Text,
  sessions: Type.Array(
    Type.Object({
      key: Text,
      sessionId: Maybe,
      updatedAt: Type.Optional(Count),
      agentId: Maybe,
      label: Maybe,
      channel: Maybe,
      chatType: Maybe,
      origin: Type.Optional(Type.Unknown()),
      modelProvider: Maybe,
      model: Maybe,
      usage: Type.Union([SessionUseShape, Type.Null()]),
      contextWeight: Type.Optional(Type.Unknown()),
    }),
  ),
  totals: TotalsShape,
  aggregates: Type.Object({
    messages: Type.Object(Counts),
    tools: Type.Object({
      totalCalls: Count,
      uniqueTools: Count,
      tools: Type.Array(Type.Object({ name: Text, count: Count })),
    }),
    byModel: ModelUses,
    byProvider: Type.Array(Type.Object({ provider: Text, count: Count, totals: TotalsShape })),
    byAgent: Type.Array(Type.Object({ agentId: Text, totals: TotalsShape })),
    byChannel: Type.Array(Type.Object({ channel: Text, totals: TotalsShape })),
    latency: Type.Object(Latency),
    dailyLatency: LatencyByDay,
    modelDaily: ModelsByDay,
    daily: Type.Array(
      Type.Object({ date: Text, tokens: Amount, cost: Amount, messages: Count, toolCalls: Count, errors: Count }),
    ),
  }),
});
export const UsageSeriesShape = Type.Object({
  sessionId: Text,
  points: Type.Array(
    Type.Object({ timestamp: Count, ...Tokens, cost: Amount, cumulativeTokens: Amount, cumulativeCost: Amount }),
  ),
});
/** Tokens and costs stand where a model spoke. */
export const UsageLogsShape = Type.Object({
  logs: Type.Array(
    Type.Object({
      timestamp: Count,
      role: Text,
      content: Text,
      tokens: Type.Optional(Amount),
      cost: Type.Optional(Amount),
    }),
  ),
});
