const MAX_SESSIONS = 64;

/** Which connections of nodes follow which session. Plain maps, so that the next generation can go on with them. */
export class Followers {
  /** Canonical session keys by connection. */
  readonly #sessions: Map<string, Set<string>>;

  constructor(sessions: Map<string, Set<string>>) {
    this.#sessions = sessions;
  }

  add(connId: string, sessionKey: string): void {
    const keys = this.#sessions.get(connId) ?? new Set();
    if (keys.size < MAX_SESSIONS) this.#sessions.set(connId, keys.add(sessionKey));
  }

  remove(connId: string, sessionKey: string): void {
    const keys = this.#sessions.get(connId);
    keys?.delete(sessionKey);
    if (keys?.size === 0) this.#sessions.delete(connId);
  }

  gone(connId: string): void {
    this.#sessions.delete(connId);
  }

  of(sessionKey: string): string[] {
    return [...this.#sessions].flatMap(([connId, keys]) => (keys.has(sessionKey) ? [connId] : []));
  }
}
