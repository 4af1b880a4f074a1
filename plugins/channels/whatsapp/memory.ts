import type { WAMessage, WAMessageKey } from "@whiskeysockets/baileys";
import { Groups } from "./groups.ts";
import { Recent } from "./recent.ts";

/** What an account remembers between its connections and its starts. Bounded, and gone with the process. */
export class AccountMemory {
  readonly groups = new Groups();
  /** Messages that came, by chat and id: to be reacted to and marked as read. */
  readonly received = new Recent<WAMessageKey>(2_000);
  /** Messages we sent, for peers that ask for one again. Their ids tell our own echoes. */
  readonly sent = new Recent<{ readonly content?: WAMessage["message"] | undefined }>(2_000);
  /** Connections that failed in a row. */
  failures = 0;
  /** The network said that the credentials are void. */
  isLoggedOut = false;
}
