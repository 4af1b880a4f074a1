import { isProvided } from "openclaw/plugin-sdk";
import type { GatewayApi, SystemApi } from "openclaw/plugin-sdk";

export interface Failing {
  /** What is not as it has to be: a path of the configuration, or a part of the gateway. */
  readonly id: string;
  readonly reason: string;
}

/** Strangers may ask, so a reason is a line and names no file of this machine. */
const MAX_REASON = 200;
const MAX_REASONS = 20;
const UNWELL = "a part of the gateway is not well; see openclaw health";
const PLACE = /(?:\/[\w.@-]+){2,}/g;

/**
 * Why the gateway is not ready to work; empty when it is. Made of outcomes: whether the start came to its end, what the
 * configuration and the required plugins came to, and what the parts say of themselves in `health`.
 */
export async function readiness(kernel: GatewayApi, system: SystemApi, isStopping: boolean): Promise<Failing[]> {
  if (isStopping) return [{ id: "gateway", reason: "stopping" }];
  const { ready, issues } = kernel.state();
  if (!ready) return [{ id: "gateway", reason: "starting" }];
  const failing = issues.map(({ path, message }) => ({ id: path, reason: plain(message) }));
  if (failing.length > 0 || !isProvided(system)) return failing.slice(0, MAX_REASONS);
  const { ok, ...report } = await system.health({ probe: false });
  if (ok && report["ready"] !== false) return [];
  const known = (report["issues"] ?? []) as readonly { readonly path: string; readonly message: string }[];
  const told = known.map(({ path, message }) => ({ id: path, reason: plain(message) }));
  return told.length > 0 ? told.slice(0, MAX_REASONS) : [{ id: "health", reason: UNWELL }];
}

function plain(message: string): string {
  const [line = ""] = message.split("\n");
  return line.replaceAll(PLACE, "…").slice(0, MAX_REASON);
}
