import type { ChannelAccount, ChannelDef, PluginGateway, Work } from "openclaw/plugin-sdk";
import { courtesy } from "./courtesy.ts";

const DEFAULT_SECONDS = 6;

interface Live {
  readonly definition: ChannelDef;
  readonly account: ChannelAccount;
}

/** Shows that an answer is being written, as long as a turn works on it. Never delays or fails one. */
export class Typing {
  readonly #gateway: PluginGateway;
  readonly #live: (channel: string, accountId: string) => Live | undefined;

  constructor(gateway: PluginGateway, live: (channel: string, accountId: string) => Live | undefined) {
    this.#gateway = gateway;
    this.#live = live;
  }

  /** Returns the stop. */
  start({ envelope }: Work): () => void {
    const { replyTo, sessionKey } = envelope;
    if (!replyTo || sessionKey !== undefined) return () => undefined;
    const { settings, log } = this.#gateway;
    if (settings.get<string>("agents.defaults.typingMode") === "never") return () => undefined;
    const show = () => {
      const live = this.#live(replyTo.channel, replyTo.accountId);
      courtesy("typing", log, () => live?.definition.typing?.(replyTo, live.account));
    };
    show();
    const seconds = settings.get<number>("agents.defaults.typingIntervalSeconds") ?? DEFAULT_SECONDS;
    const timer = setInterval(show, Math.max(1, seconds) * 1_000);
    return () => clearInterval(timer);
  }
}
