import { PerformanceObserver } from "node:perf_hooks";
import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";

/** Both halves of the young generation. A turn leaves little behind: larger ones only take longer to come round. */
const YOUNG_BYTES = 16 * 1024 * 1024;
/** What may be added to the rest of the heap before it is looked through for what can go, in percent. */
const GROWTH = 50;

/** How much a young generation that starts with 1 MB grows at its first chance while the gateway starts. */
const START_GROWTH = 8;

/** For a start: what it makes stays, so that each collection on the way would only carry it about. */
export function letHeapGrow(): void {
  setFlagsFromString(`--semi-space-growth-factor=${START_GROWTH}`);
}

/**
 * Keeps the heap near what is in use. Left alone, V8 doubles the young generation under load up to 128 MB, lets the rest
 * grow to a multiple of what is alive, and keeps all of it resident. What a process may have of it can only be said on the
 * command line of Node, which is not ours; what decides on the next step can be said at any time.
 */
export function keepHeapSmall(): void {
  let factor: number | undefined;
  const check = () => {
    // V8 also makes the young generation smaller, when nothing happens: then it has to be able to grow again.
    const wanted = sizeOfYoung() >= YOUNG_BYTES ? 1 : 2;
    if (wanted === factor) return;
    factor = wanted;
    setFlagsFromString(`--semi-space-growth-factor=${wanted}`);
  };
  setFlagsFromString(`--heap-growing-percent=${GROWTH}`);
  check();
  // Sizes change when garbage is collected, and at no other time.
  new PerformanceObserver(check).observe({ type: "gc" });
}

function sizeOfYoung(): number {
  return getHeapSpaceStatistics().find((space) => space.space_name === "new_space")?.space_size ?? 0;
}
