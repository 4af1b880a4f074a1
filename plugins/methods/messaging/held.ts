import { setTimeout as delay } from "node:timers/promises";
import type { PluginGateway, SessionsApi, Steering, StoreApi, Work } from "openclaw/plugin-sdk";
import { accountOf, conversationOf } from "./identity.ts";
import { settled } from "./media/inbound.ts";
import type { Ongoing, Running } from "./ongoing.ts";
import { queueRule } from "./queue-mode.ts";
import type { QueueRule } from "./queue-mode.ts";
import { failedTurn, withStep } from "./work.ts";
import type { WorkLog } from "./work.ts";
import type { Ending } from "./ending.ts";

const DIGEST_CHARS = 160;

export interface HeldParts {
  readonly gateway: PluginGateway;
  readonly sessions: SessionsApi;
  readonly store: StoreApi;
  readonly log: WorkLog;
  readonly ongoing: Ongoing;
  readonly ending: Ending;
  /** What the agent is told of a message, with who wrote it and when. */
  readonly prompt: (work: Work) => Promise<string>;
}

/** Messages that came while a turn of their session runs, in order, and what the queue mode does with them. */
export class Held {
  readonly #parts: HeldParts;
  readonly #waiting = new Map<string, Running[]>();

  constructor(parts: HeldParts) {
    this.#parts = parts;
  }

  /** A message waits for its lane. Whether another one is before it decides what may become of it. */
  add(running: Running): void {
    const key = running.work.sessionKey;
    const waiting = this.#waiting.get(key) ?? [];
    running.heldSince = Date.now();
    running.wasHeld = waiting.length > 0 || this.#active(key) !== undefined;
    this.#waiting.set(key, [...waiting, running]);
    if (running.wasHeld) void this.#arrived(running).catch((error: unknown) => this.#failed(error));
  }

