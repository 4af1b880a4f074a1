import { defineCollection } from "openclaw/plugin-sdk";
import type { Logger, StoreApi } from "openclaw/plugin-sdk";
import type { SandboxSubject } from "openclaw/plugin-sdk/workspace";

/** What docker does not know of a container. */
export interface UsedContainer {
  readonly name: string;
  readonly usedAtMs: number;
  /** Who used it last. */
  readonly agentId: string;
  readonly sessionKey: string;
}

/** The folder of a sandbox that one session has for itself, and that goes with it. */
export interface SessionFolder {
  readonly folder: string;
  readonly sessionKey: string;
}

const USED = defineCollection<UsedContainer>("sandbox.used");
const FOLDERS = defineCollection<SessionFolder>("sandbox.folders");
const WRITTEN_EVERY_MS = 60_000;

/** What is remembered of sandboxes over a restart. */
export class Records {
  readonly #store: StoreApi;
  readonly #log: Logger;
  readonly #written = new Map<string, number>();

  constructor(store: StoreApi, log: Logger) {
    this.#store = store;
    this.#log = log;
  }

  /** Written down once a minute at most; that it cannot be costs nobody a command. */
  used(name: string, { agentId, sessionKey }: SandboxSubject): void {
    const usedAtMs = Date.now();
    if (usedAtMs - (this.#written.get(name) ?? 0) < WRITTEN_EVERY_MS) return;
    this.#written.set(name, usedAtMs);
    this.#store.commit([USED.put(name, { name, usedAtMs, agentId, sessionKey })]).catch((error: unknown) => {
      this.#log.warn("the use of a sandbox could not be written down", { err: error });
    });
  }

  async uses(): Promise<ReadonlyMap<string, UsedContainer>> {
    const all = await this.#store.list(USED);
    return new Map(all.map((one) => [one.name, one]));
  }

  async forget(names: readonly string[]): Promise<void> {
    for (const name of names) this.#written.delete(name);
    if (names.length > 0) await this.#store.commit(names.map((name) => USED.remove(name)));
  }

  async keepFolder(folder: SessionFolder): Promise<void> {
    await this.#store.commit([FOLDERS.put(folder.folder, folder)]);
  }

  async folders(): Promise<readonly SessionFolder[]> {
    return this.#store.list(FOLDERS);
  }

  async forgetFolder(folder: string): Promise<void> {
    await this.#store.commit([FOLDERS.remove(folder)]);
  }
}
