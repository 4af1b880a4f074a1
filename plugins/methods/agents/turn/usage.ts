import type { ModelCost, ModelPart, Usage } from "openclaw/plugin-sdk";

type Finish = Extract<ModelPart, { type: "finish" }>;

export const NO_USAGE: Usage = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, totalTokens: 0 };

/** More than any model reads. */
const MAX_TOKENS = 100_000_000;
const PER = 1_000_000;

/** What one model call used, with its price where the catalog has one (agent.md §11). */
export function usageOf({ usage }: Finish, price: ModelCost | undefined): Usage {
  const { reasoning: thought, ...told } = usage;
  const [input, output] = [tokens(told.input), tokens(told.output)];
  const [cacheRead, cacheWrite] = [tokens(told.cacheRead), tokens(told.cacheWrite)];
  const reasoning = thought === undefined ? undefined : tokens(thought);
  const totalTokens = input + output + cacheRead + cacheWrite;
  const counted = { input, output, cacheRead, cacheWrite, totalTokens, ...(reasoning !== undefined && { reasoning }) };
  if (!price) return counted;
  const cost = {
    input: (input * price.input) / PER,
    output: (output * price.output) / PER,
    cacheRead: (cacheRead * price.cacheRead) / PER,
    cacheWrite: (cacheWrite * price.cacheWrite) / PER,
  };
  return { ...counted, cost: { ...cost, total: cost.input + cost.output + cost.cacheRead + cost.cacheWrite } };
}

/** A number of tokens, whatever the provider says: what cannot be is not added up with what was. */
function tokens(told: number): number {
  return told > 0 ? Math.min(Math.round(told), MAX_TOKENS) : 0;
}

/** What a run used: the sum over its model calls. */
export function sumOf(usages: readonly Usage[]): Usage {
  const add = (key: "input" | "output" | "cacheRead" | "cacheWrite" | "totalTokens") =>
    usages.reduce((total, usage) => total + usage[key], 0);
  const reasoning = usages.reduce((total, usage) => total + (usage.reasoning ?? 0), 0);
  return {
    input: add("input"),
    output: add("output"),
    cacheRead: add("cacheRead"),
    cacheWrite: add("cacheWrite"),
    totalTokens: add("totalTokens"),
    ...(reasoning > 0 && { reasoning }),
    ...(usages.some(({ cost }) => cost) && { cost: costOf(usages) }),
  };
}

function costOf(usages: readonly Usage[]): NonNullable<Usage["cost"]> {
  const add = (key: keyof NonNullable<Usage["cost"]>) =>
    usages.reduce((total, { cost }) => total + (cost?.[key] ?? 0), 0);
  return {
    input: add("input"),
    output: add("output"),
    cacheRead: add("cacheRead"),
    cacheWrite: add("cacheWrite"),
    total: add("total"),
  };
}

/** How much of the window the last call filled. */
export function contextOf({ input, cacheRead, cacheWrite }: Usage): number {
  return input + cacheRead + cacheWrite;
}
