const MAX_PER_SESSION = 20;
const MAX_SESSIONS = 200;

/** What nodes did on behalf of a session, told to the model at the beginning of its next turn. */
export class SystemNotes {
  readonly #queues: Map<string, string[]>;

  constructor(queues: Map<string, string[]>) {
    this.#queues = queues;
  }

  add(sessionKey: string, text: string): void {
    const queue = this.#queues.get(sessionKey) ?? [];
    if (queue.at(-1) === text) return;
    // Newest last, for the sessions too: the one that has been quiet longest is forgotten first.
    this.#queues.delete(sessionKey);
    this.#queues.set(sessionKey, [...queue, text].slice(-MAX_PER_SESSION));
    for (const oldest of this.#queues.keys()) {
      if (this.#queues.size <= MAX_SESSIONS) break;
      this.#queues.delete(oldest);
    }
  }

  /** `prompt` with the notes before it; they are told once. */
  before(prompt: string, sessionKey: string): string | undefined {
    const notes = this.#queues.get(sessionKey);
    if (!notes) return undefined;
    this.#queues.delete(sessionKey);
    return [...notes.map((note) => `System: ${note}`), "", prompt].join("\n");
  }
}
