import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import type { ChannelAccount, ChannelAccounts } from "openclaw/plugin-sdk";
import { endpointProblem } from "openclaw/plugin-sdk/net";

/** The keys of `channels.telegram` that this plugin reads; the manifest has checked their types. */
export interface TelegramKeys {
  readonly botToken?: string;
  readonly tokenFile?: string;
  readonly apiRoot?: string;
  readonly proxy?: string;
  readonly network?: { readonly autoSelectFamily?: boolean };
  readonly timeoutSeconds?: number;
  readonly linkPreview?: boolean;
  readonly webhookUrl?: string;
  readonly webhookSecret?: string;
  readonly webhookPath?: string;
  readonly webhookPort?: number;
  readonly webhookHost?: string;
  readonly commands?: { readonly native?: boolean | "auto" };
  readonly customCommands?: readonly CustomCommand[];
  readonly capabilities?: { readonly inlineButtons?: ButtonScope };
  readonly actions?: Readonly<Record<string, boolean | undefined>>;
  readonly reactionNotifications?: "off" | "own" | "all";
  readonly reactionLevel?: "off" | "ack" | "minimal" | "extensive";
  readonly configWrites?: boolean;
  readonly dmPolicy?: string;
  readonly allowFrom?: readonly (string | number)[];
  readonly groupAllowFrom?: readonly (string | number)[];
  readonly groups?: Readonly<Record<string, GroupKeys | undefined>>;
}

export interface GroupKeys {
  readonly requireMention?: boolean;
  readonly allowFrom?: readonly (string | number)[];
  readonly topics?: Readonly<Record<string, GroupKeys | undefined>>;
}

export interface CustomCommand {
  readonly command: string;
  readonly description: string;
}

/** Where buttons are offered and heard. `allowlist`: everywhere, by the rules for messages. */
export type ButtonScope = "off" | "dm" | "group" | "all" | "allowlist";

export const OFFICIAL_ROOT = "https://api.telegram.org";
const WEBHOOK_PATH = "/telegram-webhook";
const SHORTEST_SECRET = 16;
const ENV_TOKEN = "TELEGRAM_BOT_TOKEN";

export function keysOf({ config }: ChannelAccount): TelegramKeys {
  return config as TelegramKeys;
}

type Keys = Readonly<Record<string, unknown>>;

/** As everywhere, but that answers quote what they answer where the agent asks for it, unless the keys say otherwise. */
export const ACCOUNTS: ChannelAccounts = {
  list({ accounts }) {
    const named = Object.keys((accounts as Keys | undefined) ?? {});
    return named.length > 0 ? named : ["default"];
  },
  resolve({ accounts, ...shared }, accountId) {
    return {
      replyToMode: "first",
      ...shared,
      ...(accounts as Readonly<Record<string, Keys>> | undefined)?.[accountId],
    };
  },
};

export interface Token {
  readonly value: string;
  readonly source: "config" | "file" | "env";
}

/** The bot token: configuration before file before environment, which is for the default account only. */
export function tokenOf(account: ChannelAccount, env: NodeJS.ProcessEnv = process.env): Token | undefined {
  const { botToken, tokenFile } = keysOf(account);
  if (botToken !== undefined && botToken.trim() !== "") return { value: botToken.trim(), source: "config" };
  if (tokenFile !== undefined) {
    const value = readToken(tokenFile);
    return value === undefined ? undefined : { value, source: "file" };
  }
  const value = account.accountId === "default" ? env[ENV_TOKEN]?.trim() : undefined;
  return value === undefined || value === "" ? undefined : { value, source: "env" };
}

function readToken(file: string): string | undefined {
  try {
    const text = readFileSync(file.replace(/^~(?=\/)/, homedir()), "utf8").trim();
    return text === "" ? undefined : text;
  } catch {
    // Whoever asks says that the file gave no token, and names it.
    return undefined;
  }
}

/** What is missing or wrong before the account can be started; nothing is asked of the network. */
export function unconfigured(account: ChannelAccount, env?: NodeJS.ProcessEnv): string | undefined {
  const { apiRoot, proxy, webhookUrl, tokenFile } = keysOf(account);
  const at = `channels.telegram${account.accountId === "default" ? "" : `.accounts.${account.accountId}`}`;
  if (!tokenOf(account, env)) {
    if (tokenFile !== undefined) return `telegram account ${account.accountId} has no token: cannot read ${tokenFile}`;
    const last = account.accountId === "default" ? ` or ${ENV_TOKEN}` : "";
    return `telegram account ${account.accountId} has no token: set ${at}.botToken, ${at}.tokenFile${last}`;
  }
  const wrong = apiRoot === undefined ? undefined : endpointProblem(`${at}.apiRoot`, apiRoot);
  if (wrong !== undefined) return wrong;
  if (proxy !== undefined && !/^https?:\/\//.test(proxy))
    return `${at}.proxy must be a URL that begins with http:// or https://`;
  return webhookUrl === undefined ? undefined : webhookProblem(account, at);
}

function webhookProblem(account: ChannelAccount, at: string): string | undefined {
  const { webhookUrl = "", webhookSecret = "", webhookPort } = keysOf(account);
  if (webhookPort === undefined) {
    const wrong = endpointProblem(`${at}.webhookUrl`, webhookUrl);
    if (wrong !== undefined) return wrong;
  }
  if (!/^[\w-]{16,256}$/.test(webhookSecret)) {
    return `${at}.webhookSecret must be ${SHORTEST_SECRET} to 256 letters, digits, _ or -; updates without it are refused`;
  }
  const path = webhookPathOf(account);
  const isOurs = path === WEBHOOK_PATH || path.startsWith(`${WEBHOOK_PATH}/`);
  if (webhookPort === undefined && !isOurs) {
    return `${at}.webhookPath must be ${WEBHOOK_PATH} or below it, or have a listener of its own with webhookPort`;
  }
  return undefined;
}

export function webhookPathOf(account: ChannelAccount): string {
  return keysOf(account).webhookPath ?? WEBHOOK_PATH;
}

export function modeOf(account: ChannelAccount): "polling" | "webhook" {
  return keysOf(account).webhookUrl === undefined ? "polling" : "webhook";
}

/** May buttons be shown and pressed in such a chat? */
export function offersButtons(account: ChannelAccount, isDirect: boolean): boolean {
  const scope = keysOf(account).capabilities?.inlineButtons ?? "allowlist";
  if (scope === "dm") return isDirect;
  if (scope === "group") return !isDirect;
  return scope !== "off";
}
