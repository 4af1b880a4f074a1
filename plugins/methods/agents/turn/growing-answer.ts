import { readReply, visibleSoFar, visibleText } from "openclaw/plugin-sdk";
import type { AssistantMessage, ContentBlock, ModelPart, ProviderMetadata } from "openclaw/plugin-sdk";
import type { BlockStream } from "../block/stream.ts";
import type { Run } from "../runs.ts";

/**
 * Clients get all of an answer each time. From so many characters on they are told of it at times and not with every part,
 * the longer it is the less often, so that it is no more in a second than a slow connection can take.
 */
const LONG_CHARS = 2_000;
const PAUSE_MS_PER_CHAR = 0.0025;

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
  #toldAt = Number.NEGATIVE_INFINITY;
  #allThinking = "";
  #thinkingTold = 0;
  #chars = 0;
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
        if (this.#isTime(part.text)) this.#tell(visibleSoFar(this.#whole()));
        return;
      case "text-end":
        this.#catchUp();
        this.#blocks?.endText();
        return this.#endText(part.metadata);
      case "reasoning-delta":
        if (this.#text !== "") this.#catchUp();
        this.#endText();
        this.#thinking += part.text;
        this.#allThinking += part.text;
        if (this.#tellsReasoning && this.#isTime(part.text)) this.#tellThinking();
        return;
      case "reasoning-end":
        this.#catchUp();
        return this.#endThinking(part.metadata);
      case "tool-call":
        this.#catchUp();
        this.#blocks?.endText();
        return this.#call(part);
      case "finish":
        this.#catchUp();
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
    this.#catchUp();
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

  #isTime({ length }: string): boolean {
    this.#chars += length;
    if (this.#chars <= LONG_CHARS) return true;
    const now = performance.now();
    if (now - this.#toldAt < this.#chars * PAUSE_MS_PER_CHAR) return false;
    this.#toldAt = now;
    return true;
  }

  /** Nothing is kept from clients when the answer goes on with something else. */
  #catchUp(): void {
    if (this.#chars <= LONG_CHARS) return;
    if (this.#text !== "") this.#tell(visibleSoFar(this.#whole()));
    if (this.#tellsReasoning && this.#thinkingTold < this.#allThinking.length) this.#tellThinking();
  }

  #tellThinking(): void {
    const delta = this.#allThinking.slice(this.#thinkingTold);
    this.#thinkingTold = this.#allThinking.length;
    this.#run.emit("reasoning", { text: this.#allThinking, delta });
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
