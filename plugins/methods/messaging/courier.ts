import { errorText } from "openclaw/plugin-sdk";
import type { Attempt, ChannelDef, DeliveryOutcome, OutboxEntry, PluginGateway } from "openclaw/plugin-sdk";
import { backoffMs, hintedMs } from "./backoff.ts";
import type { Channels } from "./channels.ts";
import type { Entries } from "./entries.ts";
import { mediaOf, withoutMedia } from "./media/outbound.ts";
import type { Outbound } from "./media/outbound.ts";
import { Pace } from "./pace.ts";
import { untilStored } from "./until-stored.ts";

export const DEADLINE_MS: number = 24 * 3_600_000;
/** One attempt in all. */
const ATTEMPT_MS = 60_000;
/** With files to upload. */
const UPLOAD_MS = 300_000;
/** So often a file is asked for that does not come. */
const FETCHES = 4;
/** A stored time may come from a clock that was wrong: nothing waits longer for it. */
const LONGEST_WAIT_MS = 3_600_000;
const MAX_ATTEMPTS_KEPT = 20;
const NOT_RUNNING = "channel is not running";

/** An entry in memory. */
export interface Active {
  entry: OutboxEntry;
  isAttempting: boolean;
  /** Aborted when the operator drops it. */
  readonly dropped: AbortController;
}

export interface CourierParts {
  readonly gateway: PluginGateway;
  readonly channels: Channels;
  readonly entries: Entries;
  readonly media: Outbound;
  /** Begin no attempt any more. */
  readonly stopping: AbortSignal;
  readonly finish: (entry: OutboxEntry, end: Partial<OutboxEntry>) => Promise<unknown>;
}

/** Takes one entry to its end: waits, attempts, looks back, waits again. Measured by the monotonic clock. */
export class Courier {
  readonly #parts: CourierParts;
  readonly #pace = new Pace();

  constructor(parts: CourierParts) {
    this.#parts = parts;
  }

  /** Resolves at the end of the entry, or without one when it is dropped or the gateway stops. */
  async deliver(active: Active): Promise<void> {
    const { channels, entries } = this.#parts;
    if (this.#isOver(active) || (await this.#followsLost(active))) return;
    const { deadlineAt, createdAt, nextAttemptAt, state } = active.entry;
    const leftMs = Math.min(DEADLINE_MS, Math.max(0, (deadlineAt ?? createdAt + DEADLINE_MS) - Date.now()));
    const deadline = performance.now() + leftMs;
    let waitMs = Math.min(LONGEST_WAIT_MS, nextAttemptAt - Date.now());
    // A failure may be over when the channel comes to life anew; what the network asked for is not.
    let isHint = true;
    let isCutOff = state === "attempting";
    while (!this.#isOver(active)) {
      if (isCutOff && (await this.#isLostForSure(active))) return;
      await this.#pause(Math.min(waitMs, deadline - performance.now()), active, !isHint);
      if (this.#isOver(active)) return;
      if (performance.now() >= deadline) return this.#expire(active, isCutOff);
      if (!channels.ready(active.entry.address)) {
        await this.#untilReady(active, deadline);
        waitMs = 0;
        continue;
      }
      const definition = await channels.get(active.entry.address.channel);
      waitMs = this.#pace.wait(active.entry, definition?.limits?.rate);
      isHint = true;
      if (waitMs > 0) continue;
      const outcome = isCutOff ? await this.#afterCutOff(active, definition) : await this.#attempt(active, definition);
      isCutOff = false;
      const end = endOf(outcome);
      if (end) {
        await this.#end(active, end);
        active.isAttempting = false;
        return;
      }
      waitMs = this.#waitAfter(active.entry, outcome);
      isHint = outcome.outcome === "not_sent" && outcome.retryAfterMs !== undefined;
      const change = {
        state: "pending",
        nextAttemptAt: Math.ceil(Date.now() + waitMs),
        ...(outcome.outcome !== "sent" && { reason: outcome.reason }),
      } as const;
      active.entry = await this.#record(active, () => entries.save(active.entry, change));
      active.isAttempting = false;
    }
  }

  async #end(active: Active, end: Partial<OutboxEntry>): Promise<void> {
    await this.#record(active, () => this.#parts.finish(active.entry, end));
  }

  /** Until then it is not at rest: nobody may drop it. */
  #record<T>(active: Active, write: () => Promise<T>): Promise<T> {
    const { gateway, stopping } = this.#parts;
    return untilStored(write, {
      isOver: () => stopping.aborted || active.dropped.signal.aborted,
      failed: (error) => {
        gateway.log.error(`delivery ${active.entry.id} waits for the store: ${errorText(error)}`, { err: error });
      },
    });
  }

  #isOver({ dropped }: Active): boolean {
    return this.#parts.stopping.aborted || dropped.signal.aborted;
  }

  /** A part of a text whose earlier part will never be there makes no sense. */
  async #followsLost(active: Active): Promise<boolean> {
    const { part } = active.entry;
    if (!part || part.index === 0) return false;
    const before = part.index === 1 ? part.of : `${part.of}-${part.index - 1}`;
    const state = (await this.#parts.entries.get(before))?.state;
    if (state !== "dead" && state !== "expired" && state !== "dropped") return false;
    await this.#end(active, { state: "dead", reason: `part ${part.index} of ${part.total} was not sent` });
    return true;
  }

  /** An attempt that a crash cut off, on a network that can neither tell repeats nor be asked: nobody knows. */
  async #isLostForSure(active: Active): Promise<boolean> {
    const definition = await this.#parts.channels.get(active.entry.address.channel);
    if (!definition || definition.repeatsSafely || definition.lookBack || this.#resends(active.entry)) return false;
    await this.#end(active, { state: "unknown", reason: "the gateway stopped while sending" });
    return true;
  }

  /** Look first where that is possible (reliability.md R-09). What is certainly not there is sent again. */
  async #afterCutOff(active: Active, definition: ChannelDef | undefined): Promise<DeliveryOutcome> {
    if (definition?.repeatsSafely || !definition?.lookBack) return this.#attempt(active, definition);
    const found = await this.#lookBack(active.entry);
    return found.outcome === "not_sent" && found.retryable ? this.#attempt(active, definition) : found;
  }

