import { anyThinkingLevel, wordOf } from "openclaw/plugin-sdk";

/** What a message says about how it is to be answered, and the message without that (agent.md §19). */
export interface Directives {
  readonly text: string;
  readonly thinking?: string;
  readonly verbose?: string;
  readonly reasoning?: string;
  readonly model?: string;
}

type Field = Exclude<keyof Directives, "text">;

const FIELDS: Readonly<Record<string, Field>> = {
  think: "thinking",
  thinking: "thinking",
  t: "thinking",
  verbose: "verbose",
  v: "verbose",
  reasoning: "reasoning",
  reason: "reasoning",
  model: "model",
};
const DIRECTIVE = /(^|\s)\/(think|thinking|t|verbose|v|reasoning|reason|model)(?:\s*:\s*|\s+)(\S+)(?=\s|$)/gi;

/**
 * Takes directives out of a text. One whose word means nothing is part of what is said. A model is named by its reference
 * or by one of the `aliases`, in lower case.
 */
export function readDirectives(text: string, aliases: ReadonlySet<string>): Directives {
  if (!text.includes("/")) return { text };
  const found: Partial<Record<Field, string>> = {};
  const left = text.replaceAll(DIRECTIVE, (whole, before: string, name: string, word: string) => {
    const field = FIELDS[name.toLowerCase()];
    const isAlias = field === "model" && aliases.has(word.toLowerCase());
    const value = isAlias ? word : field && valueOf(field, word);
    if (!field || value === undefined) return whole;
    found[field] = value;
    return before;
  });
  const rest = left.replaceAll(/[ \t]{2,}/g, " ").trim();
  return Object.keys(found).length === 0 ? { text } : { ...found, text: rest === "" ? text : rest };
}

/** The level that a word means; nothing for a word that means none. */
export function valueOf(field: Field, word: string): string | undefined {
  try {
    if (field === "thinking") return anyThinkingLevel(word);
    if (field === "model") return /^[\w.-]+\/\S+$/.test(word) ? word : undefined;
    return wordOf(field === "verbose" ? "verboseLevel" : "reasoningLevel", word);
  } catch {
    // No level: the text is about something else.
    return undefined;
  }
}
