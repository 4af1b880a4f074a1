const FRESH_MS = 90_000;

/** The programs of the gateway's skills, asked for at most every minute and a half. Without an answer there are none. */
export function createSkillBins(ask: () => Promise<unknown>): () => Promise<readonly string[]> {
  let bins: readonly string[] = [];
  let askedAt = -Infinity;

  return async () => {
    if (performance.now() - askedAt < FRESH_MS) return bins;
    try {
      const answer = (await ask()) as { bins?: unknown };
      bins = Array.isArray(answer.bins) ? answer.bins.filter((name) => typeof name === "string") : [];
      askedAt = performance.now();
    } catch {
      // A gateway that does not say what its skills need allows nothing by it.
      bins = [];
    }
    return bins;
  };
}