  /** Its turn has come, or it is over. */
  remove(running: Running): void {
    const key = running.work.sessionKey;
    const left = (this.#waiting.get(key) ?? []).filter((one) => one !== running);
    if (left.length > 0) this.#waiting.set(key, left);
    else this.#waiting.delete(key);
  }

  /**
   * In the lane, before the turn of a message that had to wait: in the mode `collect` it takes along everything that
   * waits behind it and goes to the same place, once nobody has written for a while.
   */
  async collect(running: Running): Promise<void> {
    if (!running.wasHeld) return;
    const rule = await this.rule(running.work);
    if (rule.mode !== "collect" || !isCollected(running.work)) return;
    const key = running.work.sessionKey;
    const { signal } = running.abort;
    for (;;) {
      const since = Math.max(...(this.#waiting.get(key) ?? [running]).map(({ heldSince = 0 }) => heldSince));
      const left = since + rule.debounceMs - Date.now();
      if (left <= 0 || this.#parts.ongoing.isClosing) break;
      await delay(left, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
    }
    await Promise.all((this.#waiting.get(key) ?? []).map((one) => settled(one)));
    if (running.isOver || signal.aborted) return;
    const others = (this.#waiting.get(key) ?? []).filter(
      (one) =>
        one !== running && !one.abort.signal.aborted && isCollected(one.work) && sameTarget(one.work, running.work),
    );
    if (others.length > 0) await this.#merge(running, others);
  }

  /** What the running turn is told at its next tool boundary. Costs nothing when nothing waits. */
  async steering(active: Running): Promise<readonly Steering[]> {
    const waiting = (this.#waiting.get(active.work.sessionKey) ?? []).filter((one) => !one.wasSteered);
    if (waiting.length === 0) return [];
    const told: Steering[] = [];
    for (const one of waiting) {
      const { mode } = await this.rule(one.work);
      const isSteered = mode === "steer" || mode === "steer-backlog";
      const isComing = one.media !== undefined && one.isMediaThere !== true;
      // What only owners may do must not be steered by somebody else, and no turn waits for a download.
      if (!isSteered || isComing || one.abort.signal.aborted || (active.isOwner && !one.isOwner)) break;
      one.wasSteered = true;
      await settled(one);
      told.push({ text: await this.#parts.prompt(one.work), envelope: one.work.envelope });
      if (mode === "steer") await this.#endAs(one, active.work);
    }
    return told;
  }

  async rule(work: Work): Promise<QueueRule> {
    const session = await this.#parts.sessions.get(work.sessionKey);
    return queueRule(session?.entry, work.envelope.channel, this.#parts.gateway.settings, work.queueMode);
  }

  async #arrived(running: Running): Promise<void> {
    const rule = await this.rule(running.work);
    const key = running.work.sessionKey;
    const older = () => (this.#waiting.get(key) ?? []).filter((one) => one !== running && !one.abort.signal.aborted);
    if (rule.mode === "interrupt") {
      for (const one of older()) if (isBefore(one, running)) await this.#drop(one, "a newer message came");
      this.#active(key)?.abort.abort(new DOMException("interrupted by a newer message", "AbortError"));
      return;
    }
    // Where each message has a turn of its own, those that are too many wait on disk and none is dropped.
    if (rule.mode === "followup" || older().length < rule.cap) return;
    if (rule.drop === "new") return this.#drop(running, "too many messages wait");
    const [oldest, next] = older();
    if (!oldest || oldest.begun) return;
    if (rule.drop === "summarize" && next) await this.#digest(oldest, next);
    await this.#drop(oldest, "too many messages wait");
  }

  #active(key: string): Running | undefined {
    for (const one of this.#parts.ongoing.running.values()) {
      if (one.begun && one.work.sessionKey === key) return one;
    }
    return undefined;
  }

  /** The message that is dropped is a line of the next one. */
  async #digest(dropped: Running, next: Running): Promise<void> {
    const text = dropped.work.envelope.text.replaceAll(/\s+/g, " ").slice(0, DIGEST_CHARS);
    const digest = [...(dropped.work.digest ?? []), text];
    const saved = await this.#parts.log.save(next.work, { digest });
    // Its attachments may have come meanwhile.
    next.work = { ...saved, envelope: next.work.envelope };
  }

  async #drop(running: Running, why: string): Promise<void> {
    this.remove(running);
    running.isOver = true;
    const result = failedTurn(why, "DROPPED");
    await this.#parts.ending.end(running.work, "interrupted", result, { reason: "dropped" });
  }

  async #merge(owner: Running, others: readonly Running[]): Promise<void> {
    const { log, store, ongoing } = this.#parts;
    const works = [owner.work, ...others.map(({ work }) => work)];
    const prompts = await Promise.all(works.map((work) => this.#parts.prompt(work)));
    const media = works.flatMap(({ envelope }) => envelope.media ?? []);
    const senders = new Set(works.flatMap(({ envelope: { sender, alsoFrom = [] } }) => [sender.id, ...alsoFrom]));
    senders.delete(owner.work.envelope.sender.id);
    const envelope = {
      ...owner.work.envelope,
      text: works.map((work) => work.envelope.text).join("\n"),
      messageIds: works.flatMap((work) => work.envelope.messageIds ?? [work.envelope.messageId]),
      ...(media.length > 0 && { media }),
      ...(senders.size > 0 && { alsoFrom: [...senders] }),
    };
    const ends = others.map(({ work }) => log.changed(work, endedIn(owner.work, work, "collected")));
    const whole = log.changed(owner.work, {
      envelope,
      asked: askedOf(owner.work),
      prompt: prompts.join("\n\n"),
      steps: withStep(owner.work, "collected", `${others.length} messages after it`),
    });
    await store.commit([...ends.map(({ write }) => write), whole.write]);
    owner.work = whole.next;
    owner.isOwner &&= others.every(({ isOwner }) => isOwner);
    owner.mayCommand &&= others.every(({ mayCommand }) => mayCommand);
    for (const [index, one] of others.entries()) {
      this.remove(one);
      one.isOver = true;
      ongoing.waiting.end(one.work.id, (ends[index] as { next: Work }).next);
    }
  }

  async #endAs(running: Running, owner: Work): Promise<void> {
    this.remove(running);
    running.isOver = true;
    const next = await this.#parts.log.save(running.work, endedIn(owner, running.work, "steered"));
    this.#parts.ongoing.waiting.end(running.work.id, next);
  }

  #failed(error: unknown): void {
    this.#parts.gateway.log.error("a message that waits could not be looked at", { err: error });
  }
}

function endedIn(owner: Work, work: Work, step: string): Partial<Work> {
  return {
    state: "merged",
    mergedInto: owner.id,
    steps: withStep(work, step, owner.id),
    result: { status: "ok", payloads: [], meta: { mergedInto: owner.runId } },
  };
}

function askedOf({ asked, envelope: { text, media } }: Work): NonNullable<Work["asked"]> {
  return asked ?? { text, ...(media && { media }) };
}

/** Whoever waits for the answer to one request gets one of its own. */
function isCollected({ envelope, queueMode = "collect" }: Work): boolean {
  return envelope.options?.["ownTurn"] !== true && queueMode === "collect";
}

function sameTarget(a: Work, b: Work): boolean {
  const target = ({ envelope }: Work) => [accountOf(envelope), conversationOf(envelope), envelope.replyTo ?? null];
  return JSON.stringify(target(a)) === JSON.stringify(target(b));
}

function isBefore(a: Running, b: Running): boolean {
  return (a.work.seq ?? 0) < (b.work.seq ?? 0);
}
