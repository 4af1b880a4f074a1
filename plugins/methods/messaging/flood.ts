import type { Settings, Work } from "openclaw/plugin-sdk";
import type { Buckets, Rate } from "./buckets.ts";
import { accountOf, conversationOf } from "./identity.ts";

const MINUTE_MS = 60_000;
const PER_MINUTE = 20;
const BURST = 10;
const ACCOUNT_PER_MINUTE = 200;
/** Who is named by a list may say so much more. */
const TRUST = 10;

interface FloodKeys {
  readonly perMinute?: number;
  readonly burst?: number;
  readonly accountPerMinute?: number;
}

/**
 * How much of what is let in starts a turn: so much per sender, per group and per account (security.md S-40). By the time
 * of acceptance: what waited, or is taken up after a restart, is judged as when it came.
 */
export class Flood {
  readonly #settings: Settings;
  readonly #buckets: Buckets;

  constructor(settings: Settings, buckets: Buckets) {
    this.#settings = settings;
    this.#buckets = buckets;
  }

  /** Counts the message, unless it is too many. `isTrusted`: a list names its sender, instead of everybody. */
  admits({ envelope, acceptedAt, steps = [] }: Work, isTrusted: boolean): boolean {
    const configured = this.#settings.get<FloodKeys | false>("messages.flood") ?? {};
    // What an operator asks for is never too much.
    if (configured === false || steps.some(({ step }) => step === "retried")) return true;
    const { perMinute = PER_MINUTE, burst = BURST, accountPerMinute = ACCOUNT_PER_MINUTE } = configured;
    const factor = isTrusted ? TRUST : 1;
    const rate = { count: perMinute * factor, perMs: MINUTE_MS, burst: burst * factor };
    const account = accountOf(envelope) ?? "";
    const rows: (readonly [string, Rate])[] = [[`${account} from ${envelope.sender.id.toLowerCase()}`, rate]];
    if (!isTrusted) {
      if (envelope.chatType !== "direct") rows.push([conversationOf(envelope), rate]);
      rows.push([account, { count: accountPerMinute, perMs: MINUTE_MS }]);
    }
    if (rows.some(([name, one]) => this.#buckets.waitFor(name, one, acceptedAt) > 0)) return false;
    for (const [name] of rows) this.#buckets.take(name);
    return true;
  }
}
