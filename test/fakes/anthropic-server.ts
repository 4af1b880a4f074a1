import type { EventStream, ModelReply } from "./model-server.ts";

/** Writes an answer of the Anthropic Messages API. */
export class AnthropicReply implements ModelReply {
  readonly #stream: EventStream;
  #index = -1;
  #open: "text" | "thinking" | "tool_use" | undefined;

  constructor(stream: EventStream) {
    this.#stream = stream;
  }

  fail(status: number, message: string, headers: Record<string, string> = {}): void {
    this.#stream.refuse(status, { type: "error", error: { type: "fake_error", message } }, headers);
  }

  /** An error after the head has been sent, as such servers tell it when they are busy. */
  failInside(type: string, message: string): void {
    this.#start();
    this.#send("error", { error: { type, message } });
    this.#stream.end();
  }

  text(part: string): void {
    this.#block("text", { type: "text", text: "" });
    this.#delta({ type: "text_delta", text: part });
  }

  reasoning(part: string): void {
    this.#block("thinking", { type: "thinking", thinking: "", signature: "" });
    this.#delta({ type: "thinking_delta", thinking: part });
  }

  toolCall(id: string, name: string, argumentsJson: string): void {
    this.#close();
    this.#block("tool_use", { type: "tool_use", id, name, input: {} });
    const middle = Math.floor(argumentsJson.length / 2);
    for (const partial_json of ["", argumentsJson.slice(0, middle), argumentsJson.slice(middle)])
      this.#delta({ type: "input_json_delta", partial_json });
    this.#close();
  }

  raw(chunk: string): void {
    this.#stream.raw(chunk);
  }

  end(reason: "stop" | "tool_calls" | "length" | "refusal" = "stop"): void {
    this.#start();
    this.#close();
    this.#send("message_delta", {
      delta: { stop_reason: STOP_REASONS[reason], stop_sequence: null },
      usage: { output_tokens: 6 },
    });
    this.#send("message_stop", {});
    this.#stream.end();
  }

  cut(): void {
    this.#stream.cut();
  }

  #block(kind: "text" | "thinking" | "tool_use", content_block: object): void {
    if (this.#open === kind && kind !== "tool_use") return;
    this.#start();
    this.#close();
    this.#open = kind;
    this.#index++;
    this.#send("content_block_start", { index: this.#index, content_block });
  }

  #delta(delta: object): void {
    this.#send("content_block_delta", { index: this.#index, delta });
  }

  #close(): void {
    if (this.#open === undefined) return;
    if (this.#open === "thinking") this.#delta({ type: "signature_delta", signature: "signed-by-the-fake" });
    this.#open = undefined;
    this.#send("content_block_stop", { index: this.#index });
  }

  #start(): void {
    if (this.#stream.isOpen) return;
    // The cached tokens stand beside the others here, not among them.
    const usage = { input_tokens: 6, cache_read_input_tokens: 4, cache_creation_input_tokens: 0, output_tokens: 1 };
    const message = { id: "msg_1", type: "message", role: "assistant", model: "fake-1", content: [], usage };
    this.#send("message_start", { message: { ...message, stop_reason: null, stop_sequence: null } });
    this.#send("ping", {});
  }

  #send(type: string, event: object): void {
    this.#stream.send({ type, ...event }, type);
  }
}

const STOP_REASONS = { stop: "end_turn", tool_calls: "tool_use", length: "max_tokens", refusal: "refusal" };
