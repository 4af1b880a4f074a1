import type { ContentBlock, ModelPart, ProviderMetadata } from "openclaw/plugin-sdk";

type Finish = Extract<ModelPart, { type: "finish" }>;

/** Gathers the parts of one answer into the blocks that the transcript keeps. */
export class Answer {
  /** Everything said so far, the way people read it. */
  text = "";
  finish: Finish | undefined;
  #block = "";
  #thinking = "";
  readonly #blocks: ContentBlock[] = [];

  add(part: ModelPart): void {
    switch (part.type) {
      case "text-delta":
        this.#closeThinking(undefined);
        if (this.#block === "" && this.text !== "") this.text += "\n\n";
        this.#block += part.text;
        this.text += part.text;
        return;
      case "text-end":
        return this.#closeText(part.metadata);
      case "reasoning-delta":
        this.#closeText(undefined);
        this.#thinking += part.text;
        return;
      case "reasoning-end":
        return this.#closeThinking(part.metadata);
      case "tool-call": {
        this.#close();
        const { id, name, arguments: given, metadata } = part;
        this.#blocks.push({ type: "toolCall", id, name, arguments: given, kind: "tool_use", ...kept(metadata) });
        return;
      }
      case "finish":
        this.finish = part;
    }
  }

  content(): ContentBlock[] {
    this.#close();
    return this.#blocks;
  }

  #close(): void {
    this.#closeThinking(undefined);
    this.#closeText(undefined);
  }

  #closeText(metadata: ProviderMetadata | undefined): void {
    if (this.#block !== "") this.#blocks.push({ type: "text", text: this.#block, ...kept(metadata) });
    this.#block = "";
  }

  /** A block may have no text and still a signature that the next request needs. */
  #closeThinking(metadata: ProviderMetadata | undefined): void {
    if (this.#thinking !== "" || metadata)
      this.#blocks.push({ type: "thinking", thinking: this.#thinking, ...kept(metadata) });
    this.#thinking = "";
  }
}

function kept(metadata: ProviderMetadata | undefined): { readonly providerMetadata?: ProviderMetadata } {
  return metadata ? { providerMetadata: metadata } : {};
}
