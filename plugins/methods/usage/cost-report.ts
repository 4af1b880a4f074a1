import { addUsage, noUsage, pricesIn, usageTotals } from "openclaw/plugin-sdk";
import type { PluginGateway, PriceOf, UsageTotals } from "openclaw/plugin-sdk";
import { dayOf, dayRange } from "./range.ts";
import type { RangeParams } from "./range.ts";
import { messagesOf, transcriptFiles } from "./transcript-files.ts";
import type { TranscriptFile } from "./transcript-files.ts";

const MAX_KNOWN = 5_000;

interface Day extends UsageTotals {
  readonly date: string;
}

export interface CostReport {
  readonly updatedAt: number;
  readonly days: number;
  readonly daily: readonly Day[];
  readonly totals: UsageTotals;
}

/** What a file held when it was read, and with which prices. */
interface Known {
  readonly version: string;
  readonly days: ReadonlyMap<string, UsageTotals>;
}

type Providers = Readonly<Record<string, { readonly models?: unknown } | undefined>>;

/** Adds up transcripts by day. A file that has not changed since is not read again. */
export class CostReports {
  readonly #gateway: PluginGateway;
  readonly #known = new Map<string, Known>();

  constructor(gateway: PluginGateway) {
    this.#gateway = gateway;
  }

  async report(params: RangeParams): Promise<CostReport> {
    const now = Date.now();
    const { first, last, days, startMs } = dayRange(params, now);
    const providers = this.#gateway.settings.get<Providers>("models.providers") ?? {};
    const prices = JSON.stringify(Object.values(providers).map((provider) => provider?.models));
    const byDay = new Map<string, UsageTotals>();
    const priceOf = pricesIn(this.#gateway.settings);
    for (const file of await transcriptFiles(this.#gateway.paths.stateDir, startMs)) {
      for (const [day, totals] of await this.#daysOf(file, priceOf, prices))
        if (day >= first && day <= last) addTo(byDay, day, totals);
    }
    const daily = [...byDay]
      .map(([date, totals]) => ({ date, ...totals }))
      .toSorted((a, b) => (a.date < b.date ? -1 : 1));
    const totals = noUsage();
    for (const one of byDay.values()) addUsage(totals, one);
    return { updatedAt: now, days, daily, totals };
  }

  async #daysOf({ path, mtimeMs, size }: TranscriptFile, priceOf: PriceOf, prices: string): Promise<Known["days"]> {
    const version = `${mtimeMs} ${size} ${prices}`;
    const before = this.#known.get(path);
    if (before?.version === version) return before.days;
    const days = new Map<string, UsageTotals>();
    for await (const message of messagesOf(path)) {
      const totals = usageTotals(message, priceOf);
      if (totals.totalTokens > 0) addTo(days, dayOf(message.timestamp), totals);
    }
    this.#known.delete(path);
    this.#known.set(path, { version, days });
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= MAX_KNOWN) break;
      this.#known.delete(oldest);
    }
    return days;
  }
}

function addTo(days: Map<string, UsageTotals>, day: string, more: UsageTotals): void {
  const totals = days.get(day) ?? noUsage();
  addUsage(totals, more);
  days.set(day, totals);
}
