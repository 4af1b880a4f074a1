import { createHash } from "node:crypto";
import type { ListedCommand, Logger } from "openclaw/plugin-sdk";
import { failureOf } from "./failure.ts";
import type { Session } from "./session.ts";

/** What Discord takes: so many commands, so long a description. */
const MAX_COMMANDS = 100;
const DESCRIPTION_CHARS = 100;
const NAME = /^[-_a-z0-9]{1,32}$/;

/** The commands in the form of Discord's menu. Each takes what stands behind it as one text. */
export function menuOf(commands: readonly ListedCommand[]): object[] {
  return commands
    .filter(({ name }) => NAME.test(name))
    .slice(0, MAX_COMMANDS)
    .map(({ name, description, acceptsArgs }) => ({
      name,
      type: 1,
      description: (description === "" ? name : description).slice(0, DESCRIPTION_CHARS),
      // In servers where it is a member, and in direct messages with it.
      integration_types: [0],
      contexts: [0, 1],
      options: acceptsArgs ? [{ type: 3, name: "text", description: "what follows the command", required: false }] : [],
    }));
}

/** Keeps the menu of one bot as the commands are: written when it changes, emptied when it is switched off. */
export class Menu {
  readonly #session: Session;
  readonly #log: Logger;
  #written: string | undefined;
  #work: Promise<void> = Promise.resolve();

  constructor(session: Session, log: Logger) {
    this.#session = session;
    this.#log = log;
  }

  /** Never rejects; what could not be written is written with the next change, or greeting. */
  show(commands: readonly ListedCommand[], isOn: boolean): Promise<void> {
    const menu = isOn ? menuOf(commands) : [];
    const print = createHash("sha256").update(JSON.stringify(menu)).digest("hex");
    this.#work = this.#work.then(() => (print === this.#written ? undefined : this.#write(menu, print)));
    return this.#work;
  }

  async #write(menu: readonly object[], print: string): Promise<void> {
    const { api, bot } = this.#session;
    try {
      await api.request("PUT", `/applications/${bot.applicationId}/commands`, { body: menu });
      this.#written = print;
    } catch (error) {
      this.#log.warn(`discord: the menu of commands could not be written: ${failureOf(error).text}`);
    }
  }
}
