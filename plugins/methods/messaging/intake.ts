import { setTimeout as delay } from "node:timers/promises";
import { errorText, GatewayError, isProvided, SystemEvents } from "openclaw/plugin-sdk";
import type { Accepted, Envelope, HooksOf, Messaging, PluginGateway, StoreApi, Work } from "openclaw/plugin-sdk";
import type { Acks } from "./acks.ts";
import { Backlog } from "./backlog.ts";
import type { ParsedCommand } from "./command.ts";
import { Debounce, joined } from "./debounce.ts";
import type { Ending } from "./ending.ts";
import type { PendingHistory } from "./history.ts";
import { accountOf, conversationOf } from "./identity.ts";
import type { Judge, Verdict } from "./judge.ts";
import type { Inbound } from "./media/inbound.ts";
import { begin, POSTPONED } from "./ongoing.ts";
import type { Ongoing, Running } from "./ongoing.ts";
import { inlineQueue } from "./queue-mode.ts";
import type { Routing } from "./routing.ts";
import type { Sequence } from "./sequence.ts";
import type { Shortcuts } from "./shortcuts.ts";
import type { Turns } from "./turns.ts";
import { untilStored } from "./until-stored.ts";
import { wellFormed } from "./well-formed.ts";
import { failedTurn, isOpen, withStep } from "./work.ts";
import type { WorkLog } from "./work.ts";

export type MessagingHooks = HooksOf<typeof Messaging>;

export interface IntakeParts {
  readonly gateway: PluginGateway;
  readonly store: StoreApi;
  readonly log: WorkLog;
  readonly sequence: Sequence;
  readonly routing: Routing;
  readonly judge: Judge;
  readonly turns: Turns;
  readonly ending: Ending;
  readonly history: PendingHistory;
  readonly ongoing: Ongoing;
  readonly acks: Acks;
  readonly media: Inbound;
  readonly hooks: () => MessagingHooks;
  /** A message of a network was refused, and why. */
  readonly refused: (envelope: Envelope, reason: string) => void;
}

/** Messages in memory (reliability.md R-39). More than these wait on disk. */
const LIMITS = { lane: 50, account: 1_000, total: 10_000 };
const PAGE = 500;
/** How long stopped turns may take to let go. */
const UNWIND_MS = 2_000;
const INTERRUPTED_TEXT =
  "The gateway was restarted while it worked on your message, so the answer was cut off. Please ask again.";

/** The way of a message in: durable, then decided on in the order of its conversation, then handed to its lane. */
export class Intake {
  readonly #parts: IntakeParts;
  readonly #backlog: Backlog<Work>;
  readonly #debounce: Debounce<Running>;
  /** The end of the last decision in each conversation. */
  readonly #decisions = new Map<string, Promise<void>>();
  readonly #recovered = Promise.withResolvers<void>();
  #isRecovered = false;

