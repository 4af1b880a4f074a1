import type { OutboxEntry, ReplyAddress } from "openclaw/plugin-sdk";

const MAX_RUNS = 200;
/** What the tool that sends messages calls its entries: with the run that asked. */
const ENTRY = /^message:(.+):[^:]+:\d+(?:-\d+)?$/;

/** Where running jobs have sent messages themselves, so that their answer is not told there once more. */
export class SaidByRun {
  readonly #places = new Map<string, Set<string>>();

  begin(runId: string): void {
    this.#places.set(runId, new Set());
    const [oldest] = this.#places.keys();
    if (this.#places.size > MAX_RUNS && oldest !== undefined) this.#places.delete(oldest);
  }

  /** A delivery has come to its end. */
  delivered({ id, address, state }: OutboxEntry): void {
    if (this.#places.size === 0 || (state !== "sent" && state !== "unknown")) return;
    const runId = ENTRY.exec(id)?.[1];
    if (runId !== undefined) this.#places.get(runId)?.add(placeOf(address));
  }

  /** Did the run send something to this place? Asked once, at its end. */
  end(runId: string, address: ReplyAddress | undefined): boolean {
    const places = this.#places.get(runId);
    this.#places.delete(runId);
    return address !== undefined && places?.has(placeOf(address)) === true;
  }
}

function placeOf({ channel, accountId, to, threadId }: ReplyAddress): string {
  return JSON.stringify([channel, accountId, to, threadId ?? null]);
}
