import type { SessionEntry, SessionKey, Settings } from "openclaw/plugin-sdk";
import { kindOf } from "./key.ts";

interface Rule {
  readonly action: "allow" | "deny";
  readonly match?: { readonly channel?: string; readonly chatType?: string; readonly keyPrefix?: string };
}

interface PolicyConfig {
  readonly default?: "allow" | "deny";
  readonly rules?: readonly Rule[];
}

/** What one has to do with a refusal: clients match it (protocol.md §9.2). */
export const SEND_BLOCKED = "send blocked by session policy";

/** `/send` lifts the rule, so it has to come through. */
export function liftsPolicy(text: string): boolean {
  return /^\/send\b/.test(text.trim());
}

/** May anything be said in this session? Its own word counts first, then any rule that denies (sessions.md §6). */
export function sendPolicyOf(key: SessionKey, entry: SessionEntry | undefined, settings: Settings): "allow" | "deny" {
  const own = entry?.["sendPolicy"];
  if (own === "deny") return "deny";
  // The established documents know `prompt`, which nobody here can ask.
  if (own === "allow" || own === "prompt") return "allow";
  const { rules = [], default: fallback = "allow" } = settings.get<PolicyConfig>("session.sendPolicy") ?? {};
  const matching = rules.filter((rule) => matches(rule, key, entry));
  if (matching.some(({ action }) => action === "deny")) return "deny";
  return matching.length > 0 ? "allow" : fallback;
}

function matches({ match = {} }: Rule, key: SessionKey, entry: SessionEntry | undefined): boolean {
  const { channel, chatType, keyPrefix } = match;
  if (channel !== undefined && channel.toLowerCase() !== channelOf(key, entry)) return false;
  if (chatType !== undefined && plainType(chatType) !== chatTypeOf(key, entry)) return false;
  if (keyPrefix === undefined) return true;
  const prefix = keyPrefix.toLowerCase();
  return key.canonical.startsWith(prefix) || key.rest.startsWith(prefix);
}

function channelOf({ rest }: SessionKey, entry: SessionEntry | undefined): string | undefined {
  const [first = "", second = ""] = rest.split(":");
  if (["group", "channel", "direct", "slash"].includes(second)) return first;
  return (entry?.channel ?? entry?.lastChannel)?.toLowerCase();
}

function chatTypeOf(key: SessionKey, entry: SessionEntry | undefined): string {
  if (/(?:^|:)channel:/.test(key.rest)) return "channel";
  const kind = kindOf(key);
  return kind === "group" ? "group" : plainType(entry?.chatType ?? "direct");
}

/** `dm` in the established documents, `room` in older ones. */
function plainType(chatType: string): string {
  if (chatType === "dm") return "direct";
  return chatType === "room" ? "channel" : chatType.toLowerCase();
}
