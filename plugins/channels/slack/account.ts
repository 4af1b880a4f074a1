import { createHash } from "node:crypto";
import type { ChannelAccount, Envelope, StatusPatch } from "openclaw/plugin-sdk";
import { endpointProblem } from "openclaw/plugin-sdk/net";

export const OFFICIAL_API = "https://slack.com/api/";
export const WEBHOOK_PATH = "/slack/events";
const SHORTEST_SECRET = 16;

export type ReplyMode = "off" | "first" | "all";
export type ReactionMode = "off" | "own" | "all" | "allowlist";

/** The keys of an account that this plugin reads itself; those of policy are read by the gateway. */
export interface SlackKeys {
  readonly mode?: "socket" | "http";
  readonly botToken?: string;
  readonly appToken?: string;
  readonly userToken?: string;
  readonly userTokenReadOnly?: boolean;
  readonly signingSecret?: string;
  readonly webhookPath?: string;
  readonly apiRoot?: string;
  readonly allowBots?: boolean;
  readonly dm?: { readonly groupEnabled?: boolean; readonly groupChannels?: readonly string[] };
  readonly channels?: Readonly<Record<string, PlaceKeys | undefined>>;
  readonly replyToMode?: ReplyMode;
  readonly replyToModeByChatType?: Readonly<Partial<Record<Envelope["chatType"], ReplyMode>>>;
  readonly thread?: { readonly historyScope?: "thread" | "channel"; readonly inheritParent?: boolean };
  readonly reactionNotifications?: ReactionMode;
  readonly reactionAllowlist?: readonly string[];
  readonly actions?: Readonly<Record<string, boolean | undefined>>;
  readonly slashCommand?: { readonly enabled?: boolean; readonly name?: string; readonly ephemeral?: boolean };
  readonly configWrites?: boolean;
  readonly commands?: { readonly native?: boolean | "auto" };
}

export interface PlaceKeys {
  readonly enabled?: boolean;
  readonly allow?: boolean;
  readonly allowBots?: boolean;
}

export function keysOf({ config }: ChannelAccount): SlackKeys {
  // The schema of the manifest has checked it.
  return config as SlackKeys;
}

export interface Token {
  readonly text: string;
  readonly source: "config" | "env";
}

type TokenKey = "botToken" | "appToken" | "userToken";

const ENV: Readonly<Record<TokenKey, string>> = {
  botToken: "SLACK_BOT_TOKEN",
  appToken: "SLACK_APP_TOKEN",
  userToken: "SLACK_USER_TOKEN",
};

/** The configuration stands before the environment, which speaks for the account `default` only. */
export function tokenOf(
  account: ChannelAccount,
  key: TokenKey,
  env: NodeJS.ProcessEnv = process.env,
): Token | undefined {
  const written = keysOf(account)[key]?.trim();
  if (written) return { text: written, source: "config" };
  const given = account.accountId === "default" ? env[ENV[key]]?.trim() : undefined;
  return given ? { text: given, source: "env" } : undefined;
}

/** Tells accounts with one token apart from others, without being it. */
export function fingerprintOf({ text }: Token): string {
  return createHash("sha256").update(text).digest("hex");
}

export function modeOf(account: ChannelAccount): "socket" | "http" {
  return keysOf(account).mode ?? "socket";
}

/** With a slash at its end: names of methods are put behind it. */
export function apiRootOf(account: ChannelAccount): string {
  return `${(keysOf(account).apiRoot ?? OFFICIAL_API).replace(/\/+$/, "")}/`;
}

export function webhookPathOf(account: ChannelAccount): string {
  return keysOf(account).webhookPath ?? WEBHOOK_PATH;
}

/** Where an account stands in the configuration. */
export function placeOf({ accountId }: ChannelAccount): string {
  return accountId === "default" ? "channels.slack" : `channels.slack.accounts.${accountId}`;
}

/** Do answers go into threads, where people write in such a chat? */
export function replyModeOf(account: ChannelAccount, chatType: Envelope["chatType"]): ReplyMode {
  const { replyToModeByChatType, replyToMode = "off" } = keysOf(account);
  return replyToModeByChatType?.[chatType] ?? replyToMode;
}

/** What is missing or wrong before the account can be started; nothing is asked of the network. */
export function unconfigured(account: ChannelAccount, env?: NodeJS.ProcessEnv): string | undefined {
  const place = placeOf(account);
  const { apiRoot } = keysOf(account);
  const wrong = apiRoot === undefined ? undefined : endpointProblem(`${place}.apiRoot`, apiRoot);
  if (wrong !== undefined) return wrong;
  const orEnv = (key: TokenKey) => (account.accountId === "default" ? ` or ${ENV[key]} in the environment` : "");
  const bot = tokenOf(account, "botToken", env)?.text;
  if (bot === undefined) return `no bot token; set ${place}.botToken${orEnv("botToken")}`;
  if (bot.startsWith("xapp-")) return `${place}.botToken holds an app token (xapp-); the bot token begins with xoxb-`;
  if (modeOf(account) === "http") return webhookProblem(account, place);
  const app = tokenOf(account, "appToken", env)?.text;
  if (app === undefined) return `no app token; set ${place}.appToken${orEnv("appToken")}`;
  if (app.startsWith("xox")) return `${place}.appToken holds a bot token (xoxb-); the app token begins with xapp-`;
  return undefined;
}

function webhookProblem(account: ChannelAccount, place: string): string | undefined {
  const { signingSecret = "" } = keysOf(account);
  if (signingSecret.trim().length < SHORTEST_SECRET)
    return `${place}.signingSecret must be the signing secret of the app, of at least ${SHORTEST_SECRET} characters; requests without its signature are refused`;
  const path = webhookPathOf(account);
  if (path === WEBHOOK_PATH || path.startsWith(`${WEBHOOK_PATH}/`)) return undefined;
  return `${place}.webhookPath must be ${WEBHOOK_PATH} or below it`;
}

export function describe(account: ChannelAccount): StatusPatch {
  return {
    mode: modeOf(account),
    botTokenSource: tokenOf(account, "botToken")?.source ?? "none",
    appTokenSource: tokenOf(account, "appToken")?.source ?? "none",
  };
}
