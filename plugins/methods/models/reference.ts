/** Other names of providers (agent.md §7.1). */
const ALIASES: Readonly<Record<string, string>> = { "z.ai": "zai", "z-ai": "zai", gemini: "google" };

/** Wire dialects, which stand in the same table as providers. */
export const DIALECTS: ReadonlySet<string> = new Set([
  "openai-completions",
  "openai-responses",
  "anthropic-messages",
  "google-generative-ai",
  "cli",
]);

export interface Reference {
  readonly provider: string;
  readonly model: string;
}

/** `provider/model`, split at the first slash; `undefined` for what names no provider. */
export function parseReference(text: string): Reference | undefined {
  const slash = text.indexOf("/");
  const given = text.slice(0, Math.max(slash, 0)).trim().toLowerCase();
  const model = text.slice(slash + 1).trim();
  if (given === "" || model === "" || /\s/.test(model)) return undefined;
  return { provider: ALIASES[given] ?? given, model };
}

export function formatReference({ provider, model }: Reference): string {
  return `${provider}/${model}`;
}
