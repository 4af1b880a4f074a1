import { readFileSync } from "node:fs";
import { writeFileAtomic } from "openclaw/plugin-sdk";

/** After a week without updates Telegram numbers them anew, perhaps lower: an old offset would hide them. */
const OUTLIVED_MS = 6 * 24 * 3_600_000;

interface Stored {
  readonly version: 1;
  readonly lastUpdateId: number;
  readonly botId: number;
  /** When the last update came; epoch milliseconds. */
  readonly at: number;
}

/**
 * Which updates are done with: everything up to `last`. An update counts when it is durable here, in whatever order that
 * happens, so that asking for what follows never confirms one that could still be lost.
 */
export class Offset {
  readonly #file: string;
  readonly #botId: number;
  /** What was seen and is not passed yet: on its way in, durable before one that is not, or not kept and to come again. */
  readonly #seen = new Map<number, "open" | "durable" | "failed">();
  #last: number | undefined;
  #at: number;
  #saved: number | undefined;

  constructor(file: string, botId: number, now: number = Date.now()) {
    this.#file = file;
    this.#botId = botId;
    const stored = read(file);
    const isOurs = stored !== undefined && stored.botId === botId && now - stored.at < OUTLIVED_MS;
    this.#last = isOurs ? stored.lastUpdateId : undefined;
    this.#saved = this.#last;
    this.#at = now;
  }

  /** Some that were seen are not durable yet: they have to be asked for again. */
  get isBehind(): boolean {
    return this.#seen.size > 0;
  }

  /** What to ask for, or nothing for whatever there is. */
  next(now: number = Date.now()): number | undefined {
    if (!this.isBehind && now - this.#at >= OUTLIVED_MS) this.#last = undefined;
    return this.#last === undefined ? undefined : this.#last + 1;
  }

  /** True when it is to be taken in now; false when it is under way or done. */
  begin(id: number, now: number = Date.now()): boolean {
    const state = this.#seen.get(id);
    if (state === "open" || state === "durable" || (this.#last !== undefined && id <= this.#last)) return false;
    this.#seen.set(id, "open");
    this.#at = now;
    return true;
  }

  /** It is durable. */
  done(id: number): void {
    this.#seen.set(id, "durable");
    const ids = [...this.#seen.keys()].toSorted((a, b) => a - b);
    for (const one of ids) {
      if (this.#seen.get(one) !== "durable") return;
      this.#seen.delete(one);
      this.#last = Math.max(one, this.#last ?? one);
    }
  }

  /** It could not be kept: it has to come again. */
  failed(id: number): void {
    this.#seen.set(id, "failed");
  }

  /** Writes where it stands, if that has changed. */
  async save(): Promise<void> {
    const last = this.#last;
    if (last === undefined || last === this.#saved) return;
    const stored: Stored = { version: 1, lastUpdateId: last, botId: this.#botId, at: this.#at };
    // What a power cut takes comes again and is known then.
    await writeFileAtomic(this.#file, `${JSON.stringify(stored)}\n`, { fsync: false });
    this.#saved = last;
  }
}

function read(file: string): Stored | undefined {
  try {
    const stored = JSON.parse(readFileSync(file, "utf8")) as Partial<Stored>;
    const { lastUpdateId, botId, at } = stored;
    const isWhole = Number.isSafeInteger(lastUpdateId) && Number.isSafeInteger(botId) && typeof at === "number";
    return isWhole ? (stored as Stored) : undefined;
  } catch {
    // None yet, or not readable: whatever comes twice is known by its message.
    return undefined;
  }
}
