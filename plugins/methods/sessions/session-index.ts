import { randomUUID } from "node:crypto";
import { defineCollection } from "openclaw/plugin-sdk";
import type { Session, SessionEntry, SessionKey, StoreApi } from "openclaw/plugin-sdk";
import { isCronRun } from "./key.ts";
import type { Lanes } from "./lanes.ts";

export interface SessionIndexOptions {
  readonly store: StoreApi;
  /** One row of updates per key. */
  readonly updates: Lanes;
  /** A session got a new transcript, its first one or another one. */
  readonly started: (session: Session, isFirst: boolean) => void;
}

export interface ListOptions {
  readonly agentId?: string;
  readonly limit?: number;
  /** Only sessions updated at this time or later. */
  readonly since?: number;
}

/** Digits of a time in an index of text, so that order of text is order of time. */
const TIME_DIGITS = 15;

const SESSIONS = defineCollection<Session>("sessions", {
  indexes: {
    agentId: ({ agentId }) => agentId,
    updatedAt: ({ entry }) => entry.updatedAt,
    sessionId: ({ entry }) => entry.sessionId,
    label: ({ entry }) => entry.label ?? null,
    /** Sessions that lists show. */
    listed: (session) => (isListed(session) ? session.entry.updatedAt : null),
    listedByAgent: (session) => (isListed(session) ? agentTime(session.agentId, session.entry.updatedAt) : null),
  },
});

/** What is known of each session, in the store. Keys are canonical. */
export class SessionIndex {
  readonly #options: SessionIndexOptions;

  constructor(options: SessionIndexOptions) {
    this.#options = options;
  }

  get(key: string): Promise<Session | undefined> {
    return this.#options.store.get(SESSIONS, key);
  }

  /** Sessions with this transcript; more than one only after somebody meddled. Newest first. */
  async withSessionId(sessionId: string): Promise<Session[]> {
    return newestFirst(await this.#options.store.list(SESSIONS, { by: "sessionId", equals: sessionId }));
  }

  async withLabel(label: string): Promise<Session[]> {
    return newestFirst(await this.#options.store.list(SESSIONS, { by: "label", equals: label }));
  }

  /** Newest first, without single runs of cron jobs. */
  list({ agentId, limit, since = 0 }: ListOptions = {}): Promise<Session[]> {
    const size = { descending: true, ...(limit !== undefined && { limit }) };
    if (agentId === undefined) return this.#options.store.list(SESSIONS, { by: "listed", from: since, ...size });
    const [from, to] = [agentTime(agentId, since), agentTime(agentId, Number.MAX_SAFE_INTEGER)];
    return this.#options.store.list(SESSIONS, { by: "listedByAgent", from, to, ...size });
  }

  count(agentId?: string): Promise<number> {
    return this.#options.store.count(SESSIONS, agentId === undefined ? {} : { by: "agentId", equals: agentId });
  }

  /** See {@link StoreApi.revision}. */
  revision(): Promise<object> {
    return this.#options.store.revision(SESSIONS);
  }

  async open(key: SessionKey): Promise<Session> {
    const known = await this.get(key.canonical);
    // Whoever comes second while the session is being made finds it, and changes nothing.
    return known ?? this.#change(key, (_, isNew) => (isNew ? {} : undefined));
  }

  update(key: SessionKey, change: (entry: SessionEntry) => Partial<SessionEntry>): Promise<Session> {
    return this.#change(key, change);
  }

  /** Reads, asks for the change and writes, one after the other per key. Without a change the session stays as it is. */
  #change(
    key: SessionKey,
    change: (entry: SessionEntry, isNew: boolean) => Partial<SessionEntry> | undefined,
  ): Promise<Session> {
    const { store, updates, started } = this.#options;
    return updates.run(key.canonical, async () => {
      const before = await this.get(key.canonical);
      const base = before?.entry ?? newEntry();
      const changed = change(base, before === undefined);
      if (before && !changed) return before;
      const session = {
        key: key.canonical,
        agentId: key.agentId,
        entry: { ...base, ...(before && { updatedAt: Date.now() }), ...changed },
      };
      await store.commit([SESSIONS.put(key.canonical, session)]);
      if (before?.entry.sessionId !== session.entry.sessionId) started(session, before === undefined);
      return session;
    });
  }
}

function newEntry(): SessionEntry {
  const now = Date.now();
  return { sessionId: randomUUID(), updatedAt: now, createdAt: now };
}

function isListed({ key }: Session): boolean {
  return !isCronRun(key.replace(/^agent:[^:]+:/, ""));
}

function agentTime(agentId: string, time: number): string {
  const digits = String(Math.max(0, Math.floor(time)));
  return `${agentId} ${digits.padStart(TIME_DIGITS, "0")}`;
}

function newestFirst(sessions: readonly Session[]): Session[] {
  return sessions.toSorted((a, b) => b.entry.updatedAt - a.entry.updatedAt);
}
