import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { errorText, GatewayError } from "openclaw/plugin-sdk";
import type {
  Change,
  ChannelDef,
  OutboxEntry,
  PluginGateway,
  ReplyAddress,
  ReplyPayload,
  StoreApi,
} from "openclaw/plugin-sdk";
import { Backlog } from "./backlog.ts";
import type { Channels } from "./channels.ts";
import { compose } from "./compose.ts";
import { Courier, DEADLINE_MS } from "./courier.ts";
import type { Active } from "./courier.ts";
import { Entries, isOpenEntry, laneOf } from "./entries.ts";
import type { MessagingHooks } from "./intake.ts";
import { mediaOf, reasonOf, withoutMedia } from "./media/outbound.ts";
import type { FilesOf } from "./media/files-of.ts";
import type { Outbound } from "./media/outbound.ts";
import type { Sequence } from "./sequence.ts";
import { Waiting } from "./waiting.ts";
import { isConflict } from "./work.ts";

/** Heads in memory (reliability.md §9); the rest wait on disk. */
const LIMITS = { lane: 50, account: 500, total: 1_000 };
const PAGE = 500;
/** What is being sent when the gateway stops may come to its end (channels.md §1.10). */
const STOP_MS = 3_000;

export interface PrepareOptions {
  readonly workId?: string;
  readonly id?: string;
  /** Platform id of the message that is answered. */
  readonly current?: string;
  /** Whose files may be sent along. Default: any agent's. */
  readonly owner?: FilesOf;
}

export interface OutboxParts {
  readonly gateway: PluginGateway;
  readonly store: StoreApi;
  readonly channels: Channels;
  readonly sequence: Sequence;
  readonly hooks: () => MessagingHooks;
  readonly media: Outbound;
}

/**
 * Messages on their way out. The one place that retries: an entry keeps its id through all attempts,
 * `attempting` is durable before the first byte leaves, and what nobody can know is marked `unknown`.
 */
export class Outbox {
  readonly #gateway: PluginGateway;
  readonly #channels: Channels;
  readonly #hooks: () => MessagingHooks;
  readonly #media: Outbound;
  readonly #sequence: Sequence;
  readonly #backlog: Backlog<OutboxEntry>;
  readonly #courier: Courier;
  readonly entries: Entries;
  /** The end of the last delivery to each address, so that order is kept there and nowhere else. */
  readonly #tails = new Map<string, Promise<void>>();
  readonly #active = new Map<string, Active>();
  readonly #waiting: Waiting<OutboxEntry>;
  /** Deliveries under way, of whatever generation: an attempt that outlives its own is not cut off. */
  readonly #underWay: Map<string, Promise<void>>;
  readonly #stopping = new AbortController();
  readonly #recovered = Promise.withResolvers<void>();
  #isRecovered = false;

