const TRUNCATED = "... (truncated) ";

/** The last characters of a text that may have no end. Holds at most twice as much. */
export class Tail {
  readonly #most: number;
  #text = "";
  #isCut = false;

  constructor(most: number) {
    this.#most = most;
  }

  add(more: string): void {
    this.#text += more;
    if (this.#text.length > this.#most * 2) this.#cut();
  }

  /** The end of the text, marked when it is not all of it. */
  toString(): string {
    if (this.#text.length > this.#most) this.#cut();
    return this.#isCut ? `${TRUNCATED}${this.#text}` : this.#text;
  }

  #cut(): void {
    this.#text = this.#text.slice(-this.#most);
    this.#isCut = true;
  }
}

/** The last `most` characters of `text`, marked when something is missing. */
export function tailOf(text: string, most: number): string {
  return text.length <= most ? text : `${TRUNCATED}${text.slice(-most)}`;
}
