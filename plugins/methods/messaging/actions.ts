import { ChannelError, errorText, GatewayError } from "openclaw/plugin-sdk";
import type { ChannelDef, PluginGateway, ReplyAddress, ReplyPayload } from "openclaw/plugin-sdk";
import type { Channels } from "./channels.ts";
import { compose, rendered } from "./compose.ts";
import type { Entries } from "./entries.ts";
import type { MessagingHooks } from "./intake.ts";

export interface ActionParts {
  readonly gateway: PluginGateway;
  readonly channels: Channels;
  readonly entries: Entries;
  readonly hooks: () => MessagingHooks;
}

export type Feature = "reactions" | "edit" | "delete";

/** Our messages that are looked through for the last one to somebody. */
const LOOKED_THROUGH = 500;

/**
 * What is done to a message that is there already. Asked for by somebody who wants to know whether it worked: it is done
 * at once or refused, and never tried again by itself.
 */
export class Actions {
  readonly #parts: ActionParts;

  constructor(parts: ActionParts) {
    this.#parts = parts;
  }

  /** An emoji; an empty one takes ours away. */
  async react(address: ReplyAddress, messageId: string, emoji: string): Promise<void> {
    const definition = await this.#able(address, "reactions");
    await this.#done("reaction", () => definition.react?.(address, messageId, emoji, this.#account(address)));
  }

  /** Another text for a message of ours, in the network's form. It must be one message. */
  async edit(address: ReplyAddress, messageId: string, text: string): Promise<void> {
    const definition = await this.#able(address, "edit");
    const account = this.#account(address);
    const { gateway, hooks } = this.#parts;
    const given: ReplyPayload = { text };
    const shaped = (await hooks().outbound.promise(given, address)) ?? given;
    const parts = { settings: gateway.settings, channel: address.channel, account, definition };
    const [payload, ...more] = compose(shaped, parts);
    if (!payload || payload.text === "") throw refused("a plugin called the change off; nothing was changed");
    if (more.length > 0) throw refused(`the text is longer than one message of ${nameOf(address, definition)}`);
    const whole = rendered(payload, definition, account);
    await this.#done("change", () => definition.edit?.(address, messageId, whole, account));
  }

  async remove(address: ReplyAddress, messageId: string): Promise<void> {
    const definition = await this.#able(address, "delete");
    await this.#done("removal", () => definition.remove?.(address, messageId, this.#account(address)));
  }

  /** The network's id of the last message of ours that arrived there. */
  async lastOf({ channel, accountId, to, threadId }: ReplyAddress): Promise<string> {
    const sent = await this.#parts.entries.inState("sent", LOOKED_THROUGH);
    const last = sent.find(
      ({ address, receipt }) =>
        receipt !== undefined &&
        receipt.messageId !== "" &&
        address.channel === channel &&
        address.accountId === accountId &&
        address.to === to &&
        (threadId === undefined || address.threadId === threadId),
    );
    if (last?.receipt) return last.receipt.messageId;
    throw refused(`no message of ours to ${to} is known on ${channel}; give messageId`);
  }

  #account({ channel, accountId }: ReplyAddress) {
    return this.#parts.channels.account(channel, accountId);
  }

  async #able(address: ReplyAddress, feature: Feature): Promise<ChannelDef> {
    const { channels } = this.#parts;
    const { channel, accountId } = address;
    const definition = channels.has(channel) ? await channels.get(channel) : undefined;
    const act = feature === "reactions" ? "react" : feature === "edit" ? "edit" : "remove";
    const can = definition?.capabilities;
    if (!definition?.[act] || (can && can[feature] !== true)) {
      throw refused(`${nameOf(address, definition)} does not support ${feature}`);
    }
    if (channels.ready(address)) return definition;
    throw new GatewayError("UNAVAILABLE", `${nameOf(address, definition)} account ${accountId} is not connected`, {
      retryable: true,
      details: { channel, accountId },
    });
  }

  async #done(what: string, act: () => Promise<void> | undefined): Promise<void> {
    try {
      await act();
    } catch (cause) {
      if (cause instanceof GatewayError) throw cause;
      const known = cause instanceof ChannelError ? cause : undefined;
      throw new GatewayError("UNAVAILABLE", `the ${what} was refused: ${known?.message ?? errorText(cause)}`, {
        cause,
        ...(known?.retryAfterMs !== undefined && { retryable: true, retryAfterMs: known.retryAfterMs }),
      });
    }
  }
}

function nameOf({ channel }: ReplyAddress, definition: ChannelDef | undefined): string {
  return definition?.label ?? channel;
}

function refused(message: string): GatewayError {
  return new GatewayError("INVALID_REQUEST", message);
}
