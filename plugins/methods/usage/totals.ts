import type { TranscriptMessage } from "openclaw/plugin-sdk";

/** Tokens and costs of some messages (agent.md §11). Costs are in the currency of the configured prices. */
export interface Totals {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly totalTokens: number;
  readonly totalCost: number;
  readonly inputCost: number;
  readonly outputCost: number;
  readonly cacheReadCost: number;
  readonly cacheWriteCost: number;
  /** Messages of models that have no price. */
  readonly missingCostEntries: number;
}

/** Per million tokens, as `models.providers.*.models[].cost` has it. */
export interface Prices {
  readonly input?: number;
  readonly output?: number;
  readonly cacheRead?: number;
  readonly cacheWrite?: number;
}

export const NOTHING: Totals = {
  input: 0,
  output: 0,
  cacheRead: 0,
  cacheWrite: 0,
  totalTokens: 0,
  totalCost: 0,
  inputCost: 0,
  outputCost: 0,
  cacheReadCost: 0,
  cacheWriteCost: 0,
  missingCostEntries: 0,
};

export function plus(a: Totals, b: Totals): Totals {
  const keys = Object.keys(NOTHING) as (keyof Totals)[];
  return Object.fromEntries(keys.map((key) => [key, a[key] + b[key]])) as unknown as Totals;
}

/** Of one message of an assistant; nothing of any other. */
export function totalsOf(
  message: TranscriptMessage,
  pricesOf: (provider: string, model: string) => Prices | undefined,
): Totals | undefined {
  if (message.role !== "assistant") return undefined;
  const { input = 0, output = 0, cacheRead = 0, cacheWrite = 0 } = message.usage ?? {};
  const totalTokens = input + output + cacheRead + cacheWrite;
  if (totalTokens === 0) return undefined;
  const tokens = { input, output, cacheRead, cacheWrite, totalTokens };
  const prices = pricesOf(message.provider, message.model);
  if (!prices) return { ...NOTHING, ...tokens, missingCostEntries: 1 };
  const cost = (count: number, price = 0) => (count * price) / 1_000_000;
  const costs = {
    inputCost: cost(input, prices.input),
    outputCost: cost(output, prices.output),
    cacheReadCost: cost(cacheRead, prices.cacheRead),
    cacheWriteCost: cost(cacheWrite, prices.cacheWrite),
  };
  const totalCost = costs.inputCost + costs.outputCost + costs.cacheReadCost + costs.cacheWriteCost;
  return { ...tokens, ...costs, totalCost, missingCostEntries: 0 };
}
