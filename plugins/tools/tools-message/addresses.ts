import { GatewayError } from "openclaw/plugin-sdk";
import type { MessagingApi, ReplyAddress, SessionEntry, SessionsApi, Settings, ToolTurn } from "openclaw/plugin-sdk";
import type { MessageParameters } from "./parameters.ts";

interface CrossContext {
  /** Other conversations of the same network. */
  readonly allowWithinProvider?: boolean;
  /** Other networks. */
  readonly allowAcrossProviders?: boolean;
}

/**
 * Where a message goes. A turn that answers somebody on a network is held to that conversation, so that nobody can have
 * the agent write to others in its name, unless `tools.message.crossContext` allows more.
 */
export async function addressesOf(
  turn: ToolTurn,
  { channel, accountId, target, targets }: MessageParameters,
  parts: { readonly messaging: MessagingApi; readonly sessions: SessionsApi; readonly settings: Settings },
): Promise<readonly ReplyAddress[]> {
  const here = boundTo(turn);
  const home = here ?? (await lastRoute(turn, parts.sessions));
  const wanted = targets ?? (target === undefined ? [] : [target]);
  if (wanted.length === 0) {
    if (!home || (channel !== undefined && channel !== home.channel))
      throw refused("say whom to send to with target, and the network with channel");
    return [home];
  }
  const network = channel ?? home?.channel;
  if (network === undefined) throw refused("say which network with channel");
  const account = accountId ?? (network === home?.channel ? home.accountId : undefined);
  const addresses: ReplyAddress[] = [];
  for (const one of wanted) {
    const address = await parts.messaging.address(network, one, account);
    // The thread one is in, unless another was named.
    const isHome = home !== undefined && isSamePlace(address, home);
    const whole = isHome && address.threadId === undefined ? home : address;
    if (here) assertAllowed(whole, here, parts.settings);
    addresses.push(whole);
  }
  return addresses;
}

/** The conversation that a turn answers, when somebody on a network wrote. */
export function boundTo({ envelope }: ToolTurn): ReplyAddress | undefined {
  return envelope?.sessionKey === undefined ? envelope?.replyTo : undefined;
}

/** Otherwise where the session's last message came from. */
async function lastRoute({ sessionKey }: ToolTurn, sessions: SessionsApi): Promise<ReplyAddress | undefined> {
  const session = await sessions.get(sessionKey);
  const { lastChannel, lastTo, lastAccountId, lastThreadId } = session?.entry ?? ({} as Partial<SessionEntry>);
  if (lastChannel === undefined || lastTo === undefined) return undefined;
  return {
    channel: lastChannel,
    to: lastTo,
    accountId: lastAccountId ?? "default",
    ...(typeof lastThreadId === "string" && { threadId: lastThreadId }),
  };
}

function assertAllowed(address: ReplyAddress, here: ReplyAddress, settings: Settings): void {
  if (isSamePlace(address, here)) return;
  const { allowWithinProvider, allowAcrossProviders } = settings.get<CrossContext>("tools.message.crossContext") ?? {};
  const isSameNetwork = address.channel === here.channel && address.accountId === here.accountId;
  if (isSameNetwork ? allowWithinProvider === true || allowAcrossProviders === true : allowAcrossProviders === true)
    return;
  const key = isSameNetwork ? "allowWithinProvider" : "allowAcrossProviders";
  throw refused(
    `a turn that answers somebody may only write to that conversation; tools.message.crossContext.${key} allows more`,
  );
}

function isSamePlace(a: ReplyAddress, b: ReplyAddress): boolean {
  return a.channel === b.channel && a.accountId === b.accountId && a.to === b.to;
}

function refused(message: string): GatewayError {
  return new GatewayError("INVALID_REQUEST", message);
}
