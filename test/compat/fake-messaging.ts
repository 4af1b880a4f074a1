import type { Envelope, MessagingApi, OutboxEntry, ReplyPayload, Work } from "openclaw/plugin-sdk";
import { sampleEntry, sampleWork } from "./samples.ts";

/** What an intake and an outbox promise, without a store: enough to see what a plugin asks of them. */
export interface FakeMessaging extends MessagingApi {
  readonly accepted: Envelope[];
  readonly queued: OutboxEntry[];
}

export interface FakeOptions {
  /** What the turn ends with. */
  readonly payloads?: readonly ReplyPayload[];
  /** Carries out an entry, as the channel that runs would. */
  readonly deliver?: (entry: OutboxEntry) => unknown;
  readonly duplicate?: boolean;
  readonly state?: OutboxEntry["state"];
}

export function fakeMessaging({
  payloads = [],
  deliver,
  duplicate = false,
  state = "sent",
}: FakeOptions = {}): FakeMessaging {
  const accepted: Envelope[] = [];
  const queued: OutboxEntry[] = [];
  const works = new Map<string, Work>();
  const entries = new Map<string, OutboxEntry[]>();
  const messaging: Partial<FakeMessaging> = {
    accepted,
    queued,
    async accept(envelope) {
      accepted.push(envelope);
      const id = `work-${accepted.length}`;
      const result = { status: "ok" as const, payloads, meta: {} };
      const work = { ...sampleWork({}, { id, runId: envelope.runId ?? id, result }), envelope };
      works.set(id, work);
      return { work, duplicate };
    },
    get: async (id) => works.get(id),
    async ended(id) {
      const work = works.get(id) as Work;
      const address = work.envelope.replyTo;
      const made = address
        ? payloads.map((payload, index) => sampleEntry({ id: `${id}-${index}`, address, payload, workId: id, state }))
        : [];
      entries.set(id, made);
      for (const entry of made) await deliver?.(entry);
      return work;
    },
    deliveries: async (id) => entries.get(id) ?? [],
    delivered: async (id) => queued.find((entry) => entry.id === id) ?? sampleEntry({ id, state }),
    async deliver(address, payload) {
      const receipt = { messageId: `m-${queued.length}`, chatId: address.to };
      const entry = sampleEntry({
        id: `out-${queued.length}`,
        address,
        payload,
        state,
        ...(state === "sent" && { receipt }),
      });
      queued.push(entry);
      return entry;
    },
    channels: () => [],
  };
  return messaging as FakeMessaging;
}
