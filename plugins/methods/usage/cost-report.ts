import type { PluginGateway } from "openclaw/plugin-sdk";
import { dayOf, dayRange } from "./range.ts";
import type { RangeParams } from "./range.ts";
import { NOTHING, plus, totalsOf } from "./totals.ts";
import type { Prices, Totals } from "./totals.ts";
import { messagesOf, transcriptFiles } from "./transcript-files.ts";
import type { TranscriptFile } from "./transcript-files.ts";

const MAX_KNOWN = 5_000;

interface Day extends Totals {
  readonly date: string;
}

export interface CostReport {
  readonly updatedAt: number;
  readonly days: number;
  readonly daily: readonly Day[];
  readonly totals: Totals;
}

/** What a file held when it was read, and with which prices. */
interface Known {
  readonly version: string;
  readonly days: ReadonlyMap<string, Totals>;
}

type Providers = Readonly<
  Record<string, { readonly models?: readonly { readonly id: string; readonly cost?: Prices }[] } | undefined>
>;

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
    const byDay = new Map<string, Totals>();
    for (const file of await transcriptFiles(this.#gateway.paths.stateDir, startMs)) {
      for (const [day, totals] of await this.#daysOf(file, providers, prices))
        if (day >= first && day <= last) byDay.set(day, plus(byDay.get(day) ?? NOTHING, totals));
    }
    const daily = [...byDay]
      .map(([date, totals]) => ({ date, ...totals }))
      .toSorted((a, b) => (a.date < b.date ? -1 : 1));
    return { updatedAt: now, days, daily, totals: [...byDay.values()].reduce(plus, NOTHING) };
  }

  async #daysOf({ path, mtimeMs, size }: TranscriptFile, providers: Providers, prices: string): Promise<Known["days"]> {
    const version = `${mtimeMs} ${size} ${prices}`;
    const before = this.#known.get(path);
    if (before?.version === version) return before.days;
    // What answers without an account costs nothing.
    const pricesOf = (provider: string, id: string) =>
      provider === "offline" ? {} : providers[provider]?.models?.find((model) => model.id === id)?.cost;
    const days = new Map<string, Totals>();
    for await (const message of messagesOf(path)) {
      const totals = totalsOf(message, pricesOf);
      const day = dayOf(message.timestamp);
      if (totals) days.set(day, plus(days.get(day) ?? NOTHING, totals));
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
