import { GatewayError } from "openclaw/plugin-sdk";
import type { MessagingApi, ReplyAddress, SessionEntry } from "openclaw/plugin-sdk";
import type { HeartbeatSettings } from "./settings.ts";

export type Target =
  | { readonly address: ReplyAddress }
  /** Nobody is told, and why. */
  | { readonly reason: string };

const NO_TARGET: Target = { reason: "no-target" };

/** Where what a heartbeat says goes. */
export async function targetOf(
  { target, to, accountId }: HeartbeatSettings,
  entry: SessionEntry | undefined,
  messaging: MessagingApi,
): Promise<Target> {
  if (target === "none") return NO_TARGET;
  const last = lastRoute(entry);
  const channel = target === "last" ? last?.channel : target;
  if (channel === undefined) return NO_TARGET;
  if (to === undefined && accountId === undefined)
    return last && last.channel === channel ? { address: last } : NO_TARGET;
  const where = to ?? (last?.channel === channel ? last.to : undefined);
  if (where === undefined) return NO_TARGET;
  try {
    return { address: await messaging.address(channel, where, accountId) };
  } catch (error) {
    if (error instanceof GatewayError && error.code === "INVALID_REQUEST") return { reason: error.message };
    throw error;
  }
}

function lastRoute(entry: SessionEntry | undefined): ReplyAddress | undefined {
  if (entry?.lastChannel === undefined || entry.lastTo === undefined) return undefined;
  const { lastChannel: channel, lastTo: to, lastAccountId: accountId = "default", lastThreadId: threadId } = entry;
  return { channel, accountId, to, ...(typeof threadId === "string" && { threadId }) };
}
