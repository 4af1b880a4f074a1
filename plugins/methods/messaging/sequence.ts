/** Room for so many numbers in one millisecond. */
const PER_MS = 1_000;

/**
 * Numbers that only grow, near the wall clock so that they grow across restarts too. A clock that jumps back does
 * not matter: `resume` tells the highest number in use.
 */
export class Sequence {
  #last = 0;

  next(): number {
    this.#last = Math.max(this.#last + 1, Date.now() * PER_MS);
    return this.#last;
  }

  resume(highest: number): void {
    this.#last = Math.max(this.#last, highest);
  }
}

/** As text whose order is the order of the numbers, for indexes that begin with something else. */
export function digits(value: number): string {
  return String(Math.max(0, Math.floor(value))).padStart(17, "0");
}
