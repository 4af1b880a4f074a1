import { ChannelError, closed, errorText, GatewayError, NonEmptyString, Type } from "openclaw/plugin-sdk";
import type { ChannelAccount, ChannelLogin, PluginGateway } from "openclaw/plugin-sdk";
import type { Channels } from "../channels.ts";
import { LoginOfferShape, LoginResultShape } from "./shape.ts";

const START_MS = 30_000;
const WAIT_MS = 120_000;
const LONGEST_MS = 180_000;
/** Beside what the channel was given. */
const GRACE_MS = 15_000;

interface Link {
  readonly channel: string;
  readonly account: ChannelAccount;
  readonly login: ChannelLogin;
}

/** `web.login.start` and `web.login.wait`: linking an account, by whichever channel does that (channels.md §1.17). */
export function registerLogin(gateway: PluginGateway, channels: Channels): void {
  const Account = {
    /** Default: the channel with a login that is configured. */
    channel: Type.Optional(NonEmptyString),
    accountId: Type.Optional(Type.String()),
    timeoutMs: Type.Optional(Type.Integer({ minimum: 0 })),
  };

  gateway.method({
    name: "web.login.start",
    scope: "operator.admin",
    timeoutMs: LONGEST_MS + GRACE_MS,
    params: closed({
      ...Account,
      force: Type.Optional(Type.Boolean()),
      verbose: Type.Optional(Type.Boolean()),
      /** Link by a code to type into this phone. */
      phoneNumber: Type.Optional(NonEmptyString),
    }),
    result: LoginOfferShape,
    async handle({ channel, accountId, timeoutMs = START_MS, force, phoneNumber }) {
      const { account, login, ...link } = await linkOf(channel, accountId);
      const options = {
        timeoutMs: limited(timeoutMs),
        ...(force !== undefined && { force }),
        ...(phoneNumber !== undefined && { phoneNumber }),
      };
      const offer = await answered(() => login.start(account, options));
      return { ...offer, channel: link.channel, accountId: account.accountId };
    },
  });

  gateway.method({
    name: "web.login.wait",
    scope: "operator.admin",
    timeoutMs: LONGEST_MS + GRACE_MS,
    params: closed(Account),
    result: LoginResultShape,
    async handle({ channel, accountId, timeoutMs = WAIT_MS }) {
      const { account, login, ...link } = await linkOf(channel, accountId);
      const result = await answered(() => login.wait(account, { timeoutMs: limited(timeoutMs) }));
      // The account begins to work without a restart of anything else.
      if (result.connected) await channels.restartAccount(link.channel, account.accountId);
      return { ...result, channel: link.channel, accountId: account.accountId };
    },
  });

  async function linkOf(asked: string | undefined, accountId: string | undefined): Promise<Link> {
    const ids = asked === undefined ? channels.list().map(({ id }) => id) : [asked];
    for (const channel of ids) {
      const definition = await channels.get(channel);
      if (!definition?.login) continue;
      const id = accountId ?? (await channels.accountIds(channel))[0] ?? "default";
      return { channel, account: channels.account(channel, id), login: definition.login };
    }
    const why = asked === undefined ? "web login provider is not available" : `channel ${asked} has no login`;
    throw new GatewayError("INVALID_REQUEST", why);
  }
}

async function answered<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (cause) {
    if (cause instanceof GatewayError) throw cause;
    const remedy = cause instanceof ChannelError && cause.fix !== undefined ? `; ${cause.fix}` : "";
    const text = cause instanceof ChannelError ? cause.message + remedy : errorText(cause);
    throw new GatewayError("UNAVAILABLE", `the login failed: ${text}`, { cause });
  }
}

function limited(ms: number): number {
  return Math.min(ms, LONGEST_MS);
}
