import { defineCollection, GatewayError } from "openclaw/plugin-sdk";
import type { Accepted, Change, Envelope, StoreApi, TurnResult, Work, WorkState, WorkStep } from "openclaw/plugin-sdk";
import { conversationOf, idOf, sameRequest } from "./identity.ts";
import { digits } from "./sequence.ts";
import type { Sequence } from "./sequence.ts";

/** Steps of one trace; what comes after is only the end. */
const MAX_STEPS = 32;

const WORK = defineCollection<Work>("work", {
  indexes: {
    /** Not at an end, in the order of acceptance. */
    waiting: (work) => (isOpen(work) ? (work.seq ?? work.acceptedAt) : null),
    lane: (work) => (isOpen(work) ? `${conversationOf(work.envelope)} ${digits(work.seq ?? 0)}` : null),
    ended: (work) => (isOpen(work) ? null : work.updatedAt),
    ill: (work) => (work.state === "failed" || work.state === "interrupted" ? work.updatedAt : null),
    runId: (work) => work.runId,
    messageId: (work) => work.envelope.messageId,
  },
});

/** Accepted messages, from acceptance to their one recorded end. */
export class WorkLog {
  readonly #store: StoreApi;
  readonly #sequence: Sequence;

  constructor(store: StoreApi, sequence: Sequence) {
    this.#store = store;
    this.#sequence = sequence;
  }

  /**
   * Durable when it resolves. The same message of the same account is one record, however often it comes. A trusted
   * caller that asks something else under the same id is refused.
   */
  async admit(envelope: Envelope, sessionKey: string): Promise<Accepted> {
    const now = Date.now();
    const id = idOf(envelope);
    const work: Work = {
      id,
      runId: envelope.runId ?? id,
      sessionKey,
      envelope,
      state: "queued",
      acceptedAt: now,
      updatedAt: now,
      attempt: 0,
      effects: false,
      seq: this.#sequence.next(),
    };
    try {
      await this.#store.commit([WORK.insert(id, work)], { intake: true });
      return { work, duplicate: false };
    } catch (error) {
      const known = isConflict(error) ? await this.get(id) : undefined;
      if (!known) throw error;
      if (envelope.sessionKey !== undefined && !sameRequest(known, envelope)) throw otherParameters();
      return { work: known, duplicate: true };
    }
  }

  get(id: string): Promise<Work | undefined> {
    return this.#store.get(WORK, id);
  }

  /** By run, else by the platform's id, newest first. */
  async find(name: string): Promise<Work[]> {
    const query = { equals: name, limit: 20 };
    const ofRun = await this.#store.list(WORK, { by: "runId", ...query });
    const found = ofRun.length > 0 ? ofRun : await this.#store.list(WORK, { by: "messageId", ...query });
    return found.toSorted((a, b) => b.acceptedAt - a.acceptedAt);
  }

  /** Not at an end, oldest first; with `after`, those that came after that number. */
  open(after = 0, limit?: number): Promise<Work[]> {
    return this.#store.list(WORK, { by: "waiting", from: after + 1, ...(limit !== undefined && { limit }) });
  }

  openCount(): Promise<number> {
    return this.#store.count(WORK, { by: "waiting", from: 0 });
  }

  /** Open messages of one conversation that came after that number, in order. */
  openIn(conversation: string, after: number, limit: number): Promise<Work[]> {
    const [from, to] = [`${conversation} ${digits(after + 1)}`, `${conversation} ~`];
    return this.#store.list(WORK, { by: "lane", from, to, limit });
  }

  /** Failed and interrupted, newest first. */
  ill(limit: number): Promise<Work[]> {
    return this.#store.list(WORK, { by: "ill", from: 0, descending: true, limit });
  }

  /** The highest number in use among what is open; a clock that went back must not give lower ones. */
  async highest(): Promise<number> {
    const [last] = await this.#store.list(WORK, { by: "waiting", from: 0, descending: true, limit: 1 });
    return last?.seq ?? 0;
  }

  /** Forgets up to `limit` messages that ended before `before`. Resolves with how many. */
  async prune(before: number, limit: number): Promise<number> {
    const old = await this.#store.list(WORK, { by: "ended", from: 0, to: before, limit });
    if (old.length > 0) await this.#store.commit(old.map(({ id }) => WORK.remove(id)));
    return old.length;
  }

  endedCount(): Promise<number> {
    return this.#store.count(WORK, { by: "ended", from: 0 });
  }

  async oldestEnded(limit: number): Promise<Work[]> {
    return this.#store.list(WORK, { by: "ended", from: 0, limit });
  }

  /** The record after `change`, as a write for {@link StoreApi.commit}. */
  changed(work: Work, change: Partial<Work>): { next: Work; write: Change } {
    const next: Work = { ...work, ...change, updatedAt: Date.now() };
    return { next, write: WORK.put(work.id, next) };
  }

  async save(work: Work, change: Partial<Work>): Promise<Work> {
    const { next, write } = this.changed(work, change);
    await this.#store.commit([write]);
    return next;
  }
}

export function isOpen({ state }: { readonly state: WorkState }): boolean {
  return state === "queued" || state === "running";
}

/** The steps with one more. */
export function withStep(work: Work, step: string, note?: string): readonly WorkStep[] {
  const steps = work.steps ?? [];
  return steps.length >= MAX_STEPS ? steps : [...steps, { at: Date.now(), step, ...(note !== undefined && { note }) }];
}

/** A result for a turn that did not come to an answer. */
export function failedTurn(message: string, code = "UNAVAILABLE"): TurnResult {
  return { status: "error", payloads: [], meta: {}, error: { code, message } };
}

export function isConflict(error: unknown): boolean {
  return error instanceof GatewayError && error.details?.["code"] === "CONFLICT";
}

export function otherParameters(): GatewayError {
  return new GatewayError("INVALID_REQUEST", "idempotency key was used with other parameters", {
    details: { code: "CONFLICT" },
  });
}
