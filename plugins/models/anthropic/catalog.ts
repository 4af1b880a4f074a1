import type { ModelInfo } from "openclaw/plugin-sdk";

const CLAUDE = { contextWindow: 200_000, maxTokens: 64_000, reasoning: true, input: ["text", "image"] } as const;

/** The models people ask for; any other id of the provider works too. Prices in USD per million tokens. */
export const CATALOG: readonly ModelInfo[] = [
  {
    ...CLAUDE,
    id: "claude-opus-4-6",
    name: "Claude Opus 4.6",
    cost: { input: 5, output: 25, cacheRead: 0.5, cacheWrite: 6.25 },
  },
  {
    ...CLAUDE,
    id: "claude-opus-4-5",
    name: "Claude Opus 4.5",
    cost: { input: 5, output: 25, cacheRead: 0.5, cacheWrite: 6.25 },
  },
  {
    ...CLAUDE,
    id: "claude-sonnet-4-5",
    name: "Claude Sonnet 4.5",
    cost: { input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75 },
  },
  {
    ...CLAUDE,
    id: "claude-haiku-4-5",
    name: "Claude Haiku 4.5",
    cost: { input: 1, output: 5, cacheRead: 0.1, cacheWrite: 1.25 },
  },
];
