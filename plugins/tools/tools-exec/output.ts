import { stripVTControlCharacters } from "node:util";
import { Tail } from "openclaw/plugin-sdk/exec";

/** agent.md §13.1: characters that are kept, the last ones. */
export const MAX_OUTPUT = 200_000;
const MAX_UNREAD = 100_000;

/** What a command has printed: all of it up to a limit, and what nobody has read yet. */
export class Output {
  readonly #all = new Tail(MAX_OUTPUT);
  #unread = new Tail(MAX_UNREAD);

  add(text: string): void {
    this.#all.add(text);
    this.#unread.add(text);
  }

  /** Everything kept, as words. */
  whole(): string {
    return plain(String(this.#all));
  }

  /** What came since the last call. */
  fresh(): string {
    const text = plain(String(this.#unread));
    this.#unread = new Tail(MAX_UNREAD);
    return text;
  }

  lines(): string[] {
    const lines = this.whole().split("\n");
    if (lines.at(-1) === "") lines.pop();
    return lines;
  }
}

/** Without colours and other signs for a terminal, which a model cannot see. */
function plain(text: string): string {
  return stripVTControlCharacters(text)
    .replaceAll("\r\n", "\n")
    .replaceAll(/[\0-\b\v\f\x0E-\x1F\x7F]/g, "");
}
