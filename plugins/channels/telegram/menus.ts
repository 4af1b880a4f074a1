import { Messaging } from "openclaw/plugin-sdk";
import type { ChannelAccount, PluginGateway } from "openclaw/plugin-sdk";
import { keysOf } from "./account.ts";
import type { Client } from "./client.ts";
import { failureOf } from "./failure.ts";
import { menuOf } from "./menu.ts";

interface Shown {
  readonly account: ChannelAccount;
  readonly client: Client;
  readonly signal: AbortSignal;
  menu?: string;
}

/** The command menus of the accounts that run. A menu that cannot be set is a warning; the chat works without. */
export class Menus {
  readonly #gateway: PluginGateway;
  readonly #shown = new Map<string, Shown>();

  constructor(gateway: PluginGateway) {
    this.#gateway = gateway;
  }

  show(account: ChannelAccount, client: Client, signal: AbortSignal): void {
    const shown: Shown = { account, client, signal };
    this.#shown.set(account.accountId, shown);
    void this.#bring(shown);
  }

  forget(accountId: string): void {
    this.#shown.delete(accountId);
  }

  /** The configuration may say something else now. */
  refresh(): void {
    for (const shown of this.#shown.values()) void this.#bring(shown);
  }

  async #bring(shown: Shown): Promise<void> {
    const { client, signal, account } = shown;
    try {
      const commands = this.#entries(account);
      const menu = JSON.stringify(commands);
      if (menu === shown.menu) return;
      shown.menu = menu;
      // An empty list takes an earlier menu away.
      await client.call(
        (raw, until) =>
          commands.length > 0 ? raw.setMyCommands({ commands }, until) : raw.deleteMyCommands({}, until),
        signal,
      );
    } catch (error) {
      if (signal.aborted) return;
      const text = `the command menu could not be set: ${failureOf(error, signal).message}; the chat works without it`;
      this.#gateway.log.warn(text, { accountId: account.accountId });
    }
  }

  #entries(account: ChannelAccount) {
    const { commands, customCommands = [] } = keysOf(account);
    const native = commands?.native ?? this.#gateway.settings.get<boolean | string>("commands.native");
    if (native === false) return [];
    return menuOf(this.#gateway.use(Messaging).commands(), customCommands);
  }
}
