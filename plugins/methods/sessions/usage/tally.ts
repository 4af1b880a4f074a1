import { addUsage, noUsage, usageTotals } from "openclaw/plugin-sdk";
import type { PriceOf, TranscriptMessage, UsageTotals } from "openclaw/plugin-sdk";

export interface Counts {
  total: number;
  user: number;
  assistant: number;
  toolCalls: number;
  toolResults: number;
  errors: number;
}

export interface ModelUse {
  readonly provider: string;
  readonly model: string;
  count: number;
  readonly totals: UsageTotals;
}

interface Day {
  readonly counts: Counts;
  readonly totals: UsageTotals;
  readonly latencies: number[];
  readonly models: Map<string, ModelUse>;
}

/** An answer that comes later is not one to the message before it. */
const LONGEST_MS = 12 * 3_600_000;

/** Adds up messages: tokens, costs, counts and waiting times, also by day and by model. */
export class Tally {
  readonly counts = noCounts();
  readonly totals = noUsage();
  readonly latencies: number[] = [];
  readonly models = new Map<string, ModelUse>();
  readonly tools = new Map<string, number>();
  readonly days = new Map<string, Day>();
  first = Number.POSITIVE_INFINITY;
  last = 0;
  #asked: number | undefined;

  add(message: TranscriptMessage, priceOf: PriceOf): void {
    const at = message.timestamp;
    if (!Number.isFinite(at)) return;
    this.first = Math.min(this.first, at);
    this.last = Math.max(this.last, at);
    const day = this.#day(dateOf(at));
    for (const counts of [this.counts, day.counts]) count(counts, message);
    if (message.role === "user") this.#asked = at;
    if (message.role !== "assistant") return;
    const totals = usageTotals(message, priceOf);
    for (const to of [this, day]) {
      addUsage(to.totals, totals);
      use(to.models, message.provider, message.model, 1, totals);
    }
    for (const block of message.content) {
      if (block.type === "toolCall") this.tools.set(block.name, (this.tools.get(block.name) ?? 0) + 1);
    }
    const waited = this.#asked === undefined ? -1 : at - this.#asked;
    if (waited < 0 || waited > LONGEST_MS) return;
    this.latencies.push(waited);
    day.latencies.push(waited);
  }

  merge(other: Tally): void {
    this.first = Math.min(this.first, other.first);
    this.last = Math.max(this.last, other.last);
    mergeInto(this, other);
    for (const [name, calls] of other.tools) this.tools.set(name, (this.tools.get(name) ?? 0) + calls);
    for (const [date, day] of other.days) mergeInto(this.#day(date), day);
  }

  #day(date: string): Day {
    let day = this.days.get(date);
    if (!day) this.days.set(date, (day = { counts: noCounts(), totals: noUsage(), latencies: [], models: new Map() }));
    return day;
  }
}

/** A day of the host's calendar. */
export function dateOf(at: number): string {
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** So many days of the calendar before, whatever their length. What is no date is given back. */
export function daysBefore(date: string, days: number): string {
  const noon = new Date(`${date}T12:00:00`);
  noon.setDate(noon.getDate() - days);
  return Number.isNaN(noon.getTime()) ? date : dateOf(noon.getTime());
}

function mergeInto(to: Day, more: Day): void {
  addUsage(to.totals, more.totals);
  for (const field of Object.keys(to.counts) as (keyof Counts)[]) to.counts[field] += more.counts[field];
  for (const waited of more.latencies) to.latencies.push(waited);
  for (const one of more.models.values()) use(to.models, one.provider, one.model, one.count, one.totals);
}

function use(models: Map<string, ModelUse>, provider: string, model: string, times: number, totals: UsageTotals): void {
  const name = `${provider}/${model}`;
  let known = models.get(name);
  if (!known) models.set(name, (known = { provider, model, count: 0, totals: noUsage() }));
  known.count += times;
  addUsage(known.totals, totals);
}

function count(counts: Counts, message: TranscriptMessage): void {
  if (message.role === "toolResult") counts.toolResults++;
  else {
    counts.total++;
    counts[message.role]++;
  }
  if (message.role === "assistant") {
    counts.toolCalls += message.content.filter(({ type }) => type === "toolCall").length;
    if (message.stopReason === "error") counts.errors++;
  } else if (message.role === "toolResult" && message.isError) counts.errors++;
}

function noCounts(): Counts {
  return { total: 0, user: 0, assistant: 0, toolCalls: 0, toolResults: 0, errors: 0 };
}
