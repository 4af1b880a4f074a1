import type { Settings, Usage } from "openclaw/plugin-sdk";

/** Tokens and what they cost, in US dollars (agent.md §11). */
export interface Totals {
  input: number;
  output: number;
  cacheRead: number;
  cacheWrite: number;
  totalTokens: number;
  totalCost: number;
  inputCost: number;
  outputCost: number;
  cacheReadCost: number;
  cacheWriteCost: number;
  /** Answers of models that have no price. */
  missingCostEntries: number;
}

interface ModelPrice {
  readonly id: string;
  readonly cost?: Partial<Record<"input" | "output" | "cacheRead" | "cacheWrite", number>>;
}

/** Price of a million tokens of each kind; nothing for a model that has none. */
export type PriceOf = (provider: string, model: string) => ModelPrice["cost"] | undefined;

export function pricesIn(settings: Settings): PriceOf {
  return (provider, model) => {
    const { models = [] } = settings.get<{ models?: readonly ModelPrice[] }>(`models.providers.${provider}`) ?? {};
    return models.find(({ id }) => id === model)?.cost;
  };
}

export function noTotals(): Totals {
  return {
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
}

/** What one answer used. What its writer says it cost counts more than what is worked out. */
export function totalsOf(
  usage: Partial<Usage> & { cost?: Partial<Record<string, number>> },
  price: ReturnType<PriceOf>,
): Totals {
  const { input = 0, output = 0, cacheRead = 0, cacheWrite = 0, cost } = usage;
  const million = 1_000_000;
  const costOf = (kind: "input" | "output" | "cacheRead" | "cacheWrite", count: number) =>
    cost?.[kind] ?? (count * (price?.[kind] ?? 0)) / million;
  const [inputCost, outputCost] = [costOf("input", input), costOf("output", output)];
  const [cacheReadCost, cacheWriteCost] = [costOf("cacheRead", cacheRead), costOf("cacheWrite", cacheWrite)];
  return {
    input,
    output,
    cacheRead,
    cacheWrite,
    totalTokens: input + output + cacheRead + cacheWrite,
    totalCost: inputCost + outputCost + cacheReadCost + cacheWriteCost,
    inputCost,
    outputCost,
    cacheReadCost,
    cacheWriteCost,
    missingCostEntries: price || cost || input + output === 0 ? 0 : 1,
  };
}

export function addTotals(to: Totals, more: Totals): void {
  for (const field of Object.keys(to) as (keyof Totals)[]) to[field] += more[field];
}
