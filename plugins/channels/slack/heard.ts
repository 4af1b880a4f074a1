import { keysOf } from "./account.ts";
import type { Here } from "./parse.ts";
import type { Session } from "./session.ts";

/**
 * Where something happened, unless that is a group chat: those are off unless the account says otherwise. `type` is
 * Slack's own word for the kind of place, where it said one.
 */
export async function heardIn(
  { account, places }: Session,
  channelId: string,
  type: string | undefined,
): Promise<Here | undefined> {
  const { dm, channels } = keysOf(account);
  const isListed = channels === undefined || channels[channelId] !== undefined || channels["*"] !== undefined;
  const here = await places.here(channelId, type, isListed);
  if (here.chatType !== "group") return here;
  const { groupEnabled, groupChannels } = dm ?? {};
  return groupEnabled === true && (groupChannels === undefined || groupChannels.includes(channelId)) ? here : undefined;
}
