import { closed, GatewayError, NonEmptyString } from "openclaw/plugin-sdk";
import type { OutboxEntry, PluginGateway, Work } from "openclaw/plugin-sdk";
import type { Entries } from "../entries.ts";
import { explain, explainEntry } from "../explain.ts";
import type { IdempotencyKeys } from "../idempotency.ts";
import type { WorkLog } from "../work.ts";
import { TraceShape } from "./shape.ts";

export interface TraceParts {
  readonly log: WorkLog;
  readonly entries: Entries;
  readonly keys: IdempotencyKeys;
}

interface Line {
  readonly at: number;
  readonly event: string;
  readonly note?: string;
}

/** `trace.get`: one timeline of one message, from its first byte to its receipt. */
export function registerTrace(gateway: PluginGateway, { log, entries, keys }: TraceParts): void {
  gateway.method({
    name: "trace.get",
    scope: "operator.read",
    params: closed({ id: NonEmptyString }),
    result: TraceShape,
    async handle({ id }) {
      const entry = await entryOf(id);
      const work = await workOf(id, entry);
      if (work) return workTrace(work, await entries.ofWork(work.id));
      if (entry) return entryTrace(entry, await partsOf(entry));
      throw new GatewayError("INVALID_REQUEST", `no message, run or delivery is called ${id}`, {
        details: { code: "NOT_FOUND" },
      });
    },
  });

  async function entryOf(id: string): Promise<OutboxEntry | undefined> {
    const entry = await entries.get(id);
    if (entry) return entry;
    const ofKey = await keys.find(id);
    return ofKey === undefined ? undefined : entries.get(ofKey);
  }

  async function workOf(id: string, entry: OutboxEntry | undefined): Promise<Work | undefined> {
    if (entry) return entry.workId === undefined ? undefined : log.get(entry.workId);
    return (await log.get(id)) ?? (await log.find(id))[0];
  }

  async function partsOf(entry: OutboxEntry): Promise<OutboxEntry[]> {
    const { part } = entry;
    if (!part) return [entry];
    const ids = Array.from({ length: part.total }, (_, index) => (index === 0 ? part.of : `${part.of}-${index}`));
    return (await Promise.all(ids.map((one) => entries.get(one)))).filter((one) => one !== undefined);
  }
}

function workTrace(work: Work, out: readonly OutboxEntry[]): object {
  const { id, runId, sessionKey, envelope, state, acceptedAt, updatedAt, steps = [], reason } = work;
  const { channel, accountId = "default", messageId, sender, chatId, chatType, threadId, timestamp } = envelope;
  const timeline: Line[] = [
    ...(timestamp === undefined ? [] : [{ at: timestamp, event: "written", note: `by ${sender.id}` }]),
    { at: acceptedAt, event: "accepted", note: `durable as ${id}, for session ${sessionKey}` },
    ...steps.map(({ at, step, note }) => ({ at, event: step, ...(note !== undefined && { note }) })),
    ...out.flatMap(linesOf),
  ];
  return {
    id,
    runId,
    state,
    ...(reason !== undefined && { reason }),
    explanation: explain(work, out),
    channel,
    accountId,
    messageId,
    sessionKey,
    from: sender.id,
    chatId,
    chatType,
    ...(threadId !== undefined && { threadId }),
    text: envelope.text,
    acceptedAt,
    updatedAt,
    timeline: timeline.toSorted((a, b) => a.at - b.at),
    deliveries: out.map(shortOf),
  };
}

function entryTrace(entry: OutboxEntry, out: readonly OutboxEntry[]): object {
  const worst = out.find(({ state }) => state !== "sent") ?? entry;
  return {
    id: entry.id,
    state: worst.state,
    ...(worst.reason !== undefined && { reason: worst.reason }),
    explanation: explainEntry(worst),
    channel: entry.address.channel,
    accountId: entry.address.accountId,
    to: entry.address.to,
    text: out.map(({ payload }) => payload.text).join("\n"),
    timeline: out.flatMap(linesOf).toSorted((a, b) => a.at - b.at),
    deliveries: out.map(shortOf),
  };
}

function linesOf(entry: OutboxEntry): Line[] {
  const { part, attempts = [], createdAt, state, updatedAt, receipt, reason, address } = entry;
  const which = part ? `part ${part.index + 1} of ${part.total}, ` : "";
  const lines: Line[] = [{ at: createdAt, event: "to send", note: `${which}to ${address.to} on ${address.channel}` }];
  for (const [index, { at, ms, outcome, reason: why }] of attempts.entries()) {
    const took = ms === undefined ? "" : ` after ${ms} ms`;
    const note = `${which}number ${entry.attempt - attempts.length + index + 1}: ${outcome}${took}${why === undefined ? "" : `, ${why}`}`;
    lines.push({ at, event: "attempt", note });
  }
  if (state === "sent")
    lines.push({ at: updatedAt ?? createdAt, event: "receipt", note: `${which}message ${receipt?.messageId}` });
  else if (state !== "pending" && state !== "attempting") {
    lines.push({ at: updatedAt ?? createdAt, event: state, ...(reason !== undefined && { note: which + reason }) });
  } else if (reason !== undefined) lines.push({ at: updatedAt ?? createdAt, event: "waiting", note: which + reason });
  return lines;
}

function shortOf({ id, state, attempt, address, receipt, reason }: OutboxEntry): object {
  return {
    id,
    state,
    attempts: attempt,
    to: address.to,
    ...(receipt && { messageId: receipt.messageId }),
    ...(reason !== undefined && { reason }),
  };
}