  constructor(parts: IntakeParts) {
    this.#parts = parts;
    this.#debounce = new Debounce(parts.gateway.settings, (items) => this.#join(items));
    this.#backlog = new Backlog<Work>({
      limits: LIMITS,
      laneOf: ({ envelope }) => conversationOf(envelope),
      accountOf: ({ envelope }) => accountOf(envelope),
      load: (lane, after, limit) => parts.log.openIn(lane, after, limit),
      run: (work, wasDeferred) => this.#take(work, wasDeferred),
      failed: (error) => parts.gateway.log.error("messages that wait could not be read", { err: error }),
    });
  }

  get counts(): { readonly held: number; readonly deferred: number } {
    return this.#backlog;
  }

  /** Durable when it resolves. */
  async accept(given: Envelope): Promise<Accepted> {
    const { log, routing, hooks } = this.#parts;
    const envelope = wellFormed(given);
    const accepted = await log.admit(envelope, routing.route(envelope).sessionKey);
    if (!accepted.duplicate) {
      void hooks().received.promise(accepted.work);
      if (this.#isRecovered) this.#backlog.offer(accepted.work);
      else void this.#recovered.promise.then(() => this.#offerLate(accepted.work.id));
    }
    return accepted;
  }

  /**
   * Take up what an earlier process left, not what an earlier generation still works on. A turn that had effects
   * outside is ended, never run again.
   */
  async recover(): Promise<void> {
    const { log, sequence, ongoing, ending } = this.#parts;
    sequence.resume(await log.highest());
    // What comes from now on waits until all of this is in its lanes.
    const end = sequence.next();
    for (let after = 0; ;) {
      const page = (await log.open(after, PAGE)).filter(({ seq = 0 }) => seq < end);
      for (const work of page) {
        after = Math.max(after, work.seq ?? 0);
        if (ongoing.running.has(work.id)) continue;
        if (work.effects) await this.#interrupt(work, ending);
        else this.#backlog.offer(work);
      }
      if (page.length < PAGE) break;
    }
    this.#isRecovered = true;
    this.#recovered.resolve();
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

  /** This generation goes: what it holds goes on, what is on disk only is the next one's. */
  retire(): void {
    this.#backlog.stop();
    this.#debounce.close();
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

  /** Stop queued and running work of a session, or of one run, but `except` for one message. What is stopping is not told again. */
  abort(sessionKey: string, runId?: string, except?: string): string[] {
    const { ongoing, sequence } = this.#parts;
    const stopped: string[] = [];
    for (const { work, abort } of ongoing.running.values()) {
      if (work.sessionKey !== sessionKey || work.id === except || abort.signal.aborted) continue;
      if (runId !== undefined && work.runId !== runId) continue;
      this.#debounce.release(work.envelope);
      abort.abort(new DOMException("aborted by request", "AbortError"));
      stopped.push(work.runId);
    }
    if (runId === undefined && this.#backlog.deferred > 0) ongoing.stopped.set(sessionKey, sequence.next());
    return stopped;
  }

  /** Take up a message that was ended before, as if it had come now. */
  async again(work: Work): Promise<Work> {
    const { result: _result, reason: _reason, ...rest } = work;
    const next = await this.#parts.log.save(rest, {
      state: "queued",
      effects: false,
      seq: this.#parts.sequence.next(),
      steps: withStep(work, "retried", "by the operator"),
    });
    this.#backlog.offer(next);
    return next;
  }

  /** Give up on a message that has no end yet. */
  async drop(work: Work): Promise<Work> {
    const running = this.#parts.ongoing.running.get(work.id);
    running?.abort.abort(new DOMException("dropped by the operator", "AbortError"));
    const reason = "dropped by the operator";
    await this.#parts.ending.end(work, "interrupted", failedTurn(reason), { reason });
    return (await this.#parts.log.get(work.id)) ?? work;
  }

  async #offerLate(id: string): Promise<void> {
    const work = await this.#parts.log.get(id);
    if (work && isOpen(work) && !this.#parts.ongoing.running.has(id)) this.#backlog.offer(work);
  }

  #interrupt(work: Work, ending: Ending): Promise<void> {
    const result = failedTurn("interrupted by a restart");
    return ending.end(work, "interrupted", result, { say: INTERRUPTED_TEXT, reason: "restart" });
  }

  #take(work: Work, wasDeferred: boolean): void {
    const { ongoing } = this.#parts;
    if (ongoing.running.has(work.id)) return this.#backlog.done(work);
    const waited: Work = wasDeferred ? { ...work, deferred: true, steps: withStep(work, "deferred") } : work;
    const running = begin(waited);
    ongoing.running.set(work.id, running);
    if ((ongoing.stopped.get(work.sessionKey) ?? 0) > (work.seq ?? 0) && wasDeferred) {
      running.abort.abort(new DOMException("aborted by request", "AbortError"));
    }
    this.#decide(running);
  }

  /** In the order of the conversation: a decision that takes time must not be overtaken by the next. */
  #decide(running: Running): void {
    const conversation = conversationOf(running.work.envelope);
    const before = this.#decisions.get(conversation);
    const decision = (before ?? Promise.resolve())
      .then(() => this.#decision(running))
      .catch((error: unknown) => this.#undecided(running, error))
      .finally(() => {
        if (this.#decisions.get(conversation) === decision) this.#decisions.delete(conversation);
      });
    this.#decisions.set(conversation, decision);
  }

  async #decision(running: Running): Promise<void> {
    if (this.#parts.ongoing.isClosing) return this.finished(running);
    const { work } = running;
    const verdict = await this.#parts.judge.verdict(work);
    if ("refuse" in verdict) return this.#refuse(running, verdict);
    if ("note" in verdict) return this.#note(running, verdict.note);
    running.isOwner = verdict.isOwner;
    running.mayCommand = verdict.mayCommand;
    if (verdict.place) running.place = verdict.place;
    if (verdict.shortcuts && !(await this.#aside(running, verdict.shortcuts))) return;
    if (!verdict.command && verdict.mayCommand) await this.#queueWord(running);
    this.#parts.acks.taken(work, verdict.wasAddressed === true);
    if (verdict.command && !(await this.#asks(running, verdict.command))) {
      this.#debounce.release(work.envelope);
      this.#parts.turns.command(running, verdict.command, verdict.isOwner);
    } else {
      this.#parts.media.begin(running);
      this.#debounce.add(running);
    }
  }

  /** `/queue <mode>` beside other words is about this message alone, and no part of what is said. */
  async #queueWord(running: Running): Promise<void> {
    const { work } = running;
    const { envelope } = work;
    if ((envelope.kind ?? "message") !== "message" || envelope.forwarded !== undefined) return;
    if (this.#parts.gateway.settings.get<boolean>("commands.text") === false) return;
    const found = inlineQueue(envelope.text);
    if (!found) return;
    running.work = await this.#parts.log.save(work, {
      envelope: { ...envelope, text: found.text },
      queueMode: found.mode,
      asked: work.asked ?? { text: envelope.text, ...(envelope.media && { media: envelope.media }) },
      steps: withStep(work, "command", `/queue ${found.mode} for this message`),
    });
  }

  /** Commands inside of a message become messages of their own. False when nothing else is left of it. */
  async #aside(running: Running, { names, text }: Shortcuts): Promise<boolean> {
    const { gateway, log, ending } = this.#parts;
    const { work } = running;
    const { media, runId: _runId, ...envelope } = work.envelope;
    const told = names.map((name) => `/${name}`).join(", ");
    try {
      for (const name of names)
        await this.accept({ ...envelope, kind: "command", revision: `/${name}`, text: `/${name}` });
    } catch (error) {
      // There is no room for more messages; this one is there already and has its turn.
      gateway.log.warn(`${told} in message ${work.id} is not answered: ${errorText(error)}`);
      return true;
    }
    if (text === "" && !media) {
      await ending.end(work, "done", { status: "ok", payloads: [], meta: {} }, { reason: `answered as ${told}` });
      this.finished(running);
      return false;
    }
    running.work = await log.save(work, {
      envelope: { ...work.envelope, text },
      asked: work.asked ?? { text: envelope.text, ...(media && { media }) },
      steps: withStep(work, "command", `${told} answered beside it`),
    });
    return true;
  }

  /** A command that stands for a question to the agent: from now on it is a message that asks it. */
  async #asks(running: Running, { name, args }: ParsedCommand): Promise<boolean> {
    const { log, hooks } = this.#parts;
    const { work } = running;
    const text = await hooks().command.offers.get(name)?.options.asks?.(args, work);
    if (text === undefined) return false;
    const { envelope } = work;
    const asked = work.asked ?? { text: envelope.text, ...(envelope.media && { media: envelope.media }) };
    running.work = await log.save(work, {
      envelope: { ...envelope, text },
      asked,
      steps: withStep(work, "command", `/${name} asks the agent`),
    });
    return true;
  }

  /** A fact such as a reaction: on disk for the next turn of its session, and the end of it. */
  async #note(running: Running, text: string): Promise<void> {
    const { gateway, ending } = this.#parts;
    const { work } = running;
    const events = gateway.use(SystemEvents);
    if (!isProvided(events)) return this.#refuse(running, { refuse: "unsupported" });
    const { channel, chatId, messageId, kind = "note" } = work.envelope;
    await events.enqueue(text, {
      sessionKey: work.sessionKey,
      contextKey: `${channel}:${kind}:${chatId}:${messageId}`,
    });
    await ending.end(work, "done", { status: "ok", payloads: [], meta: {} }, { reason: "told with the next turn" });
    this.finished(running);
  }

  async #refuse(running: Running, { refuse, say, remember }: Extract<Verdict, { refuse: string }>): Promise<void> {
    const { gateway, ending, history, refused } = this.#parts;
    const { work } = running;
    const { channel, accountId } = work.envelope;
    gateway.log.debug(`message refused: ${refuse}`, { channel, accountId, reason: refuse, workId: work.id });
    refused(work.envelope, refuse);
    if (remember) history.add(conversationOf(work.envelope), work.envelope, remember.most);
    await ending.end(work, "refused", failedTurn(refuse), { reason: refuse, ...(say !== undefined && { say }) });
    this.finished(running);
  }

  async #undecided(running: Running, error: unknown): Promise<void> {
    const { gateway, ending } = this.#parts;
    gateway.log.error(`message ${running.work.id} failed: ${errorText(error)}`, { err: error });
    await ending
      .end(running.work, "failed", failedTurn(errorText(error)), { reason: "error" })
      .catch((cause: unknown) => {
        gateway.log.error(`the end of message ${running.work.id} could not be recorded`, { err: cause });
      });
    this.finished(running);
  }

  /** Several texts become the last of them, in one commit; each of the others ends as a part of it. */
  #join(items: readonly Running[]): void {
    const last = items.at(-1);
    if (!last) return;
    if (items.length === 1) return this.#parts.turns.queue(last);
    void this.#merge(items.slice(0, -1), last).catch((error: unknown) => this.#undecided(last, error));
  }

  async #merge(others: readonly Running[], last: Running): Promise<void> {
    const { gateway, log, store, turns, ongoing } = this.#parts;
    const envelope = joined([...others, last].map(({ work }) => work));
    const merged = others.map(({ work }) =>
      log.changed(work, {
        state: "merged",
        mergedInto: last.work.id,
        steps: withStep(work, "merged", last.work.id),
        result: { status: "ok", payloads: [], meta: { mergedInto: last.work.id } },
      }),
    );
    const steps = withStep(last.work, "joined", `${others.length} messages before it`);
    const whole = log.changed(last.work, { envelope, steps });
    const changes = [...merged.map(({ write }) => write), whole.write];
    await untilStored(() => store.commit(changes), {
      isOver: () => ongoing.isClosing,
      failed: (error) => gateway.log.error("messages wait for the store to be joined", { err: error }),
    });
    last.work = whole.next;
    last.isOwner &&= others.every(({ isOwner }) => isOwner);
    last.mayCommand &&= others.every(({ mayCommand }) => mayCommand);
    for (const [index, other] of others.entries()) {
      ongoing.waiting.end(other.work.id, (merged[index] as { next: Work }).next);
      this.finished(other);
    }
    turns.queue(last);
  }

  /** It is out of memory, whatever became of it. */
  finished(running: Running): void {
    const { ongoing } = this.#parts;
    if (!ongoing.running.delete(running.work.id)) return;
    this.#parts.acks.answered(running.work.id);
    running.finish();
    if (!ongoing.isClosing) this.#backlog.done(running.work);
    if (this.#backlog.deferred === 0) ongoing.stopped.clear();
  }
}
