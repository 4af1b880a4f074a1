import type { ModelInfo } from "openclaw/plugin-sdk";

const GEMINI = { contextWindow: 1_048_576, maxTokens: 65_536, reasoning: true, input: ["text", "image"] } as const;

/** The models people ask for; any other id of the provider works too. Prices in USD per million tokens. */
export const CATALOG: readonly ModelInfo[] = [
  {
    ...GEMINI,
    id: "gemini-3-pro-preview",
    name: "Gemini 3 Pro",
    cost: { input: 2, output: 12, cacheRead: 0.2, cacheWrite: 0 },
  },
  {
    ...GEMINI,
    id: "gemini-2.5-pro",
    name: "Gemini 2.5 Pro",
    cost: { input: 1.25, output: 10, cacheRead: 0.125, cacheWrite: 0 },
  },
  {
    ...GEMINI,
    id: "gemini-2.5-flash",
    name: "Gemini 2.5 Flash",
    cost: { input: 0.3, output: 2.5, cacheRead: 0.03, cacheWrite: 0 },
  },
];
