import { setTimeout as delay } from "node:timers/promises";
import { errorText, GatewayError } from "openclaw/plugin-sdk";
import type {
  Accepted,
  Envelope,
  HooksOf,
  Messaging,
  OutboxEntry,
  PluginGateway,
  Session,
  SessionsApi,
  StoreApi,
  TurnResult,
  Work,
  WorkState,
} from "openclaw/plugin-sdk";
import { refusalOf } from "./access.ts";
import { parseCommand } from "./command.ts";
import type { Outbox } from "./outbox.ts";
import type { Waiting } from "./waiting.ts";
import { failedTurn, isOpen } from "./work.ts";
import type { WorkLog } from "./work.ts";

export type MessagingHooks = HooksOf<typeof Messaging>;

export interface IntakeParts {
  readonly gateway: PluginGateway;
  readonly store: StoreApi;
  readonly sessions: SessionsApi;
  readonly outbox: Outbox;
  readonly log: WorkLog;
  readonly hooks: () => MessagingHooks;
  readonly ongoing: Ongoing;
}

interface Running {
  readonly work: Work;
  readonly abort: AbortController;
  /** Its turn in the lane has come. */
  begun: boolean;
  readonly over: Promise<void>;
}

export interface WayOut {
  send(entries: readonly OutboxEntry[]): void;
  /** Let go of the networks; resolves when nothing is under way any more. */
  stop(): Promise<void>;
}

/** What runs and who waits, whatever generation of this plugin began it. */
export interface Ongoing {
  readonly running: Map<string, Running>;
  readonly waiting: Waiting<Work>;
  /** The way out of the newest generation. Only one at a time talks to the networks. */
  wayOut: WayOut | undefined;
  /** The gateway is stopping: nothing begins any more. */
  isClosing: boolean;
}

/** Why a turn is stopped that an end of the gateway does not let come to its own. */
const POSTPONED = new DOMException("the gateway stops", "AbortError");
/** How long stopped turns may take to let go. */
const UNWIND_MS = 2_000;
const INTERRUPTED_TEXT =
  "The gateway was restarted while it worked on your message, so the answer was cut off. Please ask again.";

/** The way of a message: durable, then decided on, then answered in its session's lane, then recorded as ended. */
export class Intake {
  readonly #parts: IntakeParts;

  constructor(parts: IntakeParts) {
    this.#parts = parts;
  }

  async accept(envelope: Envelope): Promise<Accepted> {
    const accepted = await this.#parts.log.admit(envelope, this.#route(envelope));
    if (!accepted.duplicate) {
      void this.#parts.hooks().received.promise(accepted.work);
      this.#queue(accepted.work);
    }
    return accepted;
  }

  /**
   * Take up what an earlier process left, not what an earlier generation still works on. A turn that had
   * effects outside is ended, never run again.
   */
  async recover(): Promise<void> {
    for (const work of await this.#parts.log.open()) {
      if (this.#parts.ongoing.running.has(work.id)) continue;
      if (work.effects) await this.#end(work, "interrupted", failedTurn("interrupted by a restart"), INTERRUPTED_TEXT);
      else this.#queue(work);
    }
  }

  /**
   * Begin nothing more. Waits for what runs, then stops it without an end: it stays open on disk, and the
   * next start takes it up.
   */
  async close(budgetMs: number): Promise<void> {
    const { ongoing } = this.#parts;
    ongoing.isClosing = true;
    const idle = () =>
      Promise.allSettled([...ongoing.running.values()].filter(({ begun }) => begun).map(({ over }) => over));
    await Promise.race([idle(), delay(budgetMs, undefined, { ref: false })]);
    for (const { abort } of ongoing.running.values()) abort.abort(POSTPONED);
    await Promise.race([idle(), delay(UNWIND_MS, undefined, { ref: false })]);
  }

  /** Resolves when the work has ended, with its record. */
  ended(id: string, signal?: AbortSignal): Promise<Work> {
    const read = async () => {
      const value = await this.#parts.log.get(id);
      if (value) return { value, isEnd: !isOpen(value) };
      throw new GatewayError("INVALID_REQUEST", `unknown message: ${id}`, { details: { code: "NOT_FOUND" } });
    };
    return this.#parts.ongoing.waiting.endOf(id, read, signal);
  }

  /** Stop queued and running work of a session, or of one run. */
  abort(sessionKey: string, runId?: string): string[] {
    const stopped: string[] = [];
    for (const { work, abort } of this.#parts.ongoing.running.values()) {
      if (work.sessionKey !== sessionKey || (runId !== undefined && work.runId !== runId)) continue;
      abort.abort(new DOMException("aborted by request", "AbortError"));
      stopped.push(work.runId);
    }
    return stopped;
  }

  /** Session for a message: the caller's, else the main one for direct chats and one per group. */
  #route({ sessionKey, chatType, channel, chatId, threadId }: Envelope): string {
    const { sessions } = this.#parts;
    if (sessionKey !== undefined) return sessions.parseKey(sessionKey).canonical;
    if (chatType === "direct") return sessions.mainKey();
    const thread = threadId === undefined ? "" : `:thread:${threadId}`;
    return sessions.parseKey(`agent:${sessions.defaultAgentId()}:${channel}:${chatType}:${chatId}${thread}`).canonical;
  }

