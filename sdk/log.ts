/** Levels from nothing to everything. */
export const LEVELS = ["silent", "fatal", "error", "warn", "info", "debug", "trace"] as const;
export type Level = (typeof LEVELS)[number];

/** Writes one record per call to the gateway's log. Known secrets are masked on the way. */
export interface Logger {
  debug(message: string, fields?: object): void;
  info(message: string, fields?: object): void;
  warn(message: string, fields?: object): void;
  error(message: string, fields?: object): void;
}
