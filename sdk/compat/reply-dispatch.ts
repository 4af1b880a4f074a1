import { randomUUID } from "node:crypto";
import { Messaging } from "../services/messaging.ts";
import type { DeliveryOutcome, OutboxEntry, ReplyPayload, Work } from "../services/messaging.ts";
import type { Established } from "./established.ts";
import { addressOf, envelopeOf } from "./inbound-context.ts";
import type { MessageContextFields } from "./inbound-context.ts";
import type { ReplySink } from "./reply-dispatcher.ts";
import type { DispatchResult, RuntimeReply } from "./runtime-contract.ts";

const DELIVERY_WAIT_MS = 60_000;

/**
 * The way of a message from an established channel plugin: into our intake, and the answer to the
 * plugin's own `deliver`. Both are durable; after a restart there is no `deliver` any more, and the
 * outbox falls back to the channel's `outbound`.
 */
export function createDispatch(plugin: Established) {
  const { gateway } = plugin;
  /** Dispatches that wait for their answer, by run. */
  const waiting = new Map<string, ReplySink>();
  /** Accounts of the plugin's channels that run, as `channel/account`: the outbox can reach these. */
  const running = new Set<string>();

  async function dispatch(context: MessageContextFields, dispatcher: ReplySink): Promise<DispatchResult> {
    const messaging = gateway.use(Messaging);
    const runId = randomUUID();
    const address = addressOf(context);
    const reachable = running.has(`${address.channel}/${address.accountId}`);
    const envelope = { ...envelopeOf(context, runId), ...(reachable && { replyTo: address }) };
    if (reachable) waiting.set(runId, dispatcher);
    try {
      const { work, duplicate } = await messaging.accept(envelope);
      if (duplicate) return resultOf(dispatcher);
      await dispatcher.begin();
      const ended = await messaging.ended(work.id, gateway.signal);
      if (reachable) await settled(work);
      else for (const payload of ended.result?.payloads ?? []) await direct(payload, dispatcher);
      await dispatcher.waitForIdle();
      return resultOf(dispatcher);
    } finally {
      waiting.delete(runId);
    }
  }

  /** Until the outbox is done with every part of the answer. */
  async function settled({ id }: Work): Promise<void> {
    const messaging = gateway.use(Messaging);
    const entries = await messaging.deliveries(id);
    await Promise.all(entries.map((entry) => messaging.delivered(entry.id, DELIVERY_WAIT_MS)));
  }

  /** The `deliver` that waits for this entry, if the dispatch it answers still does. */
  async function take(entry: OutboxEntry): Promise<DeliveryOutcome | undefined> {
    if (entry.workId === undefined || waiting.size === 0) return undefined;
    const work = await gateway.use(Messaging).get(entry.workId);
    const dispatcher = work && waiting.get(work.runId);
    if (!dispatcher) return undefined;
    try {
      await dispatcher.send("final", replyOf(entry.payload));
      return { outcome: "sent", messageId: entry.id };
    } catch (error) {
      dispatcher.failed(error, "final");
      return { outcome: "unknown", reason: error instanceof Error ? error.message : String(error) };
    }
  }

  return {
    dispatch,
    take,
    /** The account runs until the returned function is called. */
    runs(channel: string, accountId: string): () => void {
      const key = `${channel}/${accountId}`;
      running.add(key);
      return () => void running.delete(key);
    },
  };
}

export type Dispatch = ReturnType<typeof createDispatch>;

async function direct(payload: ReplyPayload, dispatcher: ReplySink): Promise<void> {
  await dispatcher.send("final", replyOf(payload)).catch((error: unknown) => dispatcher.failed(error, "final"));
}

function replyOf({ text, mediaUrl, mediaUrls }: ReplyPayload): RuntimeReply {
  return { text, ...(mediaUrl !== undefined && { mediaUrl }), ...(mediaUrls !== undefined && { mediaUrls }) };
}

function resultOf(dispatcher: ReplySink): DispatchResult {
  const counts = dispatcher.getQueuedCounts();
  return { queuedFinal: counts.final > 0, counts };
}
