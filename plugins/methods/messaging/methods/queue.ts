import { closed, GatewayError, NonEmptyString, oneOf, Type } from "openclaw/plugin-sdk";
import type { OutboxEntry, PluginGateway, Work } from "openclaw/plugin-sdk";
import type { EntryState } from "../entries.ts";
import type { Intake } from "../intake.ts";
import type { Outbox } from "../outbox.ts";
import { isOpen } from "../work.ts";
import type { WorkLog } from "../work.ts";
import { QueueChangedShape, QueueListShape, QueueShownShape } from "./shape.ts";

const LIMIT = 100;
/** What the operator has to know of or can still change. What was sent is in traces. */
const LISTED: readonly EntryState[] = ["attempting", "pending", "unknown", "dead", "expired"];

export interface QueueParts {
  readonly outbox: Outbox;
  readonly log: WorkLog;
  readonly intake: Intake;
}

/** `queue.*`: what has not come to a good end, in either direction (reliability.md R-12). */
export function registerQueue(gateway: PluginGateway, { outbox, log, intake }: QueueParts): void {
  gateway.method({
    name: "queue.list",
    scope: "operator.read",
    params: closed({
      state: Type.Optional(oneOf(["pending", "attempting", "unknown", "dead", "expired", "dropped", "sent"])),
      channel: Type.Optional(NonEmptyString),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000 })),
    }),
    result: QueueListShape,
    async handle({ state, channel, limit = LIMIT }) {
      const states = state === undefined ? LISTED : [state];
      const found = (await Promise.all(states.map((one) => outbox.entries.inState(one, limit)))).flat();
      const out = found.filter(({ address }) => channel === undefined || address.channel === channel);
      const works = state === undefined ? [...(await log.open(0, limit)), ...(await log.ill(limit))] : [];
      const incoming = works.filter(({ envelope }) => channel === undefined || envelope.channel === channel);
      const counts = Object.fromEntries(
        await Promise.all(LISTED.map(async (one) => [one, await outbox.entries.count(one)] as const)),
      );
      return {
        ts: Date.now(),
        counts: { ...counts, incoming: await log.openCount(), deferred: intake.counts.deferred },
        out: out.slice(0, limit).map(shortEntry),
        in: incoming.slice(0, limit).map(shortWork),
      };
    },
  });
  gateway.method({
    name: "queue.show",
    scope: "operator.read",
    params: closed({ id: NonEmptyString }),
    result: QueueShownShape,
    async handle({ id }) {
      const entry = await outbox.entries.get(id);
      if (entry) return { direction: "out", entry };
      const work = await log.get(id);
      if (work) return { direction: "in", work };
      throw unknown(id);
    },
  });
  gateway.method({
    name: "queue.retry",
    scope: "operator.write",
    params: closed({ id: NonEmptyString }),
    result: QueueChangedShape,
    async handle({ id }) {
      if (await outbox.entries.get(id)) return { ok: true, direction: "out", ...shortEntry(await outbox.retry(id)) };
      const work = await log.get(id);
      if (!work) throw unknown(id);
      if (isOpen(work)) throw new GatewayError("INVALID_REQUEST", `${id} is being worked on already`);
      if (work.state === "done" || work.state === "merged") {
        throw new GatewayError("INVALID_REQUEST", `${id} was answered; nothing is answered twice`);
      }
      return { ok: true, direction: "in", ...shortWork(await intake.again(work)) };
    },
  });
  gateway.method({
    name: "queue.drop",
    scope: "operator.write",
    params: closed({ id: NonEmptyString }),
    result: QueueChangedShape,
    async handle({ id }) {
      if (await outbox.entries.get(id)) return { ok: true, direction: "out", ...shortEntry(await outbox.drop(id)) };
      const work = await log.get(id);
      if (!work) throw unknown(id);
      if (!isOpen(work)) throw new GatewayError("INVALID_REQUEST", `${id} has ended as ${work.state}`);
      return { ok: true, direction: "in", ...shortWork(await intake.drop(work)) };
    },
  });
}

function shortEntry({ id, address, state, attempt, createdAt, nextAttemptAt, reason, payload, workId }: OutboxEntry) {
  return {
    id,
    state,
    channel: address.channel,
    accountId: address.accountId,
    to: address.to,
    attempts: attempt,
    createdAt,
    ...(state === "pending" && { nextAttemptAt }),
    ...(reason !== undefined && { reason }),
    ...(workId !== undefined && { workId }),
    text: excerpt(payload.text),
  };
}

function shortWork({ id, runId, state, sessionKey, envelope, acceptedAt, attempt, reason, deferred }: Work) {
  return {
    id,
    runId,
    state,
    channel: envelope.channel,
    accountId: envelope.accountId ?? "default",
    from: envelope.sender.id,
    sessionKey,
    attempts: attempt,
    acceptedAt,
    ...(reason !== undefined && { reason }),
    ...(deferred && { deferred }),
    text: excerpt(envelope.text),
  };
}

function excerpt(text: string): string {
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

function unknown(id: string): GatewayError {
  return new GatewayError("INVALID_REQUEST", `unknown queue id: ${id}; see openclaw queue list`, {
    details: { code: "NOT_FOUND" },
  });
}
