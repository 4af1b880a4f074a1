import { AsyncLocalStorage } from "node:async_hooks";
import { errorText } from "openclaw/plugin-sdk";
import type { Logger } from "openclaw/plugin-sdk";
import type { Scope } from "./scope.ts";

const WINDOW_MS = 60_000;
const LIMIT = 20;

/** Whose code is running. Carried across awaits, timers and sockets that the code opens. */
export const running = new AsyncLocalStorage<Scope>();

/** Counts what goes wrong inside plugins, by plugin, and says when it is too much. */
export class Faults {
  readonly #log: Logger;
  readonly #recent = new Map<string, number[]>();
  readonly #total = new Map<string, number>();
  /** Called when a plugin passed the limit, or threw where nobody could catch it. */
  tripped: ((owner: string, reason: string) => void) | undefined;

  constructor(log: Logger) {
    this.#log = log;
  }

  count(owner: string): number {
    return this.#total.get(owner) ?? 0;
  }

  /** Note one fault of `owner` while it ran `where`. */
  report(owner: string, where: string, error: unknown): void {
    const now = performance.now();
    const recent = (this.#recent.get(owner) ?? []).filter((at) => now - at < WINDOW_MS);
    recent.push(now);
    this.#recent.set(owner, recent);
    this.#total.set(owner, this.count(owner) + 1);
    this.#log.error(`plugin fault in ${where}: ${errorText(error)}`, { plugin: owner, err: error });
    if (recent.length >= LIMIT) {
      this.#recent.delete(owner);
      this.tripped?.(owner, `${LIMIT} faults within ${WINDOW_MS / 1000} s; last in ${where}: ${errorText(error)}`);
    }
  }

  /**
   * Keep the process alive when a plugin throws where only the process can catch it. Errors of the
   * gateway itself go to `fatal`. Returns the undo.
   */
  watchProcess(fatal: (error: unknown) => void): () => void {
    const rejected = (reason: unknown) => {
      const scope = running.getStore();
      if (scope) this.report(scope.owner, "an unhandled rejection", reason);
      else fatal(reason);
    };
    const thrown = (error: unknown) => {
      const scope = running.getStore();
      if (!scope) return fatal(error);
      this.report(scope.owner, "an uncaught exception", error);
      this.tripped?.(scope.owner, `uncaught exception: ${errorText(error)}`);
    };
    process.on("unhandledRejection", rejected);
    process.on("uncaughtException", thrown);
    return () => {
      process.off("unhandledRejection", rejected);
      process.off("uncaughtException", thrown);
    };
  }
}
