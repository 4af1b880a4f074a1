import { randomUUID } from "node:crypto";
import { defineCollection, errorText } from "openclaw/plugin-sdk";
import type {
  Change,
  DeliveryOutcome,
  OutboxEntry,
  PluginGateway,
  ReplyAddress,
  ReplyPayload,
  StoreApi,
} from "openclaw/plugin-sdk";
import type { Channels } from "./channels.ts";
import { chunkText } from "./chunk.ts";
import type { MessagingHooks } from "./intake.ts";
import { Waiting } from "./waiting.ts";

const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 60_000;
/** An entry that could not be sent for this long is dead. */
const EXPIRES_MS = 24 * 3_600_000;
const TEXT_LIMIT = 4_000;

const OUTBOX = defineCollection<OutboxEntry>("outbox", {
  indexes: { open: (entry) => (isOpen(entry) ? 1 : 0), workId: (entry) => entry.workId ?? null },
});

/**
 * Messages on their way out. The one place that retries: an entry keeps its id through all attempts,
 * `attempting` is durable before the first byte leaves, and what nobody can know is marked `unknown`.
 */
export class Outbox {
  readonly #gateway: PluginGateway;
  readonly #store: StoreApi;
  readonly #channels: Channels;
  readonly #hooks: () => MessagingHooks;
  /** The end of the last delivery to each address, so that order is kept there and nowhere else. */
  readonly #tails = new Map<string, Promise<void>>();
  readonly #waiting: Waiting<OutboxEntry>;
  readonly #stopping = new AbortController();

  constructor(gateway: PluginGateway, store: StoreApi, channels: Channels, hooks: () => MessagingHooks) {
    this.#gateway = gateway;
    this.#store = store;
    this.#channels = channels;
    this.#hooks = hooks;
    this.#waiting = gateway.keep("delivered", () => new Waiting<OutboxEntry>());
  }

  /** Entries for `payloads`, in order, each short enough for the channel. Not stored yet. */
  async prepare(
    address: ReplyAddress,
    payloads: readonly ReplyPayload[],
    workId?: string,
    id: string = randomUUID(),
  ): Promise<OutboxEntry[]> {
    const limit = (await this.#channels.get(address.channel))?.textLimit ?? TEXT_LIMIT;
    const entries: OutboxEntry[] = [];
    for (const payload of payloads) {
      const shaped = (await this.#hooks().outbound.promise(payload, address)) ?? payload;
      // A hook that takes everything out of a payload has called it off.
      if (shaped.text === "" && !shaped.mediaUrl && !shaped.mediaUrls?.length) continue;
      for (const text of chunkText(shaped.text, limit)) {
        const now = Date.now();
        entries.push({
          id: entries.length === 0 ? id : `${id}-${entries.length}`,
          address,
          payload: { ...shaped, text },
          ...(workId !== undefined && { workId }),
          state: "pending",
          attempt: 0,
          createdAt: now,
          nextAttemptAt: now,
        });
      }
    }
    return entries;
  }

  insert(entry: OutboxEntry): Change {
    return OUTBOX.insert(entry.id, entry);
  }

  get(id: string): Promise<OutboxEntry | undefined> {
    return this.#store.get(OUTBOX, id);
  }

  /** Entries that answer one message. */
  ofWork(workId: string): Promise<OutboxEntry[]> {
    return this.#store.list(OUTBOX, { by: "workId", equals: workId });
  }

  /** Begin to deliver stored entries. */
  send(entries: readonly OutboxEntry[]): void {
    for (const entry of entries) this.#enqueue(entry);
  }

  /** Begin nothing new. Resolves when attempts under way have ended, so that another generation may look. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#tails.values());
  }

  /** Take up what an earlier process left. A send that was under way may have arrived: nobody knows. */
  async recover(): Promise<void> {
    const open = await this.#store.list(OUTBOX, { by: "open", equals: 1 });
    for (const entry of open.toSorted((a, b) => a.createdAt - b.createdAt)) {
      if (entry.state === "attempting" && !(await this.#channels.repeatsSafely(entry.address.channel))) {
        await this.#finish(entry, { state: "unknown", reason: "the gateway stopped while sending" });
      } else this.#enqueue(entry);
    }
  }

  /** Resolves when the entry is sent, unknown or dead, or after `timeoutMs` with what it is then. */
  async delivered(id: string, timeoutMs: number): Promise<OutboxEntry> {
    const read = async () => {
      const value = await this.get(id);
      if (!value) throw new Error(`unknown outbox entry: ${id}`);
      return { value, isEnd: !isOpen(value) };
    };
    const late = AbortSignal.timeout(timeoutMs);
    return this.#waiting.endOf(id, read, late).catch(async (error: unknown) => {
      if (!late.aborted) throw error;
      return (await read()).value;
    });
  }

  #enqueue(entry: OutboxEntry): void {
    const { channel, accountId, to } = entry.address;
    const lane = JSON.stringify([channel, accountId, to]);
    const before = this.#tails.get(lane) ?? Promise.resolve();
    const tail = before
      .then(() => this.#deliver(entry))
      .catch((error: unknown) => {
        this.#gateway.log.error(`outbox entry ${entry.id} could not be recorded: ${errorText(error)}`, { err: error });
      });
    this.#tails.set(lane, tail);
    void tail.finally(() => {
      if (this.#tails.get(lane) === tail) this.#tails.delete(lane);
    });
  }

  async #deliver(entry: OutboxEntry): Promise<void> {
    let current = entry;
    while (!this.#stopping.signal.aborted) {
      await this.#pause(current.nextAttemptAt - Date.now());
      if (this.#stopping.signal.aborted) return;
      if (Date.now() - current.createdAt > EXPIRES_MS)
        return this.#finish(current, { state: "dead", reason: "expired" });
      const ready = await this.#channels.ready(current.address);
      if (!ready) {
        current = await this.#save(current, {
          nextAttemptAt: Date.now() + backoff(current.attempt),
          reason: "channel is not running",
        });
        continue;
      }
      current = await this.#save(current, { state: "attempting", attempt: current.attempt + 1 });
      const outcome = await this.#channels.deliver(current);
      const end = endOf(outcome);
      if (end) return this.#finish(current, end);
      current = await this.#save(current, { state: "pending", ...retry(current, outcome) });
    }
  }

