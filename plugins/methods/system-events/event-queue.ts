import { readFile } from "node:fs/promises";
import { writeFileAtomic } from "openclaw/plugin-sdk";
import type { Logger, SystemEvent } from "openclaw/plugin-sdk";

/** Per session (cron.md §6). */
const MAX_EVENTS = 20;
const MAX_SESSIONS = 500;
const MAX_TEXT = 8_000;

interface Queued extends SystemEvent {
  /** The run whose prompt has it. It stays in the file until that run has ended: a crash repeats it, never loses it. */
  readonly takenBy?: string;
}

/** Texts that wait for the next turn of their session, kept in one file across restarts. */
export class EventQueue {
  readonly #path: string;
  readonly #log: Logger;
  readonly #sessions = new Map<string, readonly Queued[]>();
  readonly #read: Promise<void>;
  #written: Promise<void> = Promise.resolve();
  #isDirty = false;

  constructor(path: string, log: Logger) {
    this.#path = path;
    this.#log = log;
    this.#read = this.#load();
  }

  /** False for a repeat of the event before. Resolves when the event is on disk. */
  async add(key: string, event: SystemEvent): Promise<boolean> {
    await this.#read;
    const queue = this.#sessions.get(key) ?? [];
    const last = queue.at(-1);
    const text = event.text.slice(0, MAX_TEXT);
    if (last && last.takenBy === undefined && last.text === text) return false;
    this.#sessions.delete(key);
    this.#sessions.set(key, within([...queue, { ...event, text }]));
    for (const oldest of this.#sessions.keys()) {
      if (this.#sessions.size <= MAX_SESSIONS) break;
      this.#sessions.delete(oldest);
    }
    await this.#write();
    return true;
  }

  /** What no prompt has yet. */
  pending(key: string): SystemEvent[] {
    const queue = this.#sessions.get(key) ?? [];
    return queue.filter(({ takenBy }) => takenBy === undefined);
  }

  /** For the prompt of `runId`. A run that is begun again gets what it had the first time. */
  async take(key: string, runId: string): Promise<SystemEvent[]> {
    await this.#read;
    const queue = this.#sessions.get(key);
    if (!queue) return [];
    const had = queue.filter(({ takenBy }) => takenBy === runId);
    if (had.length > 0) return had;
    const taken = queue.map((event) => ({ ...event, takenBy: runId }));
    this.#sessions.set(key, taken);
    await this.#write();
    return taken;
  }

  /** A turn of the session has ended: what its prompt had is done with. */
  async settle(key: string): Promise<void> {
    const queue = this.#sessions.get(key);
    if (!queue?.some(({ takenBy }) => takenBy !== undefined)) return;
    const left = queue.filter(({ takenBy }) => takenBy === undefined);
    if (left.length > 0) this.#sessions.set(key, left);
    else this.#sessions.delete(key);
    await this.#write();
  }

  async close(): Promise<void> {
    await this.#written.catch(() => undefined);
  }

  /** Changes that come during a write share the next one. */
  #write(): Promise<void> {
    if (this.#isDirty) return this.#written;
    this.#isDirty = true;
    this.#written = this.#written
      .catch(() => undefined)
      .then(() => {
        this.#isDirty = false;
        const content = { version: 1, sessions: Object.fromEntries(this.#sessions) };
        return writeFileAtomic(this.#path, `${JSON.stringify(content, null, 2)}\n`);
      });
    return this.#written;
  }

  async #load(): Promise<void> {
    const text = await readFile(this.#path, "utf8").catch(() => undefined);
    if (text === undefined) return;
    try {
      const { sessions } = JSON.parse(text) as { sessions: Readonly<Record<string, readonly Queued[]>> };
      for (const [key, queue] of Object.entries(sessions).slice(-MAX_SESSIONS)) {
        const events = queue.filter(({ text: one, ts }) => typeof one === "string" && typeof ts === "number");
        if (events.length > 0) this.#sessions.set(key, events.slice(-MAX_EVENTS));
      }
    } catch (error) {
      this.#log.warn("system-events.json is not readable; what was queued in it is lost", { err: error });
    }
  }
}

/**
 * Where more than fit wait, the oldest of the source goes of which most are there, so that a busy one, such as a page of
 * the canvas, pushes out nothing but its own.
 */
function within(queue: readonly Queued[]): readonly Queued[] {
  if (queue.length <= MAX_EVENTS) return queue;
  const counts = new Map<string, number>();
  for (const event of queue) counts.set(sourceOf(event), (counts.get(sourceOf(event)) ?? 0) + 1);
  const most = Math.max(...counts.values());
  return queue.toSpliced(
    queue.findIndex((event) => counts.get(sourceOf(event)) === most),
    1,
  );
}

/** The first part of what an event is about: `canvas`, `cron`, `exec`, a channel. */
function sourceOf({ contextKey = "" }: SystemEvent): string {
  return contextKey.split(":", 1)[0] as string;
}
