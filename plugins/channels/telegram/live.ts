import type { Client } from "./client.ts";
import { OwnMessages } from "./own-messages.ts";

/** What is known of an account while it runs. */
export interface Live {
  readonly client: Client;
  readonly bot: { readonly id: number; readonly username: string; readonly canReadAll: boolean };
  readonly own: OwnMessages;
  /** When it was last connected; epoch milliseconds. */
  connectedAt: number;
}

export function createLive(client: Client, bot: Live["bot"]): Live {
  return { client, bot, own: new OwnMessages(), connectedAt: Date.now() };
}
