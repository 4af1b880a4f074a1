import { agentOfKey } from "openclaw/plugin-sdk";
import type { PluginGateway, Settings, Work } from "openclaw/plugin-sdk";
import type { AccountLife } from "./account-life.ts";
import { courtesy } from "./courtesy.ts";

const DEFAULT_EMOJI = "👀";

interface Identity {
  readonly emoji?: string;
}

/**
 * Shows that a message was taken up: a read receipt, and an emoji on it (channels.md §1.12). Never before the message is
 * durable and let in; never delays or fails anything.
 */
export class Acks {
  readonly #gateway: PluginGateway;
  readonly #live: (channel: string, accountId: string) => AccountLife | undefined;
  readonly #shown = new Map<string, () => void>();

  constructor(gateway: PluginGateway, live: (channel: string, accountId: string) => AccountLife | undefined) {
    this.#gateway = gateway;
    this.#live = live;
  }

  /** The message was let in. `wasAddressed`: in a group, somebody mentioned the bot. */
  taken({ id, envelope, sessionKey }: Work, wasAddressed: boolean): void {
    const { replyTo, messageId } = envelope;
    if (envelope.sessionKey !== undefined || !replyTo) return;
    const live = this.#live(replyTo.channel, replyTo.accountId);
    if (!live) return;
    const { definition, account } = live;
    const { log } = this.#gateway;
    if (account.config["sendReadReceipts"] !== false) {
      courtesy("a read receipt", log, () => definition.markRead?.(replyTo, messageId, account));
    }
    const written = account.config["ackReaction"];
    const isDirect = envelope.chatType === "direct";
    const own = isOwnRule(written) ? written : undefined;
    const emoji = own ? (own.emoji ?? "") : this.#emoji(written, sessionKey);
    const isInScope = own ? isInOwnScope(own, isDirect, wasAddressed) : this.#isInScope(isDirect, wasAddressed);
    if (!definition.react || emoji === "" || !isInScope) return;
    const put = (what: string) =>
      courtesy("a reaction", log, () => definition.react?.(replyTo, messageId, what, account));
    put(emoji);
    if (this.#gateway.settings.get("messages.removeAckAfterReply") === true) this.#shown.set(id, () => put(""));
  }

  /** Its answer is on its way. */
  answered(workId: string): void {
    this.#shown.get(workId)?.();
    this.#shown.delete(workId);
  }

  #emoji(ofChannel: unknown, sessionKey: string): string {
    const { settings } = this.#gateway;
    if (typeof ofChannel === "string") return ofChannel;
    const configured = settings.get<string>("messages.ackReaction");
    return typeof configured === "string" ? configured : (identityOf(settings, sessionKey).emoji ?? DEFAULT_EMOJI);
  }

  #isInScope(isDirect: boolean, wasAddressed: boolean): boolean {
    const scope = this.#gateway.settings.get<string>("messages.ackReactionScope") ?? "group-mentions";
    if (scope === "all") return true;
    if (scope === "direct") return isDirect;
    if (scope === "group-all") return !isDirect;
    return scope === "group-mentions" && !isDirect && wasAddressed;
  }
}

/** `ackReaction` of a channel that says itself where it is put (channels.md §1.12). */
interface OwnRule {
  readonly emoji?: string;
  readonly direct?: boolean;
  readonly group?: string;
}

function isOwnRule(written: unknown): written is OwnRule {
  return typeof written === "object" && written !== null;
}

function isInOwnScope(
  { direct = true, group = "mentions" }: OwnRule,
  isDirect: boolean,
  wasAddressed: boolean,
): boolean {
  if (isDirect) return direct;
  return group === "always" || (group === "mentions" && wasAddressed);
}

/** Who answers in a session, as the configuration describes it. */
export function identityOf(settings: Settings, sessionKey: string): Identity & { readonly name?: string } {
  const agentId = agentOfKey(sessionKey);
  const agents = settings.get<readonly { readonly id?: string; readonly identity?: Identity }[]>("agents.list");
  const agent = Array.isArray(agents) ? agents.find(({ id }) => id?.toLowerCase() === agentId) : undefined;
  return agent?.identity ?? {};
}
