import type { Shown } from "./platform.ts";

/** A message that was written to the gateway, by a person on a channel or by a client. */
export interface Written {
  readonly channel: string;
  readonly messageId: string;
  readonly chatId: string;
  readonly text: string;
}

/** What the gateway says became of it. */
export interface End {
  /** The gateway had accepted it before it was asked. */
  readonly known: boolean;
  readonly state: string;
  readonly entries: readonly { readonly id: string; readonly state: string }[];
}

/** How often people saw the answer to a message, and what the gateway recorded of it. */
export interface Balance {
  readonly accepted: number;
  /** Recorded ends by state. */
  readonly ends: Readonly<Record<string, number>>;
  /** Outbox entries by state. */
  readonly entries: Readonly<Record<string, number>>;
  readonly shown: number;
  /** Everything that breaks a promise, in words. */
  readonly faults: readonly string[];
}

const ENDS = new Set(["done", "failed", "interrupted", "refused"]);
const OPEN_ENTRIES = new Set(["pending", "attempting"]);

/** Whether everything has come to its end, well or badly. */
export function isSettled(ends: readonly End[]): boolean {
  return ends.every(({ state, entries }) => ENDS.has(state) && !entries.some((entry) => OPEN_ENTRIES.has(entry.state)));
}

/**
 * Holds what people wrote and saw against what the gateway recorded (reliability.md §12, I1–I3). A channel of kind
 * `key` or `look` shows each answer exactly once; one that offers nothing shows it once, or the record says `unknown`.
 */
export function balance(written: readonly Written[], ends: readonly End[], shown: readonly Shown[]): Balance {
  const faults: string[] = [];
  for (const [index, message] of written.entries()) {
    const end = ends[index] as End;
    const seen = shown.filter((one) => answers(one, message));
    const name = `${message.channel} ${message.chatId} "${message.text}"`;
    if (!end.known) faults.push(`${name}: acknowledged and lost`);
    if (end.state !== "done") faults.push(`${name}: ended as ${end.state}`);
    if (seen.length > 1) faults.push(`${name}: answered ${seen.length} times`);
    if (end.entries.length !== 1) faults.push(`${name}: has ${end.entries.length} answers on record`);
    if (seen.length === 0 && !mayBeUnseen(message.channel, end))
      faults.push(`${name}: never answered (${end.entries.map(({ state }) => state).join()})`);
  }
  for (const one of shown) {
    if (!written.some((message) => answers(one, message)))
      faults.push(`${one.channel} ${one.chatId}: stray ${excerpt(one)}`);
  }
  return {
    accepted: written.length,
    ends: counted(ends.map(({ state }) => state)),
    entries: counted(ends.flatMap(({ entries }) => entries.map(({ state }) => state))),
    shown: shown.length,
    faults: [...faults, ...outOfOrder(written, shown)],
  };
}

/** The offline model repeats what it was asked, after who asked. */
function answers({ channel, chatId, text }: Shown, message: Written): boolean {
  return channel === message.channel && chatId === message.chatId && text.includes(`${message.text}"`);
}

function excerpt({ text }: Shown): string {
  return JSON.stringify(text.slice(0, 60));
}

function mayBeUnseen(channel: string, { entries }: End): boolean {
  return channel === "loop-none" && entries.some(({ state }) => state === "unknown");
}

/** Answers of one conversation must come in the order of what was asked there; one may be missing. */
function outOfOrder(written: readonly Written[], shown: readonly Shown[]): string[] {
  const places = new Map<string, number>();
  const faults: string[] = [];
  for (const one of shown) {
    const place = written.findIndex((message) => answers(one, message));
    const conversation = `${one.channel} ${one.chatId}`;
    if (place < (places.get(conversation) ?? 0)) faults.push(`${conversation}: ${excerpt(one)} came out of order`);
    places.set(conversation, Math.max(place, places.get(conversation) ?? 0));
  }
  return faults;
}

/** How often each value is among them. */
export function counted(values: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values.toSorted()) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}

/** `done 12, failed 1`. */
export function countsText(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([name, count]) => `${name} ${count}`)
    .join(", ");
}
