import { createHash } from "node:crypto";
import { defineCollection, GatewayError } from "openclaw/plugin-sdk";
import type { Accepted, Change, Envelope, StoreApi, TurnResult, Work, WorkState } from "openclaw/plugin-sdk";

const DEFAULT_ACCOUNT = "default";

const WORK = defineCollection<Work>("work", {
  indexes: { open: (work) => (isOpen(work) ? 1 : 0) },
});

/** Accepted messages, from acceptance to their one recorded end. */
export class WorkLog {
  readonly #store: StoreApi;

  constructor(store: StoreApi) {
    this.#store = store;
  }

  /** Durable when it resolves. The same message of the same account is one record, however often it comes. */
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
    };
    try {
      await this.#store.commit([WORK.insert(id, work)], { intake: true });
      return { work, duplicate: false };
    } catch (error) {
      const known = isConflict(error) ? await this.get(id) : undefined;
      if (!known) throw error;
      return { work: known, duplicate: true };
    }
  }

  get(id: string): Promise<Work | undefined> {
    return this.#store.get(WORK, id);
  }

  /** Not at an end, oldest first. */
  async open(): Promise<Work[]> {
    const open = await this.#store.list(WORK, { by: "open", equals: 1 });
    return open.toSorted((a, b) => a.acceptedAt - b.acceptedAt);
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

/** A result for a turn that did not come to an answer. */
export function failedTurn(message: string, code = "UNAVAILABLE"): TurnResult {
  return { status: "error", payloads: [], meta: {}, error: { code, message } };
}

function idOf({ channel, accountId = DEFAULT_ACCOUNT, chatId, threadId, messageId }: Envelope): string {
  const identity = JSON.stringify([channel, accountId, chatId, threadId ?? null, messageId]);
  return createHash("sha256").update(identity).digest("hex").slice(0, 32);
}

function isConflict(error: unknown): boolean {
  return error instanceof GatewayError && error.details?.["code"] === "CONFLICT";
}
