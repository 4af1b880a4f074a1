import { randomUUID } from "node:crypto";
import { defineCollection } from "openclaw/plugin-sdk";
import type { Session, SessionChange, SessionEntry, SessionKey, StoreApi } from "openclaw/plugin-sdk";
import { isCronRun } from "./key.ts";
import type { Lanes } from "./lanes.ts";
import type { RowCache } from "./row-cache.ts";

export interface SessionIndexOptions {
  readonly store: StoreApi;
  /** One row of updates per key. */
  readonly updates: Lanes;
  /** Rows that were read last. */
  readonly rows: RowCache;
  /** A session got a new transcript, its first one or another one. */
  readonly started: (session: Session, isFirst: boolean) => void;
  /** The entry of this key is another one now, or gone. */
  readonly changed: (key: string, change: SessionChange) => void;
}

/** The entry after a change, or nothing when it stays as it is. */
export type EntryChange = (entry: SessionEntry, isNew: boolean) => SessionEntry | undefined;

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
    return this.#options.rows.get(key, () => this.#options.store.get(SESSIONS, key));
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
    return known ?? this.change(key, (entry, isNew) => (isNew ? entry : undefined), "started");
  }

  update(key: SessionKey, change: (entry: SessionEntry) => Partial<SessionEntry>): Promise<Session> {
    return this.change(key, (entry, isNew) => ({
      ...entry,
      ...(!isNew && { updatedAt: Date.now() }),
      ...change(entry),
    }));
  }

  /**
   * Reads, asks for the change and writes, one after the other per key. A missing session is made when there is a
   * change.
   */
  change(key: SessionKey, change: EntryChange, kind: SessionChange = "updated"): Promise<Session> {
    const { store, updates, rows, started, changed } = this.#options;
    return updates.run(key.canonical, async () => {
      const before = await this.get(key.canonical);
      const base = before?.entry ?? newEntry();
      const entry = change(base, before === undefined);
      if (!entry) return before ?? { key: key.canonical, agentId: key.agentId, entry: base };
      const session = { key: key.canonical, agentId: key.agentId, entry: withoutGaps(entry) };
      await rows.change([key.canonical], () => store.commit([SESSIONS.put(key.canonical, session)]));
      if (before?.entry.sessionId !== session.entry.sessionId) started(session, before === undefined);
      changed(key.canonical, kind);
      return session;
    });
  }

  /** Forgets the session. Resolves with what it was. */
  remove(key: string): Promise<Session | undefined> {
    const { store, updates, rows, changed } = this.#options;
    return updates.run(key, async () => {
      const before = await this.get(key);
      if (!before) return undefined;
      await rows.change([key], () => store.commit([SESSIONS.remove(key)]));
      changed(key, "deleted");
      return before;
    });
  }

  /** Sessions that another program wrote down; those that are here already stay. */
  async add(sessions: readonly Session[]): Promise<void> {
    const { store, rows } = this.#options;
    for (let at = 0; at < sessions.length; at += PAGE) {
      const page = sessions.slice(at, at + PAGE);
      const keys = page.map(({ key }) => key);
      await rows.change(keys, () => store.commit(page.map((session) => SESSIONS.put(session.key, session))));
    }
  }

  /** All sessions in order of their keys, a page at a time, so that nobody waits for long. */
  async *pages(): AsyncGenerator<readonly Session[]> {
    for (let after: string | undefined; ;) {
      const from = after === undefined ? {} : { from: after };
      const found = await this.#options.store.list(SESSIONS, { ...from, limit: PAGE + 1 });
      const page = found.filter(({ key }) => key !== after);
      if (page.length > 0) yield page;
      if (found.length <= PAGE) return;
      after = page.at(-1)?.key;
    }
  }
}

/** Sessions that are read or written at once. */
const PAGE = 200;

/** Without fields that were cleared. */
function withoutGaps(entry: SessionEntry): SessionEntry {
  // What is left is what the entry says.
  return Object.fromEntries(
    Object.entries(entry).filter(([, value]) => value !== undefined),
  ) as unknown as SessionEntry;
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
