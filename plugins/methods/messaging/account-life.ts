import { ChannelError, errorText, HEALTHY_MS, pause } from "openclaw/plugin-sdk";
import type {
  ChannelAccount,
  ChannelContext,
  ChannelDef,
  ChannelStatus,
  Envelope,
  Logger,
  ReplyAddress,
  StatusPatch,
} from "openclaw/plugin-sdk";
import { hintedMs } from "./backoff.ts";

/** So long an earlier run of the account is waited for that does not end. */
const LEAVE_MS = 30_000;
const FIRST_RESTART_MS = 1_000;
/** A channel that asks again at once for what was not taken in is held up so long (reliability.md R-48). */
const NOT_TAKEN_MS = 1_000;
const LAST_RESTART_MS = 60_000;
/** Reasons may be a plugin's own words: those beyond are counted together. */
const MAX_REASONS = 50;

export interface LifeParts {
  readonly channel: string;
  readonly account: ChannelAccount;
  readonly definition: ChannelDef;
  readonly log: Logger;
  readonly accept: (envelope: Envelope) => Promise<{ readonly duplicate: boolean }>;
  /** It can be delivered to from now on. */
  readonly ready: () => void;
  /** Why nothing new is taken in at the moment, if so. */
  readonly paused: () => string | undefined;
  /** Something that people are shown has changed. */
  readonly changed: () => void;
}

/** One account from its start to its stop: started again after a failure, unless starting again cannot help. */
export class AccountLife {
  readonly account: ChannelAccount;
  readonly definition: ChannelDef;
  readonly #parts: LifeParts;
  readonly #abort = new AbortController();
  readonly #dropped = new Map<string, number>();
  #status: ChannelStatus;
  #life: Promise<void> = Promise.resolve();

