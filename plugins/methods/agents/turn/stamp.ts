import { zonedStamp } from "openclaw/plugin-sdk";

const STAMPED = /^\[(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) \d{4}-\d{2}-\d{2} \d{2}:\d{2} [^\]]+\]|Current time: /;

/**
 * `[Fri 2026-11-20 08:13 UTC] ` before a message, so that the model knows when it was said. A message
 * that carries one already is left alone (protocol.md §9.2).
 */
export function stamp(text: string, at: Date, timeZone: string | undefined): string {
  if (STAMPED.test(text)) return text;
  return `[${zonedStamp(at, timeZone)}] ${text}`;
}
