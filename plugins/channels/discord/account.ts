import { createHash } from "node:crypto";
import type { ChannelAccount, StatusPatch } from "openclaw/plugin-sdk";
import { endpointProblem } from "openclaw/plugin-sdk/net";

export const OFFICIAL_API = "https://discord.com/api";

interface IntentKeys {
  readonly presence?: boolean;
  readonly guildMembers?: boolean;
}

/** The keys of an account that this plugin reads itself; those of policy are read by the gateway. */
export interface DiscordKeys {
  readonly token?: string;
  readonly apiRoot?: string;
  readonly intents?: IntentKeys;
  readonly roleMentions?: boolean;
  readonly allowBots?: boolean;
  readonly dm?: { readonly groupEnabled?: boolean; readonly groupChannels?: readonly string[] };
  readonly guilds?: Readonly<Record<string, GuildKeys | undefined>>;
  readonly reactionNotifications?: ReactionMode;
  readonly actions?: Readonly<Record<string, boolean | undefined>>;
  readonly commands?: { readonly native?: boolean | "auto" };
}

export type ReactionMode = "off" | "own" | "all" | "allowlist";

export interface GuildKeys {
  readonly reactionNotifications?: ReactionMode;
  readonly users?: readonly string[];
  readonly channels?: Readonly<Record<string, ChannelKeys | undefined>>;
}

export interface ChannelKeys {
  readonly allow?: boolean;
  readonly enabled?: boolean;
  readonly includeThreadStarter?: boolean;
}

export function keysOf({ config }: ChannelAccount): DiscordKeys {
  // The schema of the manifest has checked it.
  return config as DiscordKeys;
}

export interface Token {
  readonly text: string;
  readonly source: "config" | "env";
}

/** The configuration stands before the environment, which speaks for the account `default` only. */
export function tokenOf(account: ChannelAccount, env: NodeJS.ProcessEnv = process.env): Token | undefined {
  const written = bare(keysOf(account).token);
  if (written !== undefined) return { text: written, source: "config" };
  const given = account.accountId === "default" ? bare(env["DISCORD_BOT_TOKEN"]) : undefined;
  return given === undefined ? undefined : { text: given, source: "env" };
}

function bare(token: unknown): string | undefined {
  if (typeof token !== "string") return undefined;
  const text = token.trim().replace(/^Bot\s+/i, "");
  return text === "" ? undefined : text;
}

/** Tells accounts with one token apart from others, without being it. */
export function fingerprintOf({ text }: Token): string {
  return createHash("sha256").update(text).digest("hex");
}

export function apiRootOf(account: ChannelAccount): string {
  return (keysOf(account).apiRoot ?? OFFICIAL_API).replace(/\/+$/, "");
}

/** Where an account stands in the configuration. */
export function placeOf({ accountId }: ChannelAccount): string {
  return accountId === "default" ? "channels.discord" : `channels.discord.accounts.${accountId}`;
}

/** What is missing before the account can be started, or nothing. */
export function unconfigured(account: ChannelAccount): string | undefined {
  const { accountId } = account;
  const place = placeOf(account);
  const { apiRoot } = keysOf(account);
  if (apiRoot !== undefined) {
    const problem = endpointProblem(`${place}.apiRoot`, apiRoot);
    if (problem !== undefined) return problem;
  }
  if (tokenOf(account)) return undefined;
  const orEnv = accountId === "default" ? " or DISCORD_BOT_TOKEN in the environment" : "";
  return `no bot token; set ${place}.token${orEnv}`;
}

export function describe(account: ChannelAccount): StatusPatch {
  return { mode: "gateway", tokenSource: tokenOf(account)?.source ?? "none" };
}
