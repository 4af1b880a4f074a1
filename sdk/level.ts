import { GatewayError } from "./error.ts";

const THINKING: Readonly<Record<string, string>> = {
  off: "off",
  minimal: "minimal",
  min: "minimal",
  think: "minimal",
  low: "low",
  on: "low",
  enable: "low",
  enabled: "low",
  thinkhard: "low",
  medium: "medium",
  mid: "medium",
  med: "medium",
  thinkharder: "medium",
  harder: "medium",
  high: "high",
  ultra: "high",
  ultrathink: "high",
  highest: "high",
  max: "high",
  xhigh: "xhigh",
  extrahigh: "xhigh",
};

/** The level that is stored for a word in any accepted spelling; throws for other words (agent.md §8). */
export function thinkingLevel(word: string, hasExtraHigh: boolean): string {
  const level =
    THINKING[
      word
        .trim()
        .toLowerCase()
        .replaceAll(/[\s_-]/g, "")
    ];
  if (level !== undefined && (level !== "xhigh" || hasExtraHigh)) return level;
  const offered = `off|minimal|low|medium|high${hasExtraHigh ? "|xhigh" : ""}`;
  throw new GatewayError("INVALID_REQUEST", `invalid thinkingLevel (use ${offered})`);
}

/** As {@link thinkingLevel}, before it is known which model is asked: one that does not take the level takes a lower one. */
export function anyThinkingLevel(word: string): string {
  try {
    return thinkingLevel(word, true);
  } catch {
    // The words of the refusal do not promise a level that only few models have.
    return thinkingLevel(word, false);
  }
}

/** Words of each field, with the spellings that stand for them. Clients match the refusals (protocol.md §9.4). */
const WORDS = {
  verboseLevel: {
    off: ["false", "no", "0", "disable", "disabled"],
    on: ["true", "yes", "1", "enable", "enabled"],
    full: ["all"],
  },
  reasoningLevel: { on: ["true", "yes", "1", "show"], off: ["false", "no", "0", "hide"], stream: ["streaming"] },
  responseUsage: { off: [], tokens: ["on"], full: [] },
  elevatedLevel: { on: ["true", "yes", "1"], off: ["false", "no", "0"], ask: [], full: [] },
  execHost: { sandbox: [], gateway: [], node: [] },
  execSecurity: { deny: [], allowlist: [], full: [] },
  execAsk: { off: [], "on-miss": [], always: [] },
} as const satisfies Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

export type WordField = keyof typeof WORDS;

/** The word that is stored for the given one; throws for words that the field does not have. */
export function wordOf(field: WordField, given: string): string {
  const word = given.trim().toLowerCase();
  const words: Readonly<Record<string, readonly string[]>> = WORDS[field];
  for (const [name, others] of Object.entries(words)) if (word === name || others.includes(word)) return name;
  const offered = Object.keys(words).map((name) => `"${name}"`);
  throw new GatewayError("INVALID_REQUEST", `invalid ${field} (use ${offered.join("|")})`);
}
