import type { SharedV4ProviderOptions } from "@ai-sdk/provider";
import type { ModelRequest } from "../services/models.ts";

/** What one provider needs of every request, beyond the common contract. */
export interface DialectOptions {
  /** Options of the provider's own, sent with the request. */
  readonly providerOptions?: (request: ModelRequest) => SharedV4ProviderOptions;
  /** Marks the end of what does not change from call to call, where the provider wants to be told. */
  readonly cacheMark?: SharedV4ProviderOptions;
  /** Ids of tool calls in the form that the provider accepts. The same id always gives the same answer. */
  readonly toolCallId?: (id: string) => string;
  /** The conversation must begin with something the user said. */
  readonly userFirst?: boolean;
  /** Results of tools are text only; images in them become a message of the user. */
  readonly textResults?: boolean;
  /** Top-level unions and the like in schemas of tools are refused. */
  readonly plainSchemas?: boolean;
}
