import { GatewayError } from "openclaw/plugin-sdk";

const MAX_WRONG = 10;
const WINDOW_MS = 10 * 60_000;
const MAX_CALLERS = 1_000;

/** Bounds guessing: after ten wrong codes in ten minutes a caller waits. Measured by the monotonic clock. */
export class WrongCodes {
  readonly #times = new Map<string, number[]>();

  /** Throws `UNAVAILABLE` while the caller has to wait. */
  check(caller: string): void {
    const recent = this.#recent(caller);
    const [oldest] = recent;
    if (oldest === undefined || recent.length < MAX_WRONG) return;
    const retryAfterMs = Math.ceil(oldest + WINDOW_MS - performance.now());
    throw new GatewayError("UNAVAILABLE", "too many wrong pairing codes; wait before you try again", {
      retryable: true,
      retryAfterMs,
      details: { code: "RATE_LIMITED" },
    });
  }

  /** Counts a guess as wrong. Returns what takes that back, for one that was right. */
  count(caller: string): () => void {
    const recent = this.#recent(caller);
    const at = performance.now();
    this.#times.delete(caller);
    this.#times.set(caller, [...recent, at]);
    for (const oldest of this.#times.keys()) {
      if (this.#times.size <= MAX_CALLERS) break;
      this.#times.delete(oldest);
    }
    return () => {
      const others = this.#times.get(caller)?.filter((one) => one !== at);
      if (others) this.#times.set(caller, others);
    };
  }

  #recent(caller: string): number[] {
    const from = performance.now() - WINDOW_MS;
    return (this.#times.get(caller) ?? []).filter((at) => at > from);
  }
}
