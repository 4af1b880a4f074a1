const COUNT = 20;
const WITHIN_MS = 60_000;
const COOLDOWN_MS = 60_000;
const MAX_BOTS = 1_000;

interface Heard {
  times: number[];
  quietUntil: number;
}

/** Two bots that answer each other never stop by themselves: one that says too much is not heard for a while. */
export class BotLoop {
  readonly #bots = new Map<string, Heard>();
  readonly #now: () => number;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** May what this bot says now be heard? */
  admits(bot: string): boolean {
    const now = this.#now();
    const heard = this.#bots.get(bot) ?? { times: [], quietUntil: 0 };
    if (this.#bots.size >= MAX_BOTS && !this.#bots.has(bot)) this.#bots.clear();
    this.#bots.set(bot, heard);
    if (now < heard.quietUntil) return false;
    heard.times = [...heard.times.filter((at) => now - at < WITHIN_MS), now];
    if (heard.times.length <= COUNT) return true;
    heard.times = [];
    heard.quietUntil = now + COOLDOWN_MS;
    return false;
  }
}