  constructor({ gateway, store, channels, sequence, hooks, media }: OutboxParts) {
    this.#gateway = gateway;
    this.#channels = channels;
    this.#hooks = hooks;
    this.#media = media;
    this.#sequence = sequence;
    this.entries = new Entries(store);
    this.#courier = new Courier({
      gateway,
      channels,
      entries: this.entries,
      media,
      stopping: this.#stopping.signal,
      finish: (entry, end) => this.#finish(entry, end),
    });
    this.#waiting = gateway.keep("delivered", () => new Waiting<OutboxEntry>());
    this.#underWay = gateway.keep("under way", () => new Map<string, Promise<void>>());
    this.#backlog = new Backlog<OutboxEntry>({
      limits: LIMITS,
      laneOf,
      accountOf: ({ address: { channel, accountId } }) => `${channel}/${accountId}`,
      load: (lane, after, limit) => this.entries.openIn(lane, after, limit),
      run: (entry) => this.#enqueue(entry),
      failed: (error) => gateway.log.error("the outbox could not be read", { err: error }),
    });
  }

  get counts(): { readonly held: number; readonly deferred: number } {
    return this.#backlog;
  }

  /** Entries for `payloads`, in order, each short enough for the channel. Not stored yet. */
  async prepare(
    address: ReplyAddress,
    payloads: readonly ReplyPayload[],
    options: PrepareOptions = {},
  ): Promise<OutboxEntry[]> {
    const { workId, id = randomUUID(), current } = options;
    const definition = await this.#channels.get(address.channel);
    const account = this.#channels.account(address.channel, address.accountId);
    const parts: ReplyPayload[] = [];
    for (const payload of payloads) {
      const shaped = (await this.#hooks().outbound.promise(payload, address)) ?? payload;
      // A hook that takes everything out of a payload has called it off.
      if (isEmpty(shaped)) continue;
      const { settings } = this.#gateway;
      const whole = await this.#located(shaped, definition, options);
      parts.push(...compose(whole, { settings, channel: address.channel, account, definition, current }));
    }
    const now = Date.now();
    return parts.map((payload, index) => ({
      id: index === 0 ? id : `${id}-${index}`,
      address,
      payload,
      ...(workId !== undefined && { workId }),
      ...(parts.length > 1 && { part: { of: id, index, total: parts.length } }),
      state: "pending",
      attempt: 0,
      createdAt: now,
      updatedAt: now,
      nextAttemptAt: now,
      deadlineAt: now + DEADLINE_MS,
      seq: this.#sequence.next(),
    }));
  }

  /** An answer whose files may not be sent is better than none; whoever sends on purpose is told. */
  async #located(
    payload: ReplyPayload,
    definition: ChannelDef | undefined,
    { owner, workId }: PrepareOptions,
  ): Promise<ReplyPayload> {
    if (definition?.capabilities?.media !== true || mediaOf(payload).length === 0) return payload;
    try {
      return await this.#media.located(payload, owner);
    } catch (error) {
      if (workId === undefined) throw error;
      return withoutMedia(payload, reasonOf(error));
    }
  }

  insert(entry: OutboxEntry): Change {
    return this.entries.insert(entry);
  }

  /** Begin to deliver stored entries. */
  send(entries: readonly OutboxEntry[]): void {
    for (const entry of entries) {
      if (this.#isRecovered) this.#backlog.offer(entry);
      else void this.#recovered.promise.then(() => this.#offerLate(entry.id));
    }
  }

  /** Store entries and begin to deliver them. */
  async deliver(entries: readonly OutboxEntry[]): Promise<void> {
    await this.entries.add(entries);
    this.send(entries);
  }

  /** One payload, stored and begun; the last entry of it. The same id is delivered once, however often it is asked for. */
  async deliverOnce(address: ReplyAddress, payload: ReplyPayload, id?: string): Promise<OutboxEntry> {
    const entries = await this.prepare(address, [payload], id === undefined ? {} : { id });
    const last = entries.at(-1);
    if (!last) throw refused("a plugin called the message off; nothing is sent");
    try {
      await this.deliver(entries);
      return last;
    } catch (error) {
      const known = isConflict(error)
        ? ((await this.entries.get(last.id)) ?? (await this.entries.get(id ?? "")))
        : undefined;
      if (!known) throw error;
      return known;
    }
  }

  /** Begin nothing new. Resolves when attempts under way have ended, or have had the time they get for it. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#backlog.stop();
    await Promise.race([Promise.all(this.#tails.values()), delay(STOP_MS, undefined, { ref: false })]);
  }

  /** Take up what an earlier process left. */
  async recover(): Promise<void> {
    this.#sequence.resume(await this.entries.highest());
    const end = this.#sequence.next();
    for (let after = 0; ;) {
      const page = (await this.entries.open(after, PAGE)).filter(({ seq = 0 }) => seq < end);
      for (const entry of page) {
        after = Math.max(after, entry.seq ?? 0);
        this.#backlog.offer(entry);
      }
      if (page.length < PAGE) break;
    }
    this.#isRecovered = true;
    this.#recovered.resolve();
  }

  /** Resolves when the entry is at an end, or after `timeoutMs` with what it is then. */
  async delivered(id: string, timeoutMs: number): Promise<OutboxEntry> {
    const read = async () => {
      const value = await this.entries.get(id);
      if (!value) throw unknownEntry(id);
      return { value, isEnd: !isOpenEntry(value) };
    };
    const late = AbortSignal.timeout(timeoutMs);
    return this.#waiting.endOf(id, read, late).catch(async (error: unknown) => {
      if (!late.aborted) throw error;
      return (await read()).value;
    });
  }

  /** Send once more what came to an end without being sent: dead, expired, dropped, or of unknown outcome. */
  async retry(id: string): Promise<OutboxEntry> {
    const entry = await this.#known(id);
    if (isOpenEntry(entry)) throw refused(`${id} is on its way already`);
    if (entry.state === "sent") throw refused(`${id} was sent; nothing is sent twice`);
    const now = Date.now();
    const { reason: _reason, ...rest } = entry;
    const change = {
      state: "pending",
      nextAttemptAt: now,
      deadlineAt: now + DEADLINE_MS,
      seq: this.#sequence.next(),
    } as const;
    const next = await this.entries.save(rest, change);
    this.send([next]);
    return next;
  }

  /** Give up on an entry that is not sent. */
  async drop(id: string): Promise<OutboxEntry> {
    const active = this.#active.get(id);
    if (active?.isAttempting) throw refused(`${id} is being sent right now`);
    active?.dropped.abort();
    const entry = await this.#known(id);
    if (entry.state === "sent") throw refused(`${id} was sent`);
    if (entry.state === "dropped") return entry;
    return this.#finish(entry, { state: "dropped", reason: "dropped by the operator" });
  }

  async #known(id: string): Promise<OutboxEntry> {
    const entry = await this.entries.get(id);
    if (!entry) throw unknownEntry(id);
    return entry;
  }

  async #offerLate(id: string): Promise<void> {
    const entry = await this.entries.get(id);
    if (entry && isOpenEntry(entry) && !this.#active.has(id)) this.#backlog.offer(entry);
  }

  #enqueue(entry: OutboxEntry): void {
    if (this.#active.has(entry.id)) return this.#backlog.done(entry);
    const active: Active = { entry, isAttempting: false, dropped: new AbortController() };
    this.#active.set(entry.id, active);
    const lane = laneOf(entry);
    const before = this.#tails.get(lane) ?? Promise.resolve();
    const earlier = this.#underWay.get(entry.id);
    const tail = before
      .then(() => (earlier ? this.#after(earlier, active) : this.#courier.deliver(active)))
      .catch((error: unknown) => {
        this.#gateway.log.error(`outbox entry ${entry.id} could not be recorded: ${errorText(error)}`, { err: error });
      })
      .finally(() => {
        this.#active.delete(entry.id);
        if (this.#tails.get(lane) === tail) this.#tails.delete(lane);
        if (this.#underWay.get(entry.id) === tail) this.#underWay.delete(entry.id);
        if (!this.#stopping.signal.aborted) this.#backlog.done(entry);
      });
    this.#tails.set(lane, tail);
    this.#underWay.set(entry.id, tail);
  }

  /** The generation before is still at it: what it records counts, and only what it leaves open is taken up. */
  async #after(earlier: Promise<void>, active: Active): Promise<void> {
    await earlier;
    const left = await this.entries.get(active.entry.id);
    if (!left || !isOpenEntry(left)) return;
    active.entry = left;
    await this.#courier.deliver(active);
  }

  async #finish(entry: OutboxEntry, end: Partial<OutboxEntry>): Promise<OutboxEntry> {
    const { media: _media, ...rest } = entry;
    const done = await this.entries.save(rest, end);
    void this.#media.clean(entry);
    this.#waiting.end(entry.id, done);
    void this.#hooks()
      .delivered.promise(done)
      .catch((error: unknown) => this.#gateway.log.error(`after delivery ${entry.id}`, { err: error }));
    return done;
  }
}

export function isEmpty({ text, mediaUrl, mediaUrls, poll, card }: ReplyPayload): boolean {
  return text === "" && !mediaUrl && !mediaUrls?.length && !poll && !card;
}

function unknownEntry(id: string): GatewayError {
  return new GatewayError("INVALID_REQUEST", `unknown queue id: ${id}`, { details: { code: "NOT_FOUND" } });
}

function refused(text: string): GatewayError {
  return new GatewayError("INVALID_REQUEST", text);
}
