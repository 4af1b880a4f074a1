import type { ReplyAddress } from "openclaw/plugin-sdk";

interface Said {
  readonly runId: string;
  readonly place: string;
  readonly text: string;
  /** Its run has ended: the answer of that run comes next. */
  isOver: boolean;
  at: number;
}

const MAX_SAID = 500;
/** How long the answer of a run that has ended may take to get here. */
const KEPT_MS = 60_000;

/** What agents have sent with the tool, so that a run's final answer does not say it once more. */
export class SaidAlready {
  #said: Said[] = [];

  sent(runId: string, address: ReplyAddress, text: string): void {
    const plain = normal(text);
    if (plain === "") return;
    this.#said.push({ runId, place: placeOf(address), text: plain, isOver: false, at: Date.now() });
    if (this.#said.length > MAX_SAID) this.#said.shift();
  }

  /** The run has ended. What it says from now on is its answer. */
  ended(runId: string): void {
    const oldest = Date.now() - KEPT_MS;
    this.#said = this.#said.filter(({ isOver, at }) => !isOver || at > oldest);
    for (const one of this.#said) {
      if (one.runId !== runId) continue;
      one.isOver = true;
      one.at = Date.now();
    }
  }

  /** Was this said already by the run whose answer it is? True once. */
  takes(address: ReplyAddress, text: string): boolean {
    const place = placeOf(address);
    const plain = normal(text);
    const oldest = Date.now() - KEPT_MS;
    const index = this.#said.findIndex(
      (one) => one.isOver && one.at > oldest && one.place === place && one.text === plain,
    );
    if (index < 0) return false;
    this.#said.splice(index, 1);
    return true;
  }
}

function placeOf({ channel, accountId, to, threadId }: ReplyAddress): string {
  return JSON.stringify([channel, accountId, to, threadId ?? null]);
}

function normal(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim().toLowerCase();
}
