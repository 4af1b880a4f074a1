const FIRST_MS = 1_000;
const LAST_MS = 30_000;

export interface UntilStoredOptions {
  /** Nobody needs it any more: the next failure is the last one. */
  readonly isOver: () => boolean;
  /** Told of the first failure, not of each. */
  readonly failed: (error: unknown) => void;
}

/**
 * Writes what has happened already, again and again until it is written: a full disk or a locked file is over some time,
 * and what is not recorded would be done twice, or never end (reliability.md R-48).
 */
export async function untilStored<T>(write: () => Promise<T>, { isOver, failed }: UntilStoredOptions): Promise<T> {
  for (let waitMs = FIRST_MS; ; waitMs = Math.min(LAST_MS, waitMs * 2)) {
    try {
      return await write();
    } catch (error) {
      if (isOver()) throw error;
      if (waitMs === FIRST_MS) failed(error);
      const { promise, resolve } = Promise.withResolvers<void>();
      setTimeout(resolve, waitMs).unref();
      await promise;
    }
  }
}