  constructor(parts: LifeParts) {
    this.#parts = parts;
    this.account = parts.account;
    this.definition = parts.definition;
    this.#status = {
      accountId: parts.account.accountId,
      enabled: true,
      configured: true,
      running: false,
      connected: false,
      state: "configured",
      reconnectAttempts: 0,
      lastConnectedAt: null,
      lastDisconnect: null,
      lastStartAt: null,
      lastStopAt: null,
      lastInboundAt: null,
      lastOutboundAt: null,
      lastError: null,
    };
  }

  get status(): ChannelStatus {
    // What the configuration tells may have changed without a new start.
    const told = { ...this.definition.describe?.(this.account), ...this.#status };
    const paused = this.#parts.paused();
    return {
      ...told,
      ...(this.#dropped.size > 0 && { dropped: Object.fromEntries(this.#dropped) }),
      ...(paused !== undefined && { paused }),
    };
  }

  /** Entries may be handed to the channel. */
  get isReady(): boolean {
    const { running, connected } = this.#status;
    return running && (connected || !this.definition.reportsConnection);
  }

  /** `before`: an earlier run of the account that has not let go yet. Two of them would be in each other's way. */
  start(before?: Promise<void>): void {
    const missing = this.definition.unconfigured?.(this.account);
    if (missing !== undefined) return this.#set({ configured: false, lastError: missing });
    this.#life = before ? this.#after(before) : this.#live();
  }

  /** Resolves when it has stopped, however long that takes. */
  stop(): Promise<void> {
    this.#abort.abort();
    return this.#life;
  }

  /** A message of this account was refused: counted, so that silence can be explained. */
  refused(reason: string): void {
    const isKnown = this.#dropped.has(reason) || this.#dropped.size < MAX_REASONS;
    const counted = isKnown ? reason : "other";
    this.#dropped.set(counted, (this.#dropped.get(counted) ?? 0) + 1);
  }

  sent(): void {
    this.#status = { ...this.#status, lastOutboundAt: Date.now() };
  }

  async #after(before: Promise<void>): Promise<void> {
    const waited = new AbortController();
    await Promise.race([before, pause(LEAVE_MS, AbortSignal.any([this.#abort.signal, waited.signal]))]);
    waited.abort();
    await this.#live();
  }

  async #live(): Promise<void> {
    const { channel, log, account } = this.#parts;
    const { signal } = this.#abort;
    for (let attempt = 0; !signal.aborted; attempt++) {
      const startedAt = performance.now();
      this.#started(attempt);
      try {
        await this.definition.start(this.#context());
        return this.#set({ running: false, connected: false, state: "stopped", lastStopAt: Date.now() });
      } catch (error) {
        if (signal.aborted)
          return this.#set({ running: false, connected: false, state: "stopped", lastStopAt: Date.now() });
        if (performance.now() - startedAt > HEALTHY_MS) attempt = 0;
        this.#failed(error);
        const text = error instanceof ChannelError ? error.message : errorText(error);
        log.error(`channel ${channel}/${account.accountId} stopped: ${text}`, { err: error });
        if (isFatal(error)) return;
        await pause(pauseMs(error, attempt), signal);
      }
    }
  }

  #started(attempt: number): void {
    const isConnected = this.definition.reportsConnection !== true;
    const now = Date.now();
    this.#set({
      running: true,
      connected: isConnected,
      state: isConnected ? "connected" : "starting",
      lastStartAt: now,
      reconnectAttempts: attempt,
      ...(isConnected && { lastConnectedAt: now }),
    });
    if (this.isReady) this.#parts.ready();
  }

  #failed(error: unknown): void {
    const isLoggedOut = error instanceof ChannelError && error.kind === "logged-out";
    const lastError = error instanceof ChannelError ? error.message : errorText(error);
    this.#set({
      running: false,
      connected: false,
      state: isLoggedOut ? "logged-out" : isFatal(error) ? "failed" : "reconnecting",
      lastError,
      lastStopAt: Date.now(),
      lastDisconnect: { at: Date.now(), error: lastError, ...(isLoggedOut && { loggedOut: true }) },
      ...(error instanceof ChannelError && { errorKind: error.kind }),
      ...(error instanceof ChannelError && error.fix !== undefined && { fix: error.fix }),
    });
  }

  #context(): ChannelContext {
    const { channel, account, accept } = this.#parts;
    return {
      account,
      signal: this.#abort.signal,
      accept: async (envelope) => {
        const whole = {
          replyTo: replyTo(channel, account, envelope),
          ...envelope,
          channel,
          accountId: account.accountId,
        };
        const { duplicate } = await accept(whole).catch((error: unknown) => this.#refuse(error));
        this.#status = { ...this.#status, lastInboundAt: Date.now() };
        return { duplicate };
      },
      status: (patch) => this.#patched(patch),
      connected: (patch) =>
        this.#patched({ connected: true, state: "connected", lastConnectedAt: Date.now(), lastError: null, ...patch }),
      disconnected: (lastError, patch) =>
        this.#patched({
          connected: false,
          state: "reconnecting",
          lastError,
          lastDisconnect: { at: Date.now(), error: lastError },
          ...patch,
        }),
    };
  }

  /** The network keeps the message: nobody acknowledges it. */
  async #refuse(error: unknown): Promise<never> {
    if (this.#parts.paused() !== undefined) await pause(NOT_TAKEN_MS, this.#abort.signal);
    throw error;
  }

  #patched(patch: StatusPatch): void {
    const wasReady = this.isReady;
    this.#set(patch);
    if (!wasReady && this.isReady) this.#parts.ready();
  }

  #set(patch: StatusPatch): void {
    const { connected, running, lastError, lastStartAt } = this.#status;
    this.#status = { ...this.#status, ...patch };
    const after = this.#status;
    // That it starts for the first time is no news: whoever asks is told of it.
    if (lastStartAt === null) return;
    if (after.connected !== connected || after.running !== running || after.lastError !== lastError)
      this.#parts.changed();
  }
}

function isFatal(error: unknown): boolean {
  return error instanceof ChannelError && (error.kind === "auth" || error.kind === "logged-out");
}

function pauseMs(error: unknown, attempt: number): number {
  if (error instanceof ChannelError && error.retryAfterMs !== undefined) return hintedMs(error.retryAfterMs);
  return Math.random() * Math.min(LAST_RESTART_MS, FIRST_RESTART_MS * 2 ** Math.min(attempt, 10));
}

function replyTo(
  channel: string,
  { accountId }: ChannelAccount,
  { chatId, threadId }: Pick<Envelope, "chatId" | "threadId">,
): ReplyAddress {
  return { channel, accountId, to: chatId, ...(threadId !== undefined && { threadId }) };
}
