import type { MessagingApi, ReplyAddress, SessionsApi } from "openclaw/plugin-sdk";
import { badRequest } from "openclaw/plugin-sdk/http-api";

export interface DeliveryRequest {
  readonly deliver: boolean;
  /** `last`, or the id of a channel. */
  readonly channel: string;
  readonly to: string | undefined;
  readonly accountId: string | undefined;
}

/**
 * Where the answer of a run goes too, decided before it runs. On `last`, where the agent was last written to from; nowhere
 * when nobody has written yet.
 */
export async function addressOf(
  { deliver, channel, to, accountId }: DeliveryRequest,
  agentId: string,
  { messaging, sessions }: { readonly messaging: MessagingApi; readonly sessions: SessionsApi },
): Promise<ReplyAddress | undefined> {
  const known = messaging.channels().map(({ id }) => id);
  if (channel !== "last" && !known.includes(channel))
    throw badRequest(`channel must be ${["last", ...known].join("|")}`);
  if (!deliver) return undefined;
  const last = await lastRoute(agentId, sessions);
  if (to !== undefined) {
    const on = channel === "last" ? last?.channel : channel;
    if (on === undefined) throw badRequest("to needs a channel: nobody has written to this agent yet");
    return messaging.address(on, to, accountId);
  }
  if (channel === "last") return last;
  if (last?.channel === channel) return last;
  throw badRequest(`delivery on ${channel} needs to: the last message did not come from there`);
}

async function lastRoute(agentId: string, sessions: SessionsApi): Promise<ReplyAddress | undefined> {
  const entry = (await sessions.get(sessions.mainKey(agentId)))?.entry;
  if (entry?.lastChannel === undefined || entry.lastTo === undefined) return undefined;
  const { lastChannel: channel, lastTo: to, lastAccountId: accountId = "default", lastThreadId: threadId } = entry;
  return { channel, accountId, to, ...(typeof threadId === "string" && { threadId }) };
}
