import type { IncomingMessage } from "node:http";
import { canonicalAddress, secretEquals } from "openclaw/plugin-sdk";
import type { HttpRefusal } from "openclaw/plugin-sdk";

/** http.md §2.1. */
const MAX_WRONG = 20;
const WINDOW_MS = 60_000;
const MAX_ADDRESSES = 1_000;

/** Lets in who has the token of webhooks, before anything of the request is read. */
export class Guard {
  readonly #token: string;
  readonly #wrong = new Map<string, number[]>();

  constructor(token: string) {
    this.#token = token;
  }

  /** Why not, as an answer. Wrong tokens are counted by address; the right one is never kept out. */
  refusal({ headers }: IncomingMessage, from: string): HttpRefusal | undefined {
    // One machine, however it is written (security.md S-07).
    const address = canonicalAddress(from);
    const given = /^bearer +(.+)$/i.exec(headers.authorization ?? "")?.[1] ?? headers["x-openclaw-token"];
    if (typeof given === "string" && secretEquals(given, this.#token)) {
      this.#wrong.delete(address);
      return undefined;
    }
    const waitMs = this.#waitMs(address);
    if (waitMs > 0) {
      const body = { ok: false, error: "too many failed attempts" };
      return [429, body, { "retry-after": String(Math.ceil(waitMs / 1_000)) }];
    }
    if (typeof given === "string") this.#count(address);
    return [401, "Unauthorized", { "www-authenticate": "Bearer" }];
  }

  #waitMs(address: string): number {
    const wrong = this.#wrong.get(address) ?? [];
    const oldest = wrong.at(-MAX_WRONG);
    return oldest === undefined ? 0 : Math.max(0, oldest + WINDOW_MS - performance.now());
  }

  #count(address: string): void {
    const wrong = this.#wrong.get(address) ?? [];
    this.#wrong.delete(address);
    this.#wrong.set(address, [...wrong, performance.now()].slice(-MAX_WRONG));
    const [first] = this.#wrong.keys();
    if (this.#wrong.size > MAX_ADDRESSES && first !== undefined) this.#wrong.delete(first);
  }
}
