import type { SessionKey } from "openclaw/plugin-sdk";
import { agentIdOf } from "./agent-id.ts";
import { canonicalRest, seedRest } from "./key-spelling.ts";

/** What the meaning of a key depends on. */
export interface KeyRules {
  readonly defaultAgentId: string;
  /** Last part of a main session's key. */
  readonly mainKey: string;
  /** `global`: the main session of the default agent is `global`. */
  readonly scope: "per-sender" | "global";
  readonly isAgent: (id: string) => boolean;
}

export type ParsedKey = { readonly key: SessionKey } | { readonly problem: string };

const MAX_LENGTH = 512;
const FORBIDDEN = /[\p{Cc}/\\]/u;
/** Keys that belong to no agent. Hidden from agents and listed on request only. */
const RESERVED: ReadonlySet<string> = new Set(["global", "unknown"]);

/**
 * Reads any spelling of a key (sessions.md §1.1). Total: every text is a key or has a problem. Reading the
 * canonical spelling gives the same key again.
 */
export function parseKey(text: string, rules: KeyRules): ParsedKey {
  if (FORBIDDEN.test(text)) return { problem: "has a control character, / or \\ in it" };
  if (!text.isWellFormed()) return { problem: "is not well-formed text" };
  const key = read(text.trim().toLowerCase(), rules);
  if ("key" in key && key.key.canonical.length > MAX_LENGTH) {
    return { problem: `is longer than ${MAX_LENGTH} characters` };
  }
  return key;
}

/** The other spelling of a canonical key, which the established documents use, or the same when there is none. */
export function seedSpelling({ canonical, agentId, rest }: SessionKey, rules: KeyRules): string {
  if (canonical === mainKeyOf(rules.defaultAgentId, rules)) return "main";
  if (RESERVED.has(canonical)) return canonical;
  return `agent:${agentId}:${seedRest(rest)}`;
}

/** Canonical key of an agent's main session. */
export function mainKeyOf(agentId: string, { scope, mainKey, defaultAgentId }: KeyRules): string {
  return scope === "global" && agentId === defaultAgentId ? "global" : `agent:${agentId}:${mainKey}`;
}

/** `default` names the default agent, unless an agent is really called so. */
export function knownAgentId(name: string, { isAgent, defaultAgentId }: KeyRules): string {
  const id = agentIdOf(name);
  return id === "default" && !isAgent(id) ? defaultAgentId : id;
}

/** Direct and group are told apart by the key alone. */
export function kindOf({ canonical, rest }: SessionKey): "direct" | "group" | "global" | "unknown" {
  if (canonical === "global" || canonical === "unknown") return canonical;
  return /(?:^|:)(?:group|channel):/.test(rest) ? "group" : "direct";
}

/** One run of a cron job: kept, but never listed. */
export function isCronRun(rest: string): boolean {
  return /^cron:.+:run:./s.test(rest);
}

function read(text: string, rules: KeyRules): ParsedKey {
  if (text === "") return { problem: "is empty" };
  if (RESERVED.has(text)) return { key: { canonical: text, agentId: rules.defaultAgentId, rest: text } };
  if (!text.startsWith("agent:")) return { key: keyOf(rules.defaultAgentId, text, rules) };
  const [, agent = "", ...parts] = text.split(":");
  const rest = parts.join(":");
  if (rest === "") return { problem: "names an agent and no conversation" };
  return { key: keyOf(knownAgentId(agent, rules), rest, rules) };
}

function keyOf(agentId: string, text: string, rules: KeyRules): SessionKey {
  const rest = text === "main" ? rules.mainKey : canonicalRest(text);
  const isMain = rest === rules.mainKey;
  const canonical = isMain ? mainKeyOf(agentId, rules) : `agent:${agentId}:${rest}`;
  return { canonical, agentId, rest: canonical === "global" ? canonical : rest };
}
