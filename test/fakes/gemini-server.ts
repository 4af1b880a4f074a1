import type { EventStream, ModelReply } from "./model-server.ts";

/** Writes an answer of the Gemini API. Calls come whole there: the format has no fragments. */
export class GeminiReply implements ModelReply {
  readonly #stream: EventStream;

  constructor(stream: EventStream) {
    this.#stream = stream;
  }

  fail(status: number, message: string, headers: Record<string, string> = {}): void {
    this.#stream.refuse(status, { error: { code: status, message, status: "FAKE" } }, headers);
  }

  text(part: string): void {
    this.#parts({ text: part });
  }

  reasoning(part: string): void {
    this.#parts({ text: part, thought: true });
  }

  toolCall(_id: string, name: string, argumentsJson: string): void {
    this.#parts({ functionCall: { name, args: JSON.parse(argumentsJson) as object }, thoughtSignature: "signed-call" });
  }

  raw(chunk: string): void {
    this.#stream.raw(chunk);
  }

  end(reason: "stop" | "tool_calls" | "length" = "stop"): void {
    this.#stream.send({
      candidates: [
        {
          content: { role: "model", parts: [] },
          finishReason: reason === "length" ? "MAX_TOKENS" : "STOP",
          index: 0,
        },
      ],
      usageMetadata: {
        promptTokenCount: 10,
        cachedContentTokenCount: 4,
        candidatesTokenCount: 4,
        thoughtsTokenCount: 2,
        totalTokenCount: 16,
      },
    });
    this.#stream.end();
  }

  cut(): void {
    this.#stream.cut();
  }

  #parts(part: object): void {
    this.#stream.send({ candidates: [{ content: { role: "model", parts: [part] }, index: 0 }] });
  }
}
