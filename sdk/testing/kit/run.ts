import { Bench } from "./bench.ts";
import type { BenchOptions } from "./bench.ts";
import type { ChannelKit } from "./contract.ts";
import { reportOf } from "./report.ts";
import type { KitReport, KitResult } from "./report.ts";
import { Broken, NotApplicable } from "./rule.ts";
import type { KitRule } from "./rule.ts";
import { RULES } from "./rules/index.ts";

export interface ChannelKitOptions {
  /** Folder of the plugin. Without it the channel is one of the stock distro. */
  readonly path?: string;
  /** Ids of the rules to check; by default all of them. */
  readonly only?: readonly string[];
  /** All limits of time are so many times longer: for machines that are busy with other things. 1. */
  readonly patience?: number;
  /** How long a server is away at the start, and how long an account that was refused is watched. 10,000. */
  readonly watchMs?: number;
  /** Rules that are checked at the same time, each with a gateway of its own. 4. */
  readonly concurrency?: number;
  /** Called with each result as it comes. */
  readonly onResult?: (result: KitResult) => void;
}

/**
 * Check a channel against what every channel promises: a gateway of its own and a fake network for each rule. Resolves
 * with the report, whatever fails.
 */
export async function runChannelKit(kit: ChannelKit, options: ChannelKitOptions = {}): Promise<KitReport> {
  const { path, only, patience = 1, watchMs = 10_000, concurrency = 4, onResult } = options;
  const unknown = only?.find((id) => !RULES.some((rule) => rule.id === id));
  if (unknown !== undefined)
    throw new Error(`there is no rule ${unknown}; there are ${RULES.map(({ id }) => id).join(", ")}`);
  const rules = RULES.filter(({ id }) => only?.includes(id) ?? true);
  const bench: BenchOptions = { patience, watchMs, ...(path !== undefined && { path }) };
  const results = new Map<string, KitResult>();
  const checkAll = async (some: KitRule[], lanes: number) => {
    const lane = async () => {
      for (let rule = some.shift(); rule; rule = some.shift()) {
        const result = await check(rule, kit, bench);
        results.set(rule.id, result);
        onResult?.(result);
      }
    };
    await Promise.all(Array.from({ length: lanes }, lane));
  };
  await checkAll(
    rules.filter(({ isAlone }) => !isAlone),
    concurrency,
  );
  await checkAll(
    rules.filter(({ isAlone }) => isAlone),
    1,
  );
  return reportOf(
    kit.channel,
    rules.flatMap(({ id }) => results.get(id) ?? []),
  );
}

async function check(rule: KitRule, kit: ChannelKit, options: BenchOptions): Promise<KitResult> {
  const { id, title, grade } = rule;
  const startedAt = performance.now();
  const result = (outcome: KitResult["outcome"], reason?: string): KitResult => ({
    id,
    title,
    grade,
    outcome,
    ...(reason !== undefined && { reason }),
    ms: Math.round(performance.now() - startedAt),
  });
  const missing = (rule.needs ?? []).find((feature) => kit.lacks?.[feature] !== undefined);
  if (missing !== undefined) return result("n/a", kit.lacks?.[missing]);
  if (kit.except?.[id] !== undefined) return result("n/a", kit.except[id]);
  const bench = new Bench(kit, options);
  try {
    await rule.check(bench);
    await bench[Symbol.asyncDispose]();
    return result("passed");
  } catch (error) {
    await bench[Symbol.asyncDispose]().catch(() => undefined);
    if (error instanceof NotApplicable) return result("n/a", error.message);
    return result("failed", error instanceof Broken ? error.message : `${String(error)}`);
  }
}
