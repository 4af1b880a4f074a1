import type { Logger } from "openclaw/plugin-sdk";

export type Log = Pick<Logger, "debug">;

/**
 * The library's log. What it takes for an error is often none, such as a connection that ends as it should, and it
 * writes whole messages at its lowest level: only what it warns of is kept, as a detail for whoever looks for one.
 */
export function logTo(log: Log) {
  const keep = (...told: readonly unknown[]) => log.debug(`slack library: ${told.map((one) => brief(one)).join(" ")}`);
  return {
    debug: () => undefined,
    info: () => undefined,
    warn: keep,
    error: keep,
    setLevel: () => undefined,
    getLevel: () => "info" as never,
    setName: () => undefined,
  };
}

/** One line. Addresses of sockets hold a ticket that lets anybody in. */
function brief(told: unknown): string {
  const text = told instanceof Error ? told.message : String(told);
  return text
    .replaceAll(/\bwss?:\/\/\S+/g, "<socket>")
    .replaceAll(/\bx(?:ox[a-z]|app)-[\w-]+/g, "<token>")
    .replaceAll(/\s+/g, " ")
    .slice(0, 300);
}
