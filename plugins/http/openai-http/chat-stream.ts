import type { ServerResponse } from "node:http";
import { EventStream } from "openclaw/plugin-sdk/http-api";
import type { ApiError, RunEnd } from "openclaw/plugin-sdk/http-api";
import { chunk, finishReason, toolCallDelta, usageChunk } from "./completion.ts";
import type { Label } from "./completion.ts";

/**
 * How long a run that was accepted may be silent before the client is told that it began. Whatever fails sooner, such as
 * a key that the provider refuses, is answered with its status instead.
 */
const SILENT_MS = 1_000;

/** A completion as it is written: role, text, calls of the client's tools, an end (http.md §4). */
export class ChatStream {
  readonly #stream: EventStream;
  readonly #label: Label;
  readonly #includeUsage: boolean;
  #hasBegun = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(response: ServerResponse, label: Label, includeUsage: boolean) {
    this.#stream = new EventStream(response);
    this.#label = label;
    this.#includeUsage = includeUsage;
    response.once("close", () => clearTimeout(this.#timer));
  }

  get isOpen(): boolean {
    return this.#stream.isOpen;
  }

  accepted(): void {
    this.#timer = setTimeout(() => this.#begin(), SILENT_MS);
  }

  said(delta: string): void {
    this.#begin();
    this.#stream.send(chunk(this.#label, { content: delta }));
  }

  end(end: RunEnd, rest: string): void {
    this.#begin();
    if (rest !== "") this.said(rest);
    for (const [index, call] of end.pending.entries())
      this.#stream.send(chunk(this.#label, toolCallDelta(call, index)));
    this.#stream.send(chunk(this.#label, {}, finishReason(end)));
    if (this.#includeUsage) this.#stream.send(usageChunk(this.#label, end));
    this.#stream.done();
  }

  /** After the first byte an error is an event, and nothing says that the answer came to an end. */
  fail(error: ApiError): void {
    this.#begin();
    this.#stream.send(error.body);
    this.#stream.done();
  }

  /** Nothing was told yet, and will not be by this. */
  drop(): void {
    clearTimeout(this.#timer);
  }

  #begin(): void {
    clearTimeout(this.#timer);
    if (this.#hasBegun) return;
    this.#hasBegun = true;
    this.#stream.send(chunk(this.#label, { role: "assistant", content: "" }));
  }
}
