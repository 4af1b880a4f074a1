import type { Random } from "./random.ts";

/** Where the gateways of one run die: the first anywhere in the work, the next while it recovers. */
export function plan(random: Random, steps: number): number[] {
  const first = 1 + random.below(steps);
  return random.chance(0.5) ? [first] : [first, 1 + random.below(Math.ceil(steps / 3))];
}
