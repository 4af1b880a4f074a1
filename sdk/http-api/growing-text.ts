import type { RunEvent } from "../services/agents.ts";

/**
 * The text of a run as a reader of a stream gets it: what was given out is never taken back. What an agent says before and
 * after it has used its tools are two paragraphs.
 */
export class GrowingText {
  #text = "";
  /** Of the model call that writes now. */
  #block = "";
  #isNew = true;

  get text(): string {
    return this.#text;
  }

  /** What this event adds. */
  take({ stream, data }: RunEvent): string {
    if (stream === "tool") this.#isNew = true;
    if (stream !== "assistant" || typeof data["text"] !== "string") return "";
    const whole = data["text"];
    if (this.#isNew) this.#block = "";
    // A model that thought better of what it had begun: the reader has it already.
    if (!whole.startsWith(this.#block)) return "";
    const more = whole.slice(this.#block.length);
    const isParagraph = this.#isNew && this.#text !== "" && more !== "";
    if (more !== "") this.#isNew = false;
    this.#block = whole;
    const added = isParagraph ? `\n\n${more}` : more;
    this.#text += added;
    return added;
  }
}
