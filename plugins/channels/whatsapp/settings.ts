import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import { endpointProblem } from "openclaw/plugin-sdk/net";
import type { ChannelAccount, ChannelAccounts, Settings } from "openclaw/plugin-sdk";
import { e164Of, normalizeNumber } from "./jid.ts";
import { reconnectPolicy } from "./reconnect.ts";
import type { ReconnectPolicy } from "./reconnect.ts";

type Keys = Readonly<Record<string, unknown>>;

export const OFFICIAL_URL = "wss://web.whatsapp.com/ws/chat";
/** Keys whose change restarts an account; every other is live. `web` is the section beside `channels`. */
export const RESTART_KEYS = ["enabled", "authDir", "wsUrl", "web"] as const;

/**
 * The accounts of a section. The keys of `web` are put into each, so that a change of them restarts it. `authDir` holds
 * one account: at the top it is that of `default`. Without `ackReaction` this channel has none; while nobody is allowed to
 * write, what comes in is marked.
 */
export function whatsappAccounts(settings: Settings): ChannelAccounts {
  return {
    list: ({ accounts }) => {
      const named = Object.keys((accounts as Keys | undefined) ?? {});
      return named.length > 0 ? named : ["default"];
    },
    resolve(section, accountId) {
      const { accounts, authDir, ...shared } = section;
      const own = (accounts as Readonly<Record<string, Keys>> | undefined)?.[accountId];
      const web = settings.get("web");
      const keys: Keys = {
        ackReaction: "",
        ...shared,
        ...(accountId === "default" && authDir !== undefined && { authDir }),
        ...own,
        ...(web !== undefined && { web }),
      };
      const allowed = keys["allowFrom"];
      const mark = Array.isArray(allowed) && allowed.length > 0 ? "" : "[openclaw]";
      return { messagePrefix: mark, ...keys };
    },
  };
}

/** What one account was told, with its defaults. */
export interface AccountSettings {
  readonly authDir: string;
  readonly wsUrl: string;
  readonly reconnect: ReconnectPolicy;
  readonly heartbeatMs: number;
}

export function accountSettings({ accountId, config }: ChannelAccount, stateDir: string): AccountSettings {
  const web = (config["web"] ?? {}) as Keys;
  const seconds = web["heartbeatSeconds"];
  return {
    authDir: authDirOf(config["authDir"], accountId, stateDir),
    wsUrl: typeof config["wsUrl"] === "string" ? config["wsUrl"] : OFFICIAL_URL,
    reconnect: reconnectPolicy(web["reconnect"]),
    heartbeatMs: Math.max(5, typeof seconds === "number" ? seconds : 60) * 1_000,
  };
}

/** What keeps the account from starting, or nothing. */
export function settingsProblem({ config }: ChannelAccount): string | undefined {
  const { wsUrl, web } = config as { readonly wsUrl?: unknown; readonly web?: { readonly enabled?: unknown } };
  if (web?.enabled === false) return "web.enabled is false; set it to true to connect to WhatsApp";
  return wsUrl === undefined ? undefined : endpointProblem("wsUrl", wsUrl, ["wss"]);
}

/** May the owner talk to the assistant in the chat with himself? */
export function isSelfChat({ config }: ChannelAccount, selfJid: string): boolean {
  if (config["selfChatMode"] === true) return true;
  const own = e164Of(selfJid);
  const entries = Array.isArray(config["allowFrom"]) ? (config["allowFrom"] as readonly unknown[]) : [];
  return own !== undefined && entries.some((entry) => normalizeNumber(String(entry)) === own);
}

function authDirOf(written: unknown, accountId: string, stateDir: string): string {
  if (typeof written !== "string" || written.trim() === "") {
    return join(stateDir, "credentials", "whatsapp", accountId.replaceAll(/[^\w-]/g, "_"));
  }
  const path = written.trim();
  if (path === "~" || path.startsWith("~/")) return join(homedir(), path.slice(1));
  return isAbsolute(path) ? path : resolve(stateDir, path);
}
