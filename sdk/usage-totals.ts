import type { Settings } from "./gateway.ts";
import type { TranscriptMessage, Usage } from "./services/sessions.ts";

/** Tokens and what they cost, in the currency of the configured prices (agent.md §11). */
export interface UsageTotals {
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

const KINDS = ["input", "output", "cacheRead", "cacheWrite"] as const;

/** Of a million tokens of each kind. */
export type ModelPrice = Partial<Record<(typeof KINDS)[number], number>>;
export type PriceOf = (provider: string, model: string) => ModelPrice | undefined;

/** The prices that `models.providers.*.models[].cost` names. What answers without an account costs nothing. */
export function pricesIn(settings: Settings): PriceOf {
  return (provider, model) => {
    if (provider === "offline") return {};
    const path = `models.providers.${provider}`;
    const { models = [] } = settings.get<{ models?: readonly { id: string; cost?: ModelPrice }[] }>(path) ?? {};
    return models.find(({ id }) => id === model)?.cost;
  };
}

export function noUsage(): UsageTotals {
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

export function addUsage(to: UsageTotals, more: UsageTotals): void {
  for (const field of Object.keys(to) as (keyof UsageTotals)[]) to[field] += more[field];
}

/** What one answer used; nothing for a message of anybody else. What its writer says it cost counts more than prices. */
export function usageTotals(message: TranscriptMessage, priceOf: PriceOf): UsageTotals {
  const totals = noUsage();
  if (message.role !== "assistant" || !message.usage) return totals;
  const usage: Partial<Usage> & { readonly cost?: ModelPrice } = message.usage;
  const price = priceOf(message.provider, message.model);
  for (const kind of KINDS) {
    const count = usage[kind] ?? 0;
    const cost = usage.cost?.[kind] ?? (count * (price?.[kind] ?? 0)) / 1_000_000;
    totals[kind] = count;
    totals[`${kind}Cost`] = cost;
    totals.totalTokens += count;
    totals.totalCost += cost;
  }
  if (!price && !usage.cost && totals.totalTokens > 0) totals.missingCostEntries = 1;
  return totals;
}
