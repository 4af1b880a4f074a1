import type { CommandCall, SystemApi } from "openclaw/plugin-sdk";

/** Time for the answer to leave. */
const DELAY_MS = 2_000;

/** `/restart`: in this process; the session is told when the gateway is back. */
export async function restart({ session }: CommandCall, { system }: { readonly system: SystemApi }): Promise<string> {
  await system.restart({
    kind: "restart",
    reason: "/restart",
    delayMs: DELAY_MS,
    sessionKey: session.key,
    message: "the gateway is back after /restart",
    stats: { mode: "restart", reason: "/restart" },
  });
  return `Restarting in ${DELAY_MS / 1_000} s.`;
}
