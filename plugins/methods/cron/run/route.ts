import { GatewayError } from "openclaw/plugin-sdk";
import type { ReplyAddress, SessionEntry } from "openclaw/plugin-sdk";
import type { Delivery } from "../job/job.ts";
import type { RunParts } from "./parts.ts";

export const NO_TARGET = "cron delivery target is missing";

/** Where a delivery goes, or nothing when nobody ever wrote from where it should go. Refuses what cannot be reached. */
export async function routeOf(
  { channel, to, accountId, sessionKey }: Pick<Delivery, "channel" | "to" | "accountId" | "sessionKey">,
  agentId: string,
  { messaging, sessions }: RunParts,
): Promise<ReplyAddress | undefined> {
  const key = sessionKey ?? sessions.mainKey(agentId);
  const last = lastRoute((await sessions.get(key))?.entry);
  const chosen = channel === undefined || channel === "last" ? undefined : channel;
  if (to !== undefined) {
    const on = chosen ?? last?.channel;
    return on === undefined ? undefined : messaging.address(on, to, accountId);
  }
  if (!last || (chosen !== undefined && last.channel !== chosen)) return undefined;
  return accountId === undefined ? last : { ...last, accountId };
}

function lastRoute(entry: SessionEntry | undefined): ReplyAddress | undefined {
  if (entry?.lastChannel === undefined || entry.lastTo === undefined) return undefined;
  const { lastChannel: channel, lastTo: to, lastAccountId: accountId = "default", lastThreadId: threadId } = entry;
  return { channel, accountId, to, ...(typeof threadId === "string" && { threadId }) };
}

/** The words for a target that cannot be reached; anything else is no matter of the target. */
export function unreachable(error: unknown): string {
  if (error instanceof GatewayError && error.code === "INVALID_REQUEST") return error.message;
  throw error;
}
