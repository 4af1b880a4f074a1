import { GatewayError, Messaging } from "openclaw/plugin-sdk";
import type { MessagingApi, PluginGateway } from "openclaw/plugin-sdk";
import type { Lanes } from "./lanes.ts";

/** How long a run that was aborted may take to let go (protocol.md §9.4). */
const QUIET_MS = 15_000;

/** Makes a session quiet: stops what runs and waits in it, and resolves when that has ended. */
export function createQuiet(gateway: PluginGateway, lanes: Lanes) {
  const messaging = gateway.use(Messaging);
  return async (key: string): Promise<void> => {
    abortRuns(messaging, key);
    if (!lanes.isBusy(key)) return;
    const isOver = lanes.run(key, async () => true as const);
    const { promise: late, resolve } = Promise.withResolvers<false>();
    const timer = gateway.setTimeout(() => resolve(false), QUIET_MS);
    const isQuiet = await Promise.race([isOver, late]);
    clearTimeout(timer);
    if (isQuiet) return;
    throw new GatewayError("UNAVAILABLE", `Session ${key} is still active; try again in a moment.`, {
      retryable: true,
      details: { code: "SESSION_BUSY" },
    });
  };
}

/** Without messaging nothing runs that it could stop. */
function abortRuns(messaging: MessagingApi, key: string): void {
  try {
    messaging.abort(key);
  } catch (error) {
    if (!(error instanceof GatewayError) || error.code !== "UNAVAILABLE") throw error;
  }
}