  /** Ends early when the channel comes to life or the gateway stops. */
  #pause(ms: number): Promise<void> {
    if (ms <= 0) return Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    const forget = this.#channels.onReady(resolve);
    this.#stopping.signal.addEventListener("abort", () => resolve(), { once: true });
    return promise.finally(() => {
      clearTimeout(timer);
      forget();
    });
  }

  async #finish(entry: OutboxEntry, end: Partial<OutboxEntry>): Promise<void> {
    const done = await this.#save(entry, end);
    this.#waiting.end(entry.id, done);
    await this.#hooks().delivered.promise(done);
  }

  async #save(entry: OutboxEntry, change: Partial<OutboxEntry>): Promise<OutboxEntry> {
    const next = { ...entry, ...change };
    await this.#store.commit([OUTBOX.put(entry.id, next)]);
    return next;
  }
}

export function isOpen({ state }: OutboxEntry): boolean {
  return state === "pending" || state === "attempting";
}

function endOf(outcome: DeliveryOutcome): Partial<OutboxEntry> | undefined {
  if (outcome.outcome === "sent") {
    const { messageId, chatId } = outcome;
    return { state: "sent", receipt: { messageId, ...(chatId !== undefined && { chatId }) } };
  }
  if (outcome.outcome === "unknown") return { state: "unknown", reason: outcome.reason };
  return outcome.retryable ? undefined : { state: "dead", reason: outcome.reason };
}

function retry({ attempt }: OutboxEntry, outcome: DeliveryOutcome): Partial<OutboxEntry> {
  const hint = outcome.outcome === "not_sent" ? outcome.retryAfterMs : undefined;
  const reason = outcome.outcome === "not_sent" ? outcome.reason : undefined;
  return { nextAttemptAt: Date.now() + (hint ?? backoff(attempt)), ...(reason !== undefined && { reason }) };
}

/** Full jitter under a doubling cap (reliability.md §10). */
function backoff(attempt: number): number {
  return Math.random() * Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** attempt);
}
