import { at, planReload } from "openclaw/plugin-sdk/config";
import type { ConfigStore, Loaded } from "openclaw/plugin-sdk/config";
import { DEBOUNCE_MS } from "../reload.ts";

const LOOK_MS = 20;
/** On top of the time that it lets an edit settle. */
const PATIENCE_MS = 3_000;

/**
 * Wait until the gateway that runs works with what was written, so that the next command meets it. False when it has
 * not taken it over in good time; true also where there is nothing to wait for, or a restart does it.
 */
export async function takenOver(store: ConfigStore, written: Loaded, changed: readonly string[]): Promise<boolean> {
  const { source, manifests } = written;
  const mode = at(source.resolved, "gateway.reload.mode") ?? "hybrid";
  const { hot, plugins, restart } = planReload(changed, manifests);
  if (hot.length + plugins.length === 0 || mode === "off" || mode === "restart") return true;
  if (restart.length > 0 && mode === "hybrid") return true;
  const settleMs = (at(source.resolved, "gateway.reload.debounceMs") as number | undefined) ?? DEBOUNCE_MS;
  const deadline = performance.now() + settleMs + PATIENCE_MS;
  while (!store.isTaken(source)) {
    if (performance.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  return true;
}
