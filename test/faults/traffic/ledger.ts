import { counted, countsText } from "../balance.ts";
import type { Network, Numbered } from "./network.ts";
import type { TrafficResult } from "./traffic.ts";

/** Faults of one run that its text names. */
const MOST_TOLD = 6;

/** What the gateway recorded of a message, as `trace.get` tells it. */
export interface Trace {
  readonly state: string;
  readonly deliveries: readonly { readonly state: string; readonly reason?: string }[];
}

/** What became of the messages of one network. */
export interface Ledger {
  readonly channel: string;
  readonly sent: number;
  readonly acknowledged: number;
  /** Recorded ends of messages, by state. */
  readonly ends: Readonly<Record<string, number>>;
  /** Recorded ends of their answers, by state. */
  readonly answers: Readonly<Record<string, number>>;
  readonly shown: number;
  readonly twice: number;
  /** Answers that people did not see. */
  readonly unseen: number;
  readonly outOfOrder: number;
  /** Everything that breaks a promise, in words. */
  readonly faults: readonly string[];
}

/** The one reason for which nobody may know whether an answer arrived. */
const CUT_OFF = "the gateway stopped while sending";

/**
 * Holds what was written and shown against what is recorded. Each answer is shown once; where the network offers no key,
 * an attempt that a kill cut off may be unseen, and is `unknown` then.
 */
export function ledgerOf(
  network: Network,
  written: readonly Numbered[],
  traces: ReadonlyMap<number, Trace | undefined>,
): Ledger {
  const shown = network.shown();
  const times = new Map<number, number>();
  for (const { number } of shown) times.set(number, (times.get(number) ?? 0) + 1);
  const numbers = new Set(written.map(({ number }) => number));
  const faults = [...times.keys()].filter((number) => !numbers.has(number)).map((number) => `stray answer ${number}`);
  let [twice, unseen] = [0, 0];
  for (const { number } of written) {
    const seen = times.get(number) ?? 0;
    if (seen > 1) twice++;
    if (seen === 0) unseen++;
    faults.push(...faultsOf(number, seen, traces.get(number), network));
  }
  const unacknowledged = network.unacknowledged();
  if (unacknowledged > 0) faults.push(`${unacknowledged} messages were never acknowledged`);
  const late = lateIn(network);
  const known = [...traces.values()].filter((trace) => trace !== undefined);
  return {
    channel: network.channel,
    sent: written.length,
    acknowledged: written.length - unacknowledged,
    ends: counted(known.map(({ state }) => state)),
    answers: counted(known.flatMap(({ deliveries }) => deliveries.map(({ state }) => state))),
    shown: shown.length,
    twice,
    unseen,
    outOfOrder: late.length,
    faults: [...faults, ...late.map((number) => `answer ${number} came out of order`)],
  };
}

function* faultsOf(
  number: number,
  seen: number,
  trace: Trace | undefined,
  { offersKey }: Network,
): Generator<string, void> {
  if (!trace) return yield `message ${number}: acknowledged and lost`;
  const { state, deliveries } = trace;
  if (state !== "done") yield `message ${number}: ended as ${state}`;
  if (deliveries.length !== 1) yield `message ${number}: has ${deliveries.length} answers on record`;
  if (seen > 1) yield `message ${number}: answered ${seen} times`;
  const [answer] = deliveries;
  const isCutOff = !offersKey && answer?.state === "unknown" && answer.reason === CUT_OFF;
  if (answer?.state !== "sent" && !isCutOff) yield `answer ${number}: ${answer?.state}, ${answer?.reason}`;
  if (seen === 0 && !isCutOff) yield `message ${number}: never answered`;
}

/** Numbers grow in each conversation; one may be missing. */
function lateIn(network: Network): number[] {
  const last = new Map<number, number>();
  return network
    .shown()
    .filter(({ number, conversation }) => {
      const before = last.get(conversation) ?? -1;
      last.set(conversation, Math.max(before, number));
      return number < before;
    })
    .map(({ number }) => number);
}

/** All ledgers of one run, and how often plugins were reloaded meanwhile. */
export function trafficText({ ledgers, reloads, kills, ms, faults }: TrafficResult): string {
  const reloaded = `reloaded ${countsText(reloads)}; killed ${kills} times; ${Math.round(ms / 1_000)} s`;
  const verdict =
    faults.length === 0 ? "balanced" : `${faults.length} FAULTS: ${faults.slice(0, MOST_TOLD).join("; ")}`;
  return [...ledgers.map(ledgerText), reloaded, verdict].join("\n");
}

function ledgerText({ channel, sent, acknowledged, ends, answers, shown, twice, unseen, outOfOrder }: Ledger): string {
  const recorded = `ends: ${countsText(ends)}; answers: ${countsText(answers)}`;
  const seen = `shown ${shown}, twice ${twice}, unseen ${unseen}, out of order ${outOfOrder}`;
  return `${channel}: sent ${sent}, acknowledged ${acknowledged}; ${recorded}; ${seen}`;
}
