import { createHash, randomBytes } from "node:crypto";

/** http.md §9. */
const LIFE_MS = 24 * 60 * 60_000;
const MOST = 4_096;

export interface Capability {
  readonly token: string;
  readonly expiresAtMs: number;
}

/** Short-lived words that let a client read the canvas where it cannot send a header (security.md S-26). */
export class Capabilities {
  static readonly LIFE_MS: number = LIFE_MS;
  /** End of life by the hash of the token, oldest first. */
  readonly #known = new Map<string, number>();

  issue(now: number = Date.now()): Capability {
    const token = randomBytes(24).toString("base64url");
    const expiresAtMs = now + LIFE_MS;
    for (const [key, until] of this.#known) {
      if (until > now && this.#known.size < MOST) break;
      this.#known.delete(key);
    }
    this.#known.set(hashOf(token), expiresAtMs);
    return { token, expiresAtMs };
  }

  /** Looked up by its hash, so that the time it takes tells nothing of the tokens. */
  allows(token: string, now: number = Date.now()): boolean {
    return (this.#known.get(hashOf(token)) ?? 0) > now;
  }
}

function hashOf(token: string): string {
  return createHash("sha256").update(token).digest("base64");
}
