import type { CommandCall, GatewayApi, MessagingApi } from "openclaw/plugin-sdk";

const LISTED = 20;
const MB = 1_048_576;

/** `/debug`: what runs and waits, and what the process uses. */
export async function debug(
  { args, work, session }: CommandCall,
  { kernel, messaging }: { readonly kernel: GatewayApi; readonly messaging: MessagingApi },
): Promise<string> {
  // The established command keeps settings in memory; here there is one configuration, and it is the file.
  if (/^(set|unset|reset)\b/i.test(args))
    return "There are no settings for this run alone: /config set writes the file, and what it changes applies at once.";
  const { version, pid, uptimeMs, issues, restartPending } = kernel.state();
  const { rss, heapUsed } = process.memoryUsage();
  const open = (await messaging.unfinished()).filter(({ id }) => id !== work.id);
  const lines = [
    `OpenClaw ${version}, process ${pid}, up ${Math.round(uptimeMs / 1_000)} s, ${kernel.clients().length} clients`,
    `Memory: ${Math.round(rss / MB)} MB, of which ${Math.round(heapUsed / MB)} MB are objects`,
    `Session: ${session.key} (${session.entry.sessionId})`,
    `Messages without an end: ${open.length}`,
    ...open.slice(0, LISTED).map(({ runId, state, sessionKey }) => `- ${state} in ${sessionKey}: ${runId}`),
    ...issues.map(({ path, message }) => `Issue: ${path} ${message}`),
    ...(restartPending.length > 0 ? [`Waits for a restart: ${restartPending.join(", ")}`] : []),
  ];
  return lines.join("\n");
}
