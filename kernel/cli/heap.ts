import { PerformanceObserver } from "node:perf_hooks";
import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Both halves of the young generation. A turn leaves little behind: larger ones only take longer to come round. */
const YOUNG_BYTES = 16 * 1024 * 1024;
/** What may be added to the rest of the heap before it is looked through for what can go, in percent. */
const GROWTH = 50;

/** Nothing was collected for so long: nobody waits for an answer. */
const QUIET_MS = 1_500;
/** What must have come to memory for it to be given back, and how long one waits before it is done again. */
const WORTH_BYTES = 32 * 1024 * 1024;
const AGAIN_MS = 60_000;

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
  const giveBack = whenQuiet();
  // Sizes change when garbage is collected, and at no other time.
  new PerformanceObserver(() => {
    check();
    giveBack();
  }).observe({ type: "gc" });
  giveBack();
}

/**
 * V8 keeps the pages of what it has collected for what may come, and the system counts them as ours. After a start or a
 * burst they go back once nothing happens; the gateway stands still for about a tenth of a second meanwhile. Returns what
 * is to be called at each sign of work.
 */
function whenQuiet(): () => void {
  let timer: NodeJS.Timeout | undefined;
  let rssLeft = 0;
  let lastAt = Number.NEGATIVE_INFINITY;
  const wait = (ms: number) => {
    clearTimeout(timer);
    timer = setTimeout(look, ms).unref();
  };
  const look = () => {
    if (process.memoryUsage.rss() - rssLeft < WORTH_BYTES) return;
    const tooSoonMs = lastAt + AGAIN_MS - performance.now();
    if (tooSoonMs > 0) return wait(tooSoonMs);
    lastAt = performance.now();
    collectAll();
    rssLeft = process.memoryUsage.rss();
  };
  return () => wait(QUIET_MS);
}

/** The collection that V8 makes when it has no memory left, and the only one that gives back all that is free. */
function collectAll(): void {
  setFlagsFromString("--expose-gc");
  // The flag counts for contexts that are made under it.
  const collect = runInNewContext("gc") as NodeJS.GCFunction;
  setFlagsFromString("--no-expose-gc");
  collect({ type: "major", execution: "sync", flavor: "last-resort" });
}

function sizeOfYoung(): number {
  return getHeapSpaceStatistics().find((space) => space.space_name === "new_space")?.space_size ?? 0;
}
