import type { ModelInfo } from "openclaw/plugin-sdk";

const GPT_5 = { contextWindow: 400_000, maxTokens: 128_000, reasoning: true, input: ["text", "image"] } as const;

/** The models people ask for; any other id of the provider works too. Prices in USD per million tokens. */
export const CATALOG: readonly ModelInfo[] = [
  {
    ...GPT_5,
    id: "gpt-5.2",
    name: "GPT-5.2",
    cost: { input: 1.75, output: 14, cacheRead: 0.175, cacheWrite: 0 },
  },
  {
    ...GPT_5,
    id: "gpt-5.1",
    name: "GPT-5.1",
    cost: { input: 1.25, output: 10, cacheRead: 0.125, cacheWrite: 0 },
  },
  {
    ...GPT_5,
    id: "gpt-5-mini",
    name: "GPT-5 mini",
    cost: { input: 0.25, output: 2, cacheRead: 0.025, cacheWrite: 0 },
  },
  {
    id: "gpt-4.1",
    name: "GPT-4.1",
    contextWindow: 1_047_576,
    maxTokens: 32_768,
    reasoning: false,
    input: ["text", "image"],
    cost: { input: 2, output: 8, cacheRead: 0.5, cacheWrite: 0 },
  },
];
