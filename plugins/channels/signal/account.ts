import type { ChannelAccount } from "openclaw/plugin-sdk";
import { endpointProblem } from "openclaw/plugin-sdk/net";

/** The keys of `channels.signal` that this plugin reads; the manifest has checked their types. */
export interface SignalKeys {
  readonly account?: string;
  readonly httpUrl?: string;
  readonly httpHost?: string;
  readonly httpPort?: number;
  readonly cliPath?: string;
  readonly autoStart?: boolean;
  readonly startupTimeoutMs?: number;
  readonly receiveMode?: "on-start" | "manual";
  readonly ignoreAttachments?: boolean;
  readonly ignoreStories?: boolean;
  readonly sendReadReceipts?: boolean;
  readonly reactionNotifications?: "off" | "own" | "all" | "allowlist";
  readonly reactionAllowlist?: readonly (string | number)[];
  readonly dmPolicy?: string;
  readonly actions?: { readonly reactions?: boolean };
}

const HOST = "127.0.0.1";
const PORT = 8_080;

/** Keys that the connection is made with; every other is read when it is needed (channels.md §1.18). */
export const RESTART_KEYS: readonly string[] =
  "enabled account httpUrl httpHost httpPort cliPath autoStart receiveMode ignoreAttachments ignoreStories sendReadReceipts startupTimeoutMs".split(
    " ",
  );

export function keysOf({ config }: ChannelAccount): SignalKeys {
  return config as SignalKeys;
}

/** Where the daemon answers, without a slash at the end. */
export function baseUrl(account: ChannelAccount): string {
  const { httpUrl, httpHost = HOST, httpPort = PORT } = keysOf(account);
  if (httpUrl !== undefined) return httpUrl.replace(/\/+$/, "");
  return `http://${httpHost.includes(":") ? `[${httpHost}]` : httpHost}:${httpPort}`;
}

/** The daemon is ours: started with the account and ended with it. */
export function startsDaemon(account: ChannelAccount): boolean {
  const { autoStart, httpUrl } = keysOf(account);
  return autoStart ?? httpUrl === undefined;
}

/** What is missing before the account can be started. */
export function unconfigured(account: ChannelAccount): string | undefined {
  const { account: number } = keysOf(account);
  const section = account.accountId === "default" ? "channels.signal" : `channels.signal.accounts.${account.accountId}`;
  if (number === undefined)
    return `${section}.account is not set; set it to the phone number of the account, such as +15550100`;
  const problem = endpointProblem(`${section}.httpUrl`, baseUrl(account));
  return problem;
}
