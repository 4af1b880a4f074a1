const FIRST_MS = 1_000;
const LAST_MS = 60_000;

/** Full jitter under a doubling cap (reliability.md §10): many who failed together do not come back together. */
export function backoffMs(attempt: number): number {
  return Math.random() * Math.min(LAST_MS, FIRST_MS * 2 ** Math.min(attempt, 10));
}

/** What a network asked for, and up to a tenth more; one that asks for no time at all is not believed for ever. */
export function hintedMs(retryAfterMs: number, attempt = 0): number {
  const least = Math.min(FIRST_MS, 10 * 2 ** Math.min(attempt, 10));
  return Math.max(least, retryAfterMs) * (1 + Math.random() / 10);
}
