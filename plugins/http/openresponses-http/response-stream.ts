import type { ServerResponse } from "node:http";
import { EventStream, newId } from "openclaw/plugin-sdk/http-api";
import type { ApiError, RunEnd } from "openclaw/plugin-sdk/http-api";
import {
  callItem,
  endedResponse,
  failedResponse,
  incompleteReason,
  messageItem,
  response,
  textPart,
} from "./response.ts";
import type { Label } from "./response.ts";

/** See the same in openai-http: what fails sooner is answered with its status. */
const SILENT_MS = 1_000;

/** A response as it is written: every event in the established order, numbered, with ids that hold (http.md §5). */
export class ResponseStream {
  readonly #stream: EventStream;
  readonly #label: Label;
  readonly #output: object[] = [];
  /** The message that is being written. */
  #message: { readonly id: string; text: string } | undefined;
  #sequence = 0;
  #hasBegun = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(reply: ServerResponse, label: Label) {
    this.#stream = new EventStream(reply);
    this.#label = label;
    reply.once("close", () => clearTimeout(this.#timer));
  }

  get isOpen(): boolean {
    return this.#stream.isOpen;
  }

  accepted(): void {
    this.#timer = setTimeout(() => this.#begin(), SILENT_MS);
  }

  said(delta: string): void {
    this.#begin();
    const message = (this.#message ??= this.#openMessage());
    message.text += delta;
    this.#send("response.output_text.delta", { ...this.#place(message.id), delta, logprobs: [] });
  }

  end(end: RunEnd, rest: string): void {
    this.#begin();
    // Somebody who is silent has still answered.
    if (rest !== "" || (this.#message === undefined && end.pending.length === 0)) this.said(rest);
    const reason = incompleteReason(end);
    this.#closeMessage(reason === undefined ? "completed" : "incomplete");
    for (const call of end.pending) this.#call(callItem(call));
    const event = reason === undefined ? "response.completed" : "response.incomplete";
    this.#send(event, { response: endedResponse(this.#label, end, this.#output) });
    this.#stream.done();
  }

  fail(error: ApiError): void {
    this.#begin();
    this.#closeMessage("incomplete");
    this.#send("response.failed", { response: failedResponse(this.#label, error, this.#output) });
    this.#stream.done();
  }

  /** Nothing more is told by this. */
  drop(): void {
    clearTimeout(this.#timer);
  }

  #begin(): void {
    clearTimeout(this.#timer);
    if (this.#hasBegun) return;
    this.#hasBegun = true;
    const begun = response(this.#label, "in_progress", []);
    this.#send("response.created", { response: begun });
    this.#send("response.in_progress", { response: begun });
  }

  #openMessage(): { id: string; text: string } {
    const id = newId("msg");
    this.#send("response.output_item.added", {
      output_index: this.#output.length,
      item: messageItem(id, "in_progress"),
    });
    this.#send("response.content_part.added", { ...this.#place(id), part: textPart("") });
    return { id, text: "" };
  }

  #closeMessage(status: string): void {
    const message = this.#message;
    if (!message) return;
    this.#message = undefined;
    const { id, text } = message;
    const item = messageItem(id, status, text);
    this.#send("response.output_text.done", { ...this.#place(id), text, logprobs: [] });
    this.#send("response.content_part.done", { ...this.#place(id), part: textPart(text) });
    this.#send("response.output_item.done", { output_index: this.#output.length, item });
    this.#output.push(item);
  }

  #call(item: ReturnType<typeof callItem>): void {
    const place = { item_id: item.id, output_index: this.#output.length };
    const begun = { ...item, arguments: "", status: "in_progress" };
    this.#send("response.output_item.added", { output_index: this.#output.length, item: begun });
    this.#send("response.function_call_arguments.delta", { ...place, delta: item.arguments });
    this.#send("response.function_call_arguments.done", { ...place, name: item.name, arguments: item.arguments });
    this.#send("response.output_item.done", { output_index: this.#output.length, item });
    this.#output.push(item);
  }

  #place(id: string): object {
    return { item_id: id, output_index: this.#output.length, content_index: 0 };
  }

  #send(type: string, data: object): void {
    this.#stream.send({ type, sequence_number: this.#sequence++, ...data }, type);
  }
}
