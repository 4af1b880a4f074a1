import type { PluginGateway } from "./gateway.ts";

/** How long it has to be calm, and which part of that time may be busy. */
const WINDOW_MS = 250;
const BUSY = 0.25;
const SOONEST_MS = 1_000;
const LATEST_MS = 5_000;

/**
 * Calls `begin` once the process has little to do: a second from now, or when it is calm after that, at the latest after
 * five. For work after a start that nobody waits for, so that it does not come between clients that do. What sets the
 * timers decides whose they are: a plugin gives its gateway.
 */
export function whenCalm(
  timers: Pick<PluginGateway, "setTimeout">,
  begin: () => void,
  { soonestMs = SOONEST_MS, latestMs = LATEST_MS }: { readonly soonestMs?: number; readonly latestMs?: number } = {},
): void {
  const latest = performance.now() + latestMs;
  const look = () => {
    const before = performance.eventLoopUtilization();
    const decide = () => {
      const { utilization } = performance.eventLoopUtilization(before);
      if (utilization < BUSY || performance.now() >= latest) begin();
      else look();
    };
    timers.setTimeout(decide, WINDOW_MS).unref();
  };
  timers.setTimeout(look, soonestMs - WINDOW_MS).unref();
}
