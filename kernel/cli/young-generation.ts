import { PerformanceObserver } from "node:perf_hooks";
import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";

/** Both halves. A turn leaves little behind, so that larger ones only take longer to come round. */
const LIMIT_BYTES = 16 * 1024 * 1024;

/**
 * Keeps the part of the heap for what is new from growing on. Left alone, V8 doubles it under load up to 128 MB and keeps
 * all of that resident; what a process may have of it can only be said on the command line of Node, which is not ours.
 */
export function limitYoungGeneration(): void {
  let factor = 2;
  const check = () => {
    // V8 also makes it smaller, when nothing happens: then it has to be able to grow again.
    const wanted = sizeOfYoung() >= LIMIT_BYTES ? 1 : 2;
    if (wanted === factor) return;
    factor = wanted;
    setFlagsFromString(`--semi-space-growth-factor=${wanted}`);
  };
  check();
  // It changes when garbage is collected, and at no other time.
  new PerformanceObserver(check).observe({ type: "gc" });
}

function sizeOfYoung(): number {
  return getHeapSpaceStatistics().find((space) => space.space_name === "new_space")?.space_size ?? 0;
}
