import type { EventStream, ModelReply } from "./model-server.ts";

type Item = { readonly type: string; readonly id: string; readonly [field: string]: unknown };

/** Writes an answer of the OpenAI Responses API. */
export class ResponsesReply implements ModelReply {
  readonly #stream: EventStream;
  #items = 0;
  #open: { readonly item: Item; readonly done: () => Item } | undefined;

  constructor(stream: EventStream) {
    this.#stream = stream;
  }

  fail(status: number, message: string, headers: Record<string, string> = {}): void {
    this.#stream.refuse(status, { error: { message, type: "fake", param: null, code: null } }, headers);
  }

  text(part: string): void {
    const item = this.#item("message", (id) => ({ type: "message", id, role: "assistant", content: [] }));
    this.#send("response.output_text.delta", { item_id: item.id, content_index: 0, delta: part });
  }

  reasoning(part: string): void {
    const isNew = this.#open?.item.type !== "reasoning";
    const item = this.#item("reasoning", (id) => ({
      type: "reasoning",
      id,
      summary: [],
      encrypted_content: `sealed-${id}`,
    }));
    const place = { item_id: item.id, summary_index: 0 };
    if (isNew)
      this.#send("response.reasoning_summary_part.added", { ...place, part: { type: "summary_text", text: "" } });
    this.#send("response.reasoning_summary_text.delta", { ...place, delta: part });
  }

  toolCall(id: string, name: string, argumentsJson: string): void {
    this.#close();
    const call = { type: "function_call", call_id: id, name };
    const item = this.#item("function_call", (itemId) => ({ ...call, id: itemId, arguments: "" }), {
      arguments: argumentsJson,
      status: "completed",
    });
    const middle = Math.floor(argumentsJson.length / 2);
    for (const delta of [argumentsJson.slice(0, middle), argumentsJson.slice(middle)])
      this.#send("response.function_call_arguments.delta", { item_id: item.id, delta });
    this.#close();
  }

  raw(chunk: string): void {
    this.#stream.raw(chunk);
  }

  end(reason: "stop" | "tool_calls" | "length" = "stop"): void {
    this.#close();
    this.#start();
    const usage = {
      input_tokens: 10,
      input_tokens_details: { cached_tokens: 4 },
      output_tokens: 6,
      output_tokens_details: { reasoning_tokens: 2 },
    };
    const isCut = reason === "length";
    this.#send(isCut ? "response.incomplete" : "response.completed", {
      response: { ...HEAD, usage, incomplete_details: isCut ? { reason: "max_output_tokens" } : null },
    });
    this.#stream.end();
  }

  cut(): void {
    this.#stream.cut();
  }

  #item(type: string, make: (id: string) => Item, ending: object = {}): Item {
    if (this.#open?.item.type === type) return this.#open.item;
    this.#close();
    this.#start();
    const item = make(`${type}_${++this.#items}`);
    this.#open = { item, done: () => ({ ...item, ...ending }) };
    this.#send("response.output_item.added", { item });
    return item;
  }

  #close(): void {
    if (this.#open) this.#send("response.output_item.done", { item: this.#open.done() });
    this.#open = undefined;
  }

  #start(): void {
    if (!this.#stream.isOpen) this.#stream.send({ type: "response.created", response: HEAD }, "response.created");
  }

  #send(type: string, event: object): void {
    this.#stream.send({ type, output_index: Math.max(this.#items - 1, 0), ...event }, type);
  }
}

const HEAD = { id: "resp_1", object: "response", created_at: 1, model: "fake-1" };
