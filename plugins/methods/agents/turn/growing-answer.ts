import { readReply, visibleSoFar, visibleText } from "openclaw/plugin-sdk";
import type { AssistantMessage, ContentBlock, ModelPart, ProviderMetadata } from "openclaw/plugin-sdk";
import type { BlockStream } from "../block/stream.ts";
import type { Run } from "../runs.ts";

type ToolCallPart = Extract<ModelPart, { type: "tool-call" }>;

/** An answer while it is written: what clients are told of it, and the blocks that the transcript keeps. */
export class GrowingAnswer {
  readonly #run: Run;
  readonly #tellsReasoning: boolean;
  readonly #blocks: BlockStream | undefined;
  readonly #content: ContentBlock[] = [];
  #text = "";
  #thinking = "";
  #told = "";
  #allThinking = "";
  /** Calls whose arguments cannot be read, with what is told instead of a result. */
  readonly problems: Map<string, string> = new Map();
  finish: Extract<ModelPart, { type: "finish" }> | undefined;

  constructor(run: Run, tellsReasoning: boolean, blocks?: BlockStream) {
    this.#blocks = blocks;
    this.#run = run;
    this.#tellsReasoning = tellsReasoning;
    run.text = "";
  }

  /** Somebody outside has seen a part of its text: it cannot be asked for once more. */
  get isShown(): boolean {
    return this.#told !== "";
  }

  take(part: ModelPart): void {
    switch (part.type) {
      case "text-delta":
        this.#endThinking();
        this.#text += part.text;
        return this.#tell(visibleSoFar(this.#whole()));
      case "text-end":
        this.#blocks?.endText();
        return this.#endText(part.metadata);
      case "reasoning-delta":
        this.#endText();
        this.#thinking += part.text;
        this.#allThinking += part.text;
        if (this.#tellsReasoning) this.#run.emit("reasoning", { text: this.#allThinking, delta: part.text });
        return;
      case "reasoning-end":
        return this.#endThinking(part.metadata);
      case "tool-call":
        this.#blocks?.endText();
        return this.#call(part);
      case "finish":
        this.#close();
        this.finish = part;
        // What was held back because it could have become silence.
        this.#tell(visibleText(this.#whole()));
        return this.#blocks?.endMessage();
    }
  }

  /** The blocks of a whole answer. */
  blocks(): readonly ContentBlock[] {
    this.#close();
    return this.#content;
  }

  /** What is kept of an answer that was cut off: its calls were never made. */
  remains(): readonly ContentBlock[] {
    this.#close();
    return this.#content.filter(({ type }) => type !== "toolCall");
  }

  #call({ id, name, arguments: given, metadata, problem }: ToolCallPart): void {
    this.#close();
    if (problem !== undefined) this.problems.set(id, problem);
    this.#content.push({
      type: "toolCall",
      id,
      name,
      arguments: given,
      kind: "tool_use",
      ...(metadata && { providerMetadata: metadata }),
    });
  }

  #whole(): string {
    const before = textOf(this.#content);
    if (this.#text === "") return before;
    return before === "" ? this.#text : `${before}\n\n${this.#text}`;
  }

  #tell(text: string): void {
    if (text === this.#told || text === "") return;
    const delta = text.startsWith(this.#told) ? text.slice(this.#told.length) : text;
    this.#told = text;
    this.#run.text = text;
    this.#run.emit("assistant", { text, delta });
    this.#blocks?.take(text, this.#blocks.hasSent ? undefined : readReply(this.#whole()).quote);
  }

  #close(): void {
    this.#endThinking();
    this.#endText();
  }

  #endText(providerMetadata?: ProviderMetadata): void {
    if (this.#text !== "")
      this.#content.push({ type: "text", text: this.#text, ...(providerMetadata && { providerMetadata }) });
    this.#text = "";
  }

  #endThinking(providerMetadata?: ProviderMetadata): void {
    // A block without text can still be what the provider wants to see again.
    if (this.#thinking !== "" || providerMetadata) {
      const signature = Object.values(providerMetadata ?? {}).find(({ signature: one }) => typeof one === "string");
      this.#content.push({
        type: "thinking",
        thinking: this.#thinking,
        ...(signature && { thinkingSignature: signature["signature"] as string }),
        ...(providerMetadata && { providerMetadata }),
      });
    }
    this.#thinking = "";
  }
}

/** The text of an answer, its blocks as paragraphs. */
export function textOf(content: AssistantMessage["content"]): string {
  return content.flatMap((block) => (block.type === "text" ? [block.text] : [])).join("\n\n");
}
