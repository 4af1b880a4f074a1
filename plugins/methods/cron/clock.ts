/** Time as the scheduler sees it; tests bring their own. */
export interface Clock {
  /** Epoch milliseconds by the wall clock, which people and the system may set. */
  now(): number;
  /** Milliseconds that only ever grow. */
  monotonic(): number;
  setTimeout(fn: () => void, ms: number): NodeJS.Timeout;
  clearTimeout(timer: NodeJS.Timeout): void;
}

/** The clock of this machine. `stop` lets go of every timer. */
export function systemClock(): Clock & { readonly stop: () => void } {
  const timers = new Set<NodeJS.Timeout>();
  return {
    now: () => Date.now(),
    monotonic: () => performance.now(),
    setTimeout(fn, ms) {
      const timer = setTimeout(() => {
        timers.delete(timer);
        fn();
      }, ms);
      timers.add(timer);
      return timer;
    },
    clearTimeout(timer) {
      timers.delete(timer);
      clearTimeout(timer);
    },
    stop() {
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
    },
  };
}