  /** What the channel finds, or `unknown` when that takes too long: the lane goes on, whatever the channel does. */
  #lookBack(entry: OutboxEntry): Promise<DeliveryOutcome> {
    const reason = `whether it arrived was not found out within ${ATTEMPT_MS / 1_000} s`;
    const late = Promise.withResolvers<DeliveryOutcome>();
    const timer = setTimeout(() => late.resolve({ outcome: "unknown", reason }), ATTEMPT_MS).unref();
    const found = this.#parts.channels.lookBack(entry, AbortSignal.timeout(ATTEMPT_MS));
    return Promise.race([found, late.promise]).finally(() => clearTimeout(timer));
  }

  async #attempt(active: Active, definition: ChannelDef | undefined): Promise<DeliveryOutcome> {
    const { entries } = this.#parts;
    active.isAttempting = true;
    const problem = await this.#stage(active, definition);
    if (problem) return problem;
    const at = Date.now();
    const began = performance.now();
    const before = (active.entry.attempts ?? []).slice(1 - MAX_ATTEMPTS_KEPT);
    const change = {
      state: "attempting",
      attempt: active.entry.attempt + 1,
      attempts: [...before, { at, outcome: "under way" }],
    } as const;
    active.entry = await this.#record(active, () => entries.save(active.entry, change));
    const answer = await this.#inTime(active.entry);
    const ms = Math.round(performance.now() - began);
    const { outcome } = answer;
    const attempt: Attempt = { at, ms, outcome, ...(answer.outcome !== "sent" && { reason: answer.reason }) };
    active.entry = { ...active.entry, attempts: [...before, attempt] };
    const refusal = this.#withoutFiles(active, answer);
    if (refusal) return refusal;
    if (answer.outcome !== "unknown") return answer;
    if (definition?.repeatsSafely || this.#resends(active.entry)) {
      return { outcome: "not_sent", retryable: true, reason: answer.reason };
    }
    if (!definition?.lookBack) return answer;
    return this.#lookBack(active.entry);
  }

  /**
   * Files are on disk before an attempt begins. When they cannot be had, an answer goes without them and says so; what was
   * sent on purpose is not sent.
   */
  async #stage(active: Active, definition: ChannelDef | undefined): Promise<DeliveryOutcome | undefined> {
    const { entry } = active;
    if (definition?.capabilities?.media !== true || mediaOf(entry.payload).length === 0) return undefined;
    const { channels, media, stopping } = this.#parts;
    const account = channels.account(entry.address.channel, entry.address.accountId);
    const staged = await media.stage(entry, definition, account, stopping);
    if ("media" in staged) active.entry = { ...entry, media: staged.media };
    else {
      const { reason } = staged;
      if (staged.retryable && entry.attempt + 1 < FETCHES) {
        active.entry = { ...entry, attempt: entry.attempt + 1 };
        return { outcome: "not_sent", retryable: true, reason };
      }
      if (entry.workId === undefined) return { outcome: "not_sent", retryable: false, reason };
      active.entry = { ...entry, payload: withoutMedia(entry.payload, reason) };
    }
    return undefined;
  }

  /** An answer whose files the network refuses for good goes without them and says so: its text is what was asked for. */
  #withoutFiles(active: Active, answer: DeliveryOutcome): DeliveryOutcome | undefined {
    const { media, ...entry } = active.entry;
    const isRefused = answer.outcome === "not_sent" && !answer.retryable;
    if (!isRefused || !media?.length || entry.workId === undefined) return undefined;
    const reason = `${media.map(({ fileName }) => fileName).join(", ")} cannot be sent: ${answer.reason}`;
    active.entry = { ...entry, payload: withoutMedia(entry.payload, reason) };
    void this.#parts.media.clean({ ...entry, media });
    return { outcome: "not_sent", retryable: true, reason, retryAfterMs: 1 };
  }

  /** The channel's answer, or `unknown` when it takes too long. What comes later is recorded still. */
  #inTime(entry: OutboxEntry): Promise<DeliveryOutcome> {
    const limitMs = entry.media === undefined ? ATTEMPT_MS : UPLOAD_MS;
    const answer = this.#parts.channels.deliver(entry, AbortSignal.timeout(limitMs));
    const late = Promise.withResolvers<DeliveryOutcome>();
    const timer = setTimeout(() => {
      late.resolve({ outcome: "unknown", reason: `no answer within ${limitMs / 1_000} s` });
      void answer.then((outcome) => this.#learnLate(entry.id, outcome));
    }, limitMs).unref();
    return Promise.race([answer, late.promise]).finally(() => clearTimeout(timer));
  }

  async #learnLate(id: string, outcome: DeliveryOutcome): Promise<void> {
    const { entries } = this.#parts;
    const entry = await entries.get(id);
    const end = endOf(outcome);
    if (entry?.state === "unknown" && end?.state === "sent") await entries.save(entry, end);
  }

  #waitAfter(entry: OutboxEntry, outcome: DeliveryOutcome): number {
    if (outcome.outcome !== "not_sent" || outcome.retryAfterMs === undefined) return backoffMs(entry.attempt);
    const ms = hintedMs(outcome.retryAfterMs, entry.attempt);
    if (outcome.throttled === "account") this.#pace.block(entry, ms);
    return ms;
  }

  #resends({ address: { channel } }: OutboxEntry): boolean {
    const { settings } = this.#parts.gateway;
    return (settings.get(`channels.${channel}.onUnknown`) ?? settings.get("messages.onUnknown")) === "resend";
  }

  async #expire(active: Active, mayHaveArrived: boolean): Promise<void> {
    const { reason } = active.entry;
    const last = reason === undefined ? "" : `; last: ${reason}`;
    await this.#end(
      active,
      mayHaveArrived
        ? { state: "unknown", reason: "the gateway stopped while sending, and the channel did not come back" }
        : { state: "expired", reason: `not sent within ${DEADLINE_MS / 3_600_000} hours${last}` },
    );
  }

  async #untilReady(active: Active, deadline: number): Promise<void> {
    if (active.entry.reason !== NOT_RUNNING) {
      active.entry = await this.#record(active, () => this.#parts.entries.save(active.entry, { reason: NOT_RUNNING }));
      // It may have come to life meanwhile, and nobody waited for it then.
      if (this.#parts.channels.ready(active.entry.address)) return;
    }
    await this.#pause(deadline - performance.now(), active, true);
  }

  /** Ends early when the entry is dropped or the gateway stops; and, when `wakes`, when the channel comes to life. */
  #pause(ms: number, active: Active, wakes: boolean): Promise<void> {
    // It may have been over since it was last looked at: a signal that is aborted wakes nobody.
    if (ms <= 0 || this.#isOver(active)) return Promise.resolve();
    const { entry, dropped } = active;
    const { promise, resolve } = Promise.withResolvers<void>();
    const wake = () => resolve();
    const timer = setTimeout(wake, ms);
    const { channel, accountId } = entry.address;
    const forget = wakes ? this.#parts.channels.onReady(channel, accountId, wake) : undefined;
    const signals = [this.#parts.stopping, dropped.signal];
    for (const signal of signals) signal.addEventListener("abort", wake, { once: true });
    return promise.finally(() => {
      clearTimeout(timer);
      forget?.();
      for (const signal of signals) signal.removeEventListener("abort", wake);
    });
  }
}

function endOf(outcome: DeliveryOutcome): Partial<OutboxEntry> | undefined {
  if (outcome.outcome === "sent") {
    const { messageId, chatId, extra } = outcome;
    return { state: "sent", receipt: { messageId, ...(chatId !== undefined && { chatId }), ...(extra && { extra }) } };
  }
  if (outcome.outcome === "unknown") return { state: "unknown", reason: outcome.reason };
  return outcome.retryable ? undefined : { state: "dead", reason: outcome.reason };
}
