import { createHash } from "node:crypto";

const KEPT_MS = 300_000;
const MAX_ENTRIES = 1_000;

interface Entry<T> {
  readonly request: string;
  readonly answer: Promise<T>;
  endedAt: number | undefined;
}

/** Answers of requests that carried a key, for five minutes after their end: a repeat gets the first one's answer. */
export class Repeats<T> {
  readonly #entries = new Map<string, Entry<T>>();

  /**
   * The answer under `key`: of the first request, or of `work`. `undefined` when the key was used for another request.
   * What failed is not kept.
   */
  once(key: string, request: unknown, work: () => Promise<T>): Promise<T> | undefined {
    this.#forget();
    const digest = createHash("sha256").update(JSON.stringify(request)).digest("base64");
    const known = this.#entries.get(key);
    if (known) return known.request === digest ? known.answer : undefined;
    const entry: Entry<T> = { request: digest, answer: work(), endedAt: undefined };
    this.#entries.set(key, entry);
    entry.answer.then(
      () => (entry.endedAt = Date.now()),
      () => this.#entries.get(key) === entry && this.#entries.delete(key),
    );
    return entry.answer;
  }

  #forget(): void {
    const oldest = Date.now() - KEPT_MS;
    for (const [key, { endedAt }] of this.#entries) {
      const isOld = endedAt !== undefined && endedAt < oldest;
      if (isOld || this.#entries.size >= MAX_ENTRIES) this.#entries.delete(key);
      else if (endedAt !== undefined) break;
    }
  }
}