  #queue(work: Work): void {
    const { ongoing, sessions } = this.#parts;
    const { promise: over, resolve } = Promise.withResolvers<void>();
    const running: Running = { work, abort: new AbortController(), begun: false, over };
    ongoing.running.set(work.id, running);
    const step = async () => {
      running.begun = true;
      if (!ongoing.isClosing) await this.#attempt(running);
      ongoing.running.delete(work.id);
      resolve();
    };
    // Commands answer at once: /stop must not wait for the turn it stops.
    if (parseCommand(work.envelope.text, this.#parts.hooks().command)) void step();
    else void sessions.lane(work.sessionKey, step);
  }

  /** Never throws: what goes wrong is the recorded end of the work. */
  async #attempt({ work, abort }: Running): Promise<void> {
    const { log } = this.#parts.gateway;
    try {
      await this.#work(work, abort.signal);
    } catch (error) {
      log.error(`message ${work.id} failed: ${errorText(error)}`, { err: error, runId: work.runId });
      await this.#end(work, "failed", failedTurn(errorText(error))).catch((cause: unknown) => {
        log.error(`the end of message ${work.id} could not be recorded`, { err: cause });
      });
    }
  }

  async #work(work: Work, signal: AbortSignal): Promise<void> {
    const { gateway, sessions, log } = this.#parts;
    const hooks = this.#parts.hooks();
    if (signal.aborted) return this.#end(work, "interrupted", failedTurn("aborted before it began"));
    const refusal = refusalOf(work.envelope, gateway.settings) ?? (await hooks.admit.promise(work))?.refuse;
    if (refusal !== undefined) {
      gateway.log.debug(`message refused: ${refusal}`, { channel: work.envelope.channel, workId: work.id });
      return this.#end(work, "refused", failedTurn(refusal), undefined, refusal);
    }
    const started = await log.save(work, { state: "running", attempt: work.attempt + 1 });
    const session = await sessions.open(work.sessionKey);
    const command = parseCommand(work.envelope.text, hooks.command);
    const result = command
      ? await this.#command(command, started, session)
      : await this.#turn(started, session, signal);
    if (signal.reason === POSTPONED) return;
    await this.#end(started, result.status === "ok" ? "done" : "failed", result);
  }

  async #command({ name, args }: { name: string; args: string }, work: Work, session: Session): Promise<TurnResult> {
    const offer = await this.#parts.hooks().command.resolve(name);
    const payload = await offer?.hook.promise({ name, args, work, session });
    return { status: "ok", payloads: payload ? [payload] : [], meta: { command: name } };
  }

  async #turn(work: Work, session: Session, signal: AbortSignal): Promise<TurnResult> {
    let current = work;
    const markEffects = async () => {
      if (!current.effects) current = await this.#parts.log.save(current, { effects: true });
    };
    const isPostponed = () => signal.reason === POSTPONED;
    const result = await this.#parts.hooks().turn.promise({ work, session, signal, markEffects, isPostponed });
    return result ?? failedTurn("no plugin answers messages; enable the plugin agents");
  }

  /** The end of the work and the messages that tell it are one commit. */
  async #end(work: Work, state: WorkState, result: TurnResult, apology?: string, reason?: string): Promise<void> {
    const { store, log, outbox, ongoing } = this.#parts;
    const current = (await log.get(work.id)) ?? work;
    const { next, write } = log.changed(current, { state, result, ...(reason !== undefined && { reason }) });
    const text = apology ?? (result.status === "error" && state === "failed" ? result.error?.message : undefined);
    const payloads = text === undefined ? result.payloads : [...result.payloads, { text }];
    const replies = work.envelope.replyTo ? await outbox.prepare(work.envelope.replyTo, payloads, work.id) : [];
    await store.commit([write, ...replies.map((entry) => outbox.insert(entry))]);
    ongoing.wayOut?.send(replies);
    this.#parts.ongoing.waiting.end(work.id, next);
  }
}
