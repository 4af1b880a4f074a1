import { setTimeout as delay } from "node:timers/promises";
import type { Ongoing, WayOut } from "./ongoing.ts";

/** Nobody who starts or reloads the plugin waits longer; what is left is done behind their back. */
const PATIENCE_MS = 4_000;

/**
 * One generation after the other talks to the networks, in the order in which they came: this one begins when all before
 * have let go, however long that takes, and not at all when a newer one has come by then.
 */
export async function takeOver(ongoing: Ongoing, wayOut: WayOut, begin: () => Promise<void>): Promise<void> {
  const { wayOut: before, handover: earlier } = ongoing;
  ongoing.wayOut = wayOut;
  const taken = (async () => {
    await earlier;
    await before?.stop();
    if (ongoing.wayOut === wayOut && !wayOut.isOver) await begin();
  })();
  ongoing.handover = taken.catch(() => undefined);
  const patience = new AbortController();
  const late = delay(PATIENCE_MS, undefined, { ref: false, signal: patience.signal }).catch(() => undefined);
  await Promise.race([taken, late]).finally(() => patience.abort());
}
