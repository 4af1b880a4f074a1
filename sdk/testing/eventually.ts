import { setTimeout as delay } from "node:timers/promises";

/**
 * Resolves with the first value of `probe` that is neither `undefined` nor `false`. Rejects after
 * `withinMs`, naming `what`; a probe that throws counts as "not yet", its last error becomes the cause.
 */
export async function eventually<T>(
  what: string,
  probe: () => T | Promise<T>,
  withinMs = 5_000,
): Promise<Exclude<T, undefined | false>> {
  const deadline = performance.now() + withinMs;
  let cause: unknown;
  for (;;) {
    try {
      const value = await probe();
      // The exclusion is what the comparison just showed; TypeScript does not narrow a generic by it.
      if (value !== undefined && value !== false) return value as Exclude<T, undefined | false>;
    } catch (error) {
      cause = error;
    }
    if (performance.now() > deadline) throw new Error(`${what}: not within ${withinMs} ms`, { cause });
    await delay(5);
  }
}
