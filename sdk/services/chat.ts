import { defineService } from "../service.ts";

/** What the ids of runs begin with that clients are told nothing of as `chat`: nobody has asked, and mostly nothing is said. */
export const QUIET_RUN = "quiet:";

export interface InjectOptions {
  /** What the message was made from. A session takes one message of each source and shows it once. */
  readonly sourceId?: string;
}

export interface ChatApi {
  /** Append a message to a session as if the assistant had said it, and show it to clients. No model runs. */
  inject(
    sessionKey: string,
    text: string,
    origin: "gateway-injected" | "delivery-mirror",
    options?: InjectOptions,
  ): Promise<{ readonly messageId: string }>;
}

export const Chat = defineService<ChatApi>("chat");
