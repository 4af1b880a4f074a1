import { errorText, zonedStamp } from "openclaw/plugin-sdk";
import type { Envelope, PluginGateway, Session, SessionsApi, Turn, TurnResult, Work } from "openclaw/plugin-sdk";
import { blockDelivery } from "./blocks.ts";
import type { ParsedCommand } from "./command.ts";
import type { Ending } from "./ending.ts";
import type { PendingHistory } from "./history.ts";
import type { Held } from "./held.ts";
import { accountOf, conversationOf } from "./identity.ts";
import type { MessagingHooks } from "./intake.ts";
import { routeChange } from "./last-route.ts";
import { settled } from "./media/inbound.ts";
import { POSTPONED } from "./ongoing.ts";
import type { Ongoing, Running } from "./ongoing.ts";
import type { Outbox } from "./outbox.ts";
import { promptOf } from "./prompt.ts";
import { stampOf } from "./stamp-rule.ts";
import type { PromptParts } from "./prompt.ts";
import type { Typing } from "./typing.ts";
import { untilStored } from "./until-stored.ts";
import { failedTurn, withStep } from "./work.ts";
import type { WorkLog } from "./work.ts";

/** Turns at once (reliability.md R-40). */
const PER_ACCOUNT = 4;
const IN_ALL = 16;
const PER_LANE: Readonly<Record<string, number>> = { subagent: 8, cron: 4 };
/** A lane is given back so long after the turn's own limit (protocol.md §9.3). */
const GRACE_MS = 60_000;
const SHORTEST_MS = 2 * 60_000;
const LONGEST_MS = 24 * 3_600_000;
const TIMEOUT_SECONDS = 600;
/** How long an aborted turn may take to let go. */
const UNWIND_MS = 10_000;

export interface TurnParts {
  readonly gateway: PluginGateway;
  readonly sessions: SessionsApi;
  readonly log: WorkLog;
  readonly ending: Ending;
  readonly outbox: Outbox;
  readonly history: PendingHistory;
  readonly typing: Typing;
  readonly held: Held;
  readonly ongoing: Ongoing;
  readonly hooks: () => MessagingHooks;
  /** Name of the network for people, and whether messages can be named to it. */
  readonly describe: (work: Work) => Promise<Pick<PromptParts, "label" | "withMessageId" | "mark">>;
  readonly ended: (running: Running) => void;
}

/** Answers what was let in: one turn at a time per session, and only so many at once. */
export class Turns {
  readonly #parts: TurnParts;

  constructor(parts: TurnParts) {
    this.#parts = parts;
  }

  /** In the session's lane, after what came before. */
  queue(running: Running): void {
    this.#parts.held.add(running);
    void this.#parts.sessions.lane(running.work.sessionKey, () => this.#step(running, undefined));
  }

  /** At once: `/stop` must not wait for the turn it stops. */
  command(running: Running, command: ParsedCommand, isOwner: boolean): void {
    void this.#step(running, { command, isOwner });
  }

  async #step(running: Running, command?: { command: ParsedCommand; isOwner: boolean }): Promise<void> {
    const { ongoing, gateway } = this.#parts;
    if (!ongoing.isClosing) {
      try {
        await (command ? this.#command(running, command.command, command.isOwner) : this.#withSlots(running));
      } catch (error) {
        gateway.log.error(`message ${running.work.id} failed: ${errorText(error)}`, { err: error });
        const text = errorText(error);
        await this.#parts.ending
          .end(running.work, "failed", failedTurn(text), { say: text })
          .catch((cause: unknown) => {
            gateway.log.error(`the end of message ${running.work.id} could not be recorded`, { err: cause });
          });
      }
    }
    this.#parts.held.remove(running);
    this.#parts.ended(running);
  }

