import type { PluginGateway } from "openclaw/plugin-sdk";

/** How long it has to be calm, and which part of that time may be busy. */
const WINDOW_MS = 250;
const BUSY = 0.25;

/**
 * Calls `begin` once the process has little to do, between `soonestMs` and `latestMs` from now: work that nobody waits for
 * must not come between clients that do.
 */
export function whenCalm(
  gateway: PluginGateway,
  { soonestMs, latestMs }: { readonly soonestMs: number; readonly latestMs: number },
  begin: () => void,
): void {
  const latest = performance.now() + latestMs;
  const look = () => {
    const before = performance.eventLoopUtilization();
    const decide = () => {
      const { utilization } = performance.eventLoopUtilization(before);
      if (utilization < BUSY || performance.now() >= latest) begin();
      else look();
    };
    gateway.setTimeout(decide, WINDOW_MS).unref();
  };
  gateway.setTimeout(look, soonestMs - WINDOW_MS).unref();
}
