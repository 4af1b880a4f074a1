import { AsyncLocalStorage } from "node:async_hooks";
import { errorText } from "openclaw/plugin-sdk";
import type { Logger } from "openclaw/plugin-sdk";
import type { Scope } from "./scope.ts";

/** First frame of a stack that names a file. */
const FRAME = /^ +at (?:.*\()?(?:file:\/\/)?(\/[^():]+|[A-Za-z]:[^():]+):\d+:\d+\)?$/m;
const WINDOW_MS = 60_000;
const LIMIT = 20;

/** Whose code is running, none = the gateway's own. Carried across awaits, timers and sockets that the code opens. */
export const running: AsyncLocalStorage<Scope | undefined> = new AsyncLocalStorage();

/** Counts what goes wrong inside plugins, by plugin, and says when it is too much. */
export class Faults {
  readonly #log: Logger;
  readonly #recent = new Map<string, number[]>();
  readonly #total = new Map<string, number>();
  /** When the faults that the log tells of happened, and how many it kept quiet since. */
  readonly #told = new Map<string, { times: number[]; unsaid: number }>();
  /** Called when a plugin passed the limit, or threw where nobody could catch it. */
  tripped: ((owner: string, reason: string) => void) | undefined;
  /** Id of the plugin that a source file belongs to. Set by the host. */
  ownerOf: ((file: string) => string | undefined) | undefined;
  /** The line of a plugin that an error came from, for its author. Set by the host. */
  placeOf: ((owner: string, error: unknown) => string | undefined) | undefined;

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
    this.#tell(owner, where, error, now);
    if (recent.length >= LIMIT) {
      this.#recent.delete(owner);
      this.tripped?.(owner, `${LIMIT} faults within ${WINDOW_MS / 1000} s; last in ${where}: ${errorText(error)}`);
    }
  }

  /** What a plugin leaves behind may fail for ever: the log hears of so many a minute, and how many more there were. */
  #tell(owner: string, where: string, error: unknown, now: number): void {
    const { times = [], unsaid = 0 } = this.#told.get(owner) ?? {};
    const lately = times.filter((at) => now - at < WINDOW_MS);
    const isTold = lately.length < LIMIT;
    this.#told.set(owner, isTold ? { times: [...lately, now], unsaid: 0 } : { times: lately, unsaid: unsaid + 1 });
    if (!isTold) return;
    const more = unsaid > 0 ? ` (and ${unsaid} more before)` : "";
    const place = this.placeOf?.(owner, error);
    const at = place === undefined ? "" : ` (${place})`;
    this.#log.error(`fault of plugin "${owner}" in ${where}: ${errorText(error)}${at}${more}`, {
      plugin: owner,
      err: error,
    });
  }

  /**
   * Keep the process alive when a plugin throws where only the process can catch it. Errors of the
   * gateway itself go to `fatal`. Returns the undo.
   */
  watchProcess(fatal: (error: unknown) => void): () => void {
    const rejected = (reason: unknown) => {
      const owner = this.#culprit(reason);
      if (owner === undefined) fatal(reason);
      else this.report(owner, "an unhandled rejection", reason);
    };
    const thrown = (error: unknown) => {
      const owner = this.#culprit(error);
      if (owner === undefined) return fatal(error);
      this.report(owner, "an uncaught exception", error);
      this.tripped?.(owner, `uncaught exception: ${errorText(error)}`);
    };
    process.on("unhandledRejection", rejected);
    process.on("uncaughtException", thrown);
    return () => {
      process.off("unhandledRejection", rejected);
      process.off("uncaughtException", thrown);
    };
  }

  /** Whose code was running; for a listener on an emitter of somebody else's, in whose file the error was made. */
  #culprit(error: unknown): string | undefined {
    const scope = running.getStore();
    if (scope) return scope.owner;
    const [, file] = FRAME.exec(error instanceof Error ? (error.stack ?? "") : "") ?? [];
    return file === undefined ? undefined : this.ownerOf?.(file);
  }
}
