import type { Logger } from "openclaw/plugin-sdk";

/** The library's kind of logger. */
interface LibraryLogger {
  level: string;
  child(fields: Record<string, unknown>): LibraryLogger;
  trace(fields: unknown, message?: string): void;
  debug(fields: unknown, message?: string): void;
  info(fields: unknown, message?: string): void;
  warn(fields: unknown, message?: string): void;
  error(fields: unknown, message?: string): void;
}

/**
 * What the library says, in our log at level debug: it warns of what is normal. Only its words are taken and an error's
 * message, never the objects beside them, which hold keys and the texts of people.
 */
export function logAdapter(log: Logger, accountId: string): LibraryLogger {
  const say = (fields: unknown, message?: string) => {
    const words = typeof fields === "string" ? fields : (message ?? "");
    const error = typeof fields === "string" ? undefined : errorIn(fields);
    const text = [words, error].filter((part) => part !== undefined && part !== "").join(": ");
    if (text !== "" && !EXPECTED.test(text)) log.debug(`whatsapp/${accountId}: ${text.slice(0, 300)}`);
  };
  const adapter: LibraryLogger = {
    level: "warn",
    child: () => adapter,
    trace: () => undefined,
    debug: () => undefined,
    info: () => undefined,
    warn: say,
    error: say,
  };
  return adapter;
}

/** It warns of what we want: nothing that was said before the account was linked is fetched. */
const EXPECTED = /DISABLING ALL SYNC/;

function errorIn(fields: unknown): string | undefined {
  const { err, error } = (fields ?? {}) as { readonly err?: unknown; readonly error?: unknown };
  const found = [fields, err, error].find((one) => one instanceof Error);
  return found instanceof Error ? found.message : undefined;
}

const LEVELS = ["log", "info", "warn", "error"] as const;
const NOISY_LIBRARY = /[\\/]libsignal[\\/]/;

/**
 * Keeps libsignal off the console: it prints whole sessions there, keys included. Everybody else's lines pass. Returns
 * the undo.
 */
export function quietConsole(target: Pick<Console, (typeof LEVELS)[number]> = console): () => void {
  const undo = LEVELS.map((level) => {
    const original = target[level];
    const filtered = (...args: unknown[]) => {
      if (!NOISY_LIBRARY.test(callers())) original.apply(target, args);
    };
    target[level] = filtered;
    return () => {
      // somebody who came later holds on to ours
      if (target[level] === filtered) target[level] = original;
    };
  });
  return () => {
    for (const one of undo) one();
  };
}

function callers(): string {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 4;
  const { stack = "" } = new Error();
  Error.stackTraceLimit = stackTraceLimit;
  return stack;
}
