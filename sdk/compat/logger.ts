import type { Logger } from "../log.ts";
import type { PluginLogger } from "./contract.ts";

/** The plugin's log as four functions that work detached. Arguments after the message become fields. */
export function createLogger(log: Logger): PluginLogger {
  return {
    debug: (message, ...rest) => log.debug(String(message), fields(rest)),
    info: (message, ...rest) => log.info(String(message), fields(rest)),
    warn: (message, ...rest) => log.warn(String(message), fields(rest)),
    error: (message, ...rest) => log.error(String(message), fields(rest)),
  };
}

function fields(rest: readonly unknown[]): object | undefined {
  const [first] = rest;
  if (rest.length === 0) return undefined;
  if (first instanceof Error) return { err: first };
  const isPlain = typeof first === "object" && first !== null && !Array.isArray(first);
  return rest.length === 1 && isPlain ? first : { args: rest };
}