  async #command({ work }: Running, { name, args }: ParsedCommand, isOwner: boolean): Promise<void> {
    const { log, sessions, hooks, ending } = this.#parts;
    const started = await log.save(work, {
      state: "running",
      attempt: work.attempt + 1,
      steps: withStep(work, "command", `/${name}`),
    });
    const session = await sessions.open(work.sessionKey);
    const offer = await hooks().command.resolve(name);
    const payload = await offer?.hook.promise({ name, args, work: started, session, isOwner });
    await ending.end(started, "done", { status: "ok", payloads: payload ? [payload] : [], meta: { command: name } });
  }

  async #withSlots(running: Running): Promise<void> {
    const { abort } = running;
    const { slots } = this.#parts.ongoing;
    const { held } = this.#parts;
    if (running.isOver) return;
    await settled(running);
    await held.collect(running);
    if (running.isOver) return;
    const { work } = running;
    if (abort.signal.aborted) return this.#stopped(work);
    const lane = String(work.envelope.options?.["lane"] ?? "main");
    const account = accountOf(work.envelope);
    const ofAccount = account === undefined ? undefined : await slots.take(`account ${account}`, PER_ACCOUNT);
    try {
      const ofLane = await slots.take(`lane ${lane}`, this.#limitOf(lane));
      try {
        if (abort.signal.aborted) return await this.#stopped(work);
        if (this.#parts.ongoing.isClosing) return;
        if (running.isOver) return;
        held.remove(running);
        running.begun = true;
        await this.#turn(running);
      } finally {
        ofLane();
      }
    } finally {
      ofAccount?.();
    }
  }

  #limitOf(lane: string): number {
    const { settings } = this.#parts.gateway;
    if (lane === "cron") return settings.get<number>("cron.maxConcurrentRuns") ?? (PER_LANE[lane] as number);
    const key = { main: "maxConcurrent", subagent: "subagents.maxConcurrent" }[lane];
    const fallback = lane === "main" ? IN_ALL : (PER_LANE[lane] ?? 1);
    const configured = key === undefined ? undefined : settings.get<number>(`agents.defaults.${key}`);
    return typeof configured === "number" && configured >= 1 ? configured : fallback;
  }

  #stopped(work: Work): Promise<void> {
    if (this.#parts.ongoing.isClosing) return Promise.resolve();
    return this.#parts.ending.end(work, "interrupted", failedTurn("aborted before it began"), { reason: "stopped" });
  }

  async #turn(running: Running): Promise<void> {
    const { gateway, log, history, ending, typing, ongoing } = this.#parts;
    const { work, abort } = running;
    const isOfNetwork = work.envelope.sessionKey === undefined;
    const taken =
      isOfNetwork && work.envelope.chatType !== "direct" ? history.take(conversationOf(work.envelope)) : undefined;
    const isTold = isOfNetwork || work.digest !== undefined;
    const prompt = isTold ? await this.prompt(work, taken?.said ?? []) : undefined;
    const { deferred: _deferred, ...rest } = work;
    const change = {
      state: "running",
      attempt: work.attempt + 1,
      steps: withStep(work, "turn", work.sessionKey),
      ...(prompt !== undefined && { prompt }),
    } as const;
    const saved = untilStored(() => log.save(rest, change), {
      isOver: () => abort.signal.aborted || ongoing.isClosing,
      failed: (error) => gateway.log.error(`message ${work.id} waits for the store`, { err: error }),
    });
    // Meanwhile, so that both share a commit; whatever becomes of it is looked at once the turn is recorded.
    const opened = this.#session(work);
    opened.catch(() => undefined);
    const started = await saved;
    running.work = started;
    running.turnSince = performance.now();
    const session = await opened;
    const stopTyping = typing.start(started);
    const isOwner = running.isOwner && !(taken?.said.length ?? 0) && !quotesOthers(started.envelope);
    const mayDirect = running.mayCommand && started.envelope.forwarded === undefined;
    const { place } = running;
    const about = { work: started, session, isOwner, mayDirect, ...(place && { place }) };
    const result = await this.#answer(running, about).finally(stopTyping);
    if (abort.signal.reason === POSTPONED) return;
    if (result.status !== "ok") taken?.restore();
    const failed = result.status !== "ok" ? (result.error?.message ?? "the turn failed") : undefined;
    await ending.end(running.work, failed === undefined ? "done" : "failed", result, {
      ...(failed !== undefined && { say: failed, reason: result.error?.code ?? "UNAVAILABLE" }),
    });
  }

  /** What the agent is told of a message: who wrote it, when, and what was left out before it. */
  async prompt(work: Work, said: ReturnType<PendingHistory["take"]>["said"] = []): Promise<string> {
    // A turn that is run again tells the agent the same: what was said before is not in memory any more.
    if (work.prompt !== undefined) return work.prompt;
    const { envelope, acceptedAt, digest } = work;
    const { settings } = this.#parts.gateway;
    const at = envelope.timestamp ?? acceptedAt;
    const text =
      envelope.sessionKey === undefined
        ? promptOf(envelope, { ...(await this.#parts.describe(work)), stamp: stampOf(at, settings), said })
        : `[${zonedStamp(new Date(at), settings.get<string>("agents.defaults.userTimezone"))}] ${envelope.text}`;
    if (!digest) return text;
    return [
      "[Messages before this one that were left out, because too many came]",
      ...digest.map((line) => `- ${line}`),
      "",
      text,
    ].join("\n");
  }

  /** The session, which remembers where its last message came from: deliveries without an origin go there. */
  async #session(work: Work): Promise<Session> {
    const { sessionKey } = work;
    const { sessions } = this.#parts;
    const session = await sessions.open(sessionKey);
    const change = routeChange(session.entry, work);
    return change ? sessions.update(sessionKey, () => change) : session;
  }

  /** The turn's result, or its end by force when it does not let go: a lane is never held for ever. */
  async #answer(
    running: Running,
    about: Pick<Turn, "work" | "session" | "isOwner" | "mayDirect" | "place">,
  ): Promise<TurnResult> {
    const { hooks, log, gateway } = this.#parts;
    const { work } = about;
    const { signal } = running.abort;
    const markEffects = async () => {
      if (!running.work.effects) running.work = await log.save(running.work, { effects: true });
    };
    const isPostponed = () => signal.reason === POSTPONED;
    const steering = () => this.#parts.held.steering(running);
    const { outbox, ongoing } = this.#parts;
    const blocks = blockDelivery(work, { settings: gateway.settings, outbox, ongoing, markEffects });
    const turn = hooks().turn.promise({
      ...about,
      signal,
      markEffects,
      isPostponed,
      steering,
      ...(blocks && { blocks }),
    });
    const limitMs = this.#limitMs(work);
    const late = Promise.withResolvers<TurnResult>();
    const timer = setTimeout(() => {
      gateway.log.error(`message ${work.id} held its lane for ${Math.round(limitMs / 1_000)} s; it is stopped`);
      running.abort.abort(new DOMException("the turn took too long", "TimeoutError"));
      const kill = setTimeout(() => late.resolve(failedTurn("the turn took too long", "TIMEOUT")), UNWIND_MS);
      const clear = () => clearTimeout(kill);
      turn.then(clear, clear);
    }, limitMs);
    try {
      const result = await Promise.race([turn, late.promise]);
      return result ?? failedTurn("no plugin answers messages; enable the plugin agents");
    } finally {
      clearTimeout(timer);
    }
  }

  #limitMs({ envelope }: Work): number {
    const seconds = this.#parts.gateway.settings.get<number>("agents.defaults.timeoutSeconds") ?? TIMEOUT_SECONDS;
    const asked = envelope.options?.["timeoutMs"];
    const ms = typeof asked === "number" ? asked : seconds * 1_000;
    return ms > 0 ? Math.min(LONGEST_MS, Math.max(SHORTEST_MS, ms + GRACE_MS)) : LONGEST_MS;
  }
}

/** Is there text in it that its sender only passes on? */
function quotesOthers({ quoted, forwarded, untrusted = [] }: Envelope): boolean {
  return forwarded !== undefined || untrusted.length > 0 || (quoted?.body !== undefined && quoted.isBot !== true);
}
