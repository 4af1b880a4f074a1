import { createHash } from "node:crypto";
import type { ToolResult } from "openclaw/plugin-sdk";

/** Same call, same result: so often before the model is told that it goes round in circles. */
const SAME_RESULT = 5;
/** The same call with other results, such as asking whether something is done. */
const SAME_CALL = 30;
const REMEMBERED = 200;

interface Seen {
  calls: number;
  same: number;
  result: string | undefined;
}

/** Notices a model that makes one call again and again. */
export class Repeats {
  readonly #seen = new Map<string, Seen>();

  /** Count a call. The answer says why it is not to be run once more. */
  count(name: string, args: unknown): string | undefined {
    const seen = this.#of(name, args);
    seen.calls++;
    if (seen.same >= SAME_RESULT)
      return `tool "${name}" gave the same result ${seen.same} times for these arguments and was not run again; do something else, or say what is missing`;
    if (seen.calls > SAME_CALL)
      return `tool "${name}" was called ${SAME_CALL} times with these arguments and was not run again; do something else, or say what is missing`;
    return undefined;
  }

  ended(name: string, args: unknown, { content }: ToolResult): void {
    const seen = this.#of(name, args);
    const result = hash(content);
    seen.same = seen.result === result ? seen.same + 1 : 1;
    seen.result = result;
  }

  #of(name: string, args: unknown): Seen {
    const key = `${name} ${hash(args)}`;
    const seen = this.#seen.get(key) ?? { calls: 0, same: 0, result: undefined };
    if (!this.#seen.has(key) && this.#seen.size >= REMEMBERED) {
      const [oldest] = this.#seen.keys();
      this.#seen.delete(oldest as string);
    }
    this.#seen.set(key, seen);
    return seen;
  }
}

function hash(value: unknown): string {
  return createHash("sha256")
    .update(JSON.stringify(value) ?? "")
    .digest("base64");
}
