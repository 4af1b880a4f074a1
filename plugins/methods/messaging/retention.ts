import type { PluginGateway } from "openclaw/plugin-sdk";
import type { Entries, EntryState } from "./entries.ts";
import type { IdempotencyKeys } from "./idempotency.ts";
import type { MediaStore } from "./media/store.ts";
import type { WorkLog } from "./work.ts";

const EVERY_MS = 10 * 60_000;
const FIRST_MS = 60_000;
const DAY_MS = 24 * 3_600_000;
/** At least as long as any network delivers a message again (reliability.md R-03). */
const WORK_MS = 7 * DAY_MS;
/** Messages that ended and are kept so that a repeat of them is known. */
const MAX_ENDED = 500_000;
const BATCH = 500;

/** How long entries are kept in each state (reliability.md R-12). */
const KEPT: readonly (readonly [EntryState, number])[] = [
  ["sent", 7 * DAY_MS],
  ["dropped", 7 * DAY_MS],
  ["dead", 30 * DAY_MS],
  ["expired", 30 * DAY_MS],
  ["unknown", 30 * DAY_MS],
];

/** Forgets what is too old to matter, in small commits, so that the store stays bounded. */
export class Retention {
  readonly #log: WorkLog;
  readonly #entries: Entries;
  readonly #keys: IdempotencyKeys;
  readonly #media: MediaStore;

  constructor(log: WorkLog, entries: Entries, keys: IdempotencyKeys, media: MediaStore) {
    this.#log = log;
    this.#entries = entries;
    this.#keys = keys;
    this.#media = media;
  }

  start(gateway: PluginGateway): void {
    const run = () =>
      void this.sweep(gateway.signal).catch((error: unknown) => {
        gateway.log.warn("old messages could not be forgotten", { err: error });
      });
    const everyMs = gateway.settings.get<number>("messages.forgetEveryMs") ?? EVERY_MS;
    gateway.setTimeout(run, Math.min(FIRST_MS, everyMs));
    gateway.setInterval(run, everyMs);
  }

  async sweep(signal: AbortSignal): Promise<void> {
    const now = Date.now();
    await untilFew(signal, () => this.#log.prune(now - WORK_MS, BATCH));
    for (const [state, keptMs] of KEPT) await untilFew(signal, () => this.#entries.prune(state, now - keptMs, BATCH));
    await untilFew(signal, () => this.#keys.prune(BATCH));
    await this.#media.sweep();
    const over = (await this.#log.endedCount()) - MAX_ENDED;
    if (over <= 0) return;
    const oldest = (await this.#log.oldestEnded(Math.min(over, BATCH * 20))).at(-1);
    if (oldest) await untilFew(signal, () => this.#log.prune(oldest.updatedAt, BATCH));
  }
}

async function untilFew(signal: AbortSignal, prune: () => Promise<number>): Promise<void> {
  while (!signal.aborted && (await prune()) === BATCH);
}
