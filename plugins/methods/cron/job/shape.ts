import { closed, NonEmptyString, oneOf, Type } from "openclaw/plugin-sdk";
import { MISSED_POLICIES, WEBHOOK_METHODS } from "./job.ts";

const Text = Type.String({ minLength: 1, maxLength: 100_000 });
const Line = Type.String({ minLength: 1, maxLength: 500 });
const Moment = Type.Integer({ minimum: 0 });

const Schedules = Type.Union([
  closed({ kind: Type.Literal("at"), at: Line }),
  closed({
    kind: Type.Literal("every"),
    everyMs: Type.Integer({ minimum: 1, maximum: 10 * 366 * 86_400_000 }),
    anchorMs: Type.Optional(Moment),
  }),
  closed({ kind: Type.Literal("cron"), expr: Line, tz: Type.Optional(Line) }),
]);

const Payloads = Type.Union([
  closed({ kind: Type.Literal("systemEvent"), text: Text }),
  closed({
    kind: Type.Literal("agentTurn"),
    message: Text,
    model: Type.Optional(Line),
    thinking: Type.Optional(Line),
    timeoutSeconds: Type.Optional(Type.Integer({ minimum: 1, maximum: 86_400 })),
    allowUnsafeExternalContent: Type.Optional(Type.Boolean()),
  }),
  closed({
    kind: Type.Literal("message"),
    text: Text,
    channel: Type.Optional(Line),
    to: Type.Optional(Line),
    accountId: Type.Optional(Line),
    media: Type.Optional(Type.String({ minLength: 1, maxLength: 8_192 })),
  }),
  closed({
    kind: Type.Literal("webhook"),
    url: Type.String({ minLength: 1, maxLength: 8_192 }),
    method: Type.Optional(oneOf(WEBHOOK_METHODS)),
    headers: Type.Optional(Type.Record(Type.String(), Type.String({ maxLength: 4_096 }), { maxProperties: 50 })),
    body: Type.Optional(Type.Unknown()),
    timeoutMs: Type.Optional(Type.Integer({ minimum: 100, maximum: 30_000 })),
    secret: Type.Optional(Type.String({ minLength: 1, maxLength: 1_024 })),
  }),
]);

const Deliveries = closed({
  mode: oneOf(["none", "announce"]),
  channel: Type.Optional(Line),
  to: Type.Optional(Line),
  accountId: Type.Optional(Line),
  sessionKey: Type.Optional(Line),
  bestEffort: Type.Optional(Type.Boolean()),
});

/** What `cron.add` takes once it is brought into one form (protocol.md §9.7). */
export const JobShape = closed({
  name: Type.String({ minLength: 1, maxLength: 200 }),
  schedule: Schedules,
  sessionTarget: Type.Union([
    Type.Literal("main"),
    Type.Literal("isolated"),
    Type.String({ pattern: "^session:.+", maxLength: 520 }),
  ]),
  payload: Payloads,
  wakeMode: oneOf(["next-heartbeat", "now"]),
  agentId: Type.Optional(Type.Union([Line, Type.Null()])),
  description: Type.Optional(Type.String({ maxLength: 2_000 })),
  enabled: Type.Optional(Type.Boolean()),
  deleteAfterRun: Type.Optional(Type.Boolean()),
  delivery: Type.Optional(Deliveries),
  missed: Type.Optional(oneOf(MISSED_POLICIES)),
  missedMax: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
  idempotencyKey: Type.Optional(Line),
});

/** A job as clients are told of it: in the one form, with its seed spelling beside it. */
export const JobView = Type.Object(
  {
    id: NonEmptyString,
    name: Type.String(),
    enabled: Type.Boolean(),
    createdAtMs: Type.Integer(),
    updatedAtMs: Type.Integer(),
    schedule: Schedules,
    sessionTarget: Type.String(),
    wakeMode: oneOf(["next-heartbeat", "now"]),
    payload: Payloads,
    delivery: Type.Optional(Deliveries),
    state: Type.Object({
      nextRunAtMs: Type.Optional(Type.Integer()),
      runningAtMs: Type.Optional(Type.Integer()),
      lastRunAtMs: Type.Optional(Type.Integer()),
      lastStatus: Type.Optional(oneOf(["ok", "error", "skipped"])),
      lastError: Type.Optional(Type.String()),
      lastDurationMs: Type.Optional(Type.Integer()),
      consecutiveErrors: Type.Optional(Type.Integer()),
      attempts: Type.Optional(Type.Integer()),
    }),
    scheduleText: Type.String(),
    action: closed({ type: oneOf(["message", "agent", "webhook"]), params: Type.Object({}) }),
    deliverTo: Type.Optional(Type.String()),
  },
  { additionalProperties: true },
);

export const RunEntry = Type.Object({
  ts: Type.Integer(),
  jobId: NonEmptyString,
  action: Type.Literal("finished"),
  status: Type.Optional(oneOf(["ok", "error", "skipped"])),
  error: Type.Optional(Type.String()),
  summary: Type.Optional(Type.String()),
  sessionId: Type.Optional(Type.String()),
  sessionKey: Type.Optional(Type.String()),
  runAtMs: Type.Optional(Type.Integer()),
  durationMs: Type.Optional(Type.Integer()),
  nextRunAtMs: Type.Optional(Type.Integer()),
  delivered: Type.Optional(Type.Boolean()),
  note: Type.Optional(Type.String()),
  trigger: Type.Optional(oneOf(["schedule", "manual", "catchup"])),
});

export const CronEventShape = Type.Object({
  jobId: NonEmptyString,
  action: oneOf(["added", "updated", "removed", "started", "finished"]),
  runAtMs: Type.Optional(Type.Integer()),
  durationMs: Type.Optional(Type.Integer()),
  status: Type.Optional(oneOf(["ok", "error", "skipped"])),
  error: Type.Optional(Type.String()),
  summary: Type.Optional(Type.String()),
  sessionId: Type.Optional(Type.String()),
  sessionKey: Type.Optional(Type.String()),
  nextRunAtMs: Type.Optional(Type.Integer()),
});
