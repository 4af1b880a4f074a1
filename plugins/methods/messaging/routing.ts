import type { Conversation, Envelope, PluginGateway, SessionsApi } from "openclaw/plugin-sdk";
import { DEFAULT_ACCOUNT } from "./identity.ts";

interface Binding {
  readonly agentId?: string;
  readonly match?: {
    readonly channel?: string;
    readonly accountId?: string;
    readonly peer?: { readonly kind?: string; readonly id?: string | number };
    readonly guildId?: string;
    readonly teamId?: string;
  };
}

export interface Route {
  readonly agentId: string;
  readonly sessionKey: string;
}

/** Which agent and which session a message is for (channels.md §1.7). Made of the envelope and the configuration alone. */
export class Routing {
  readonly #gateway: PluginGateway;
  readonly #sessions: SessionsApi;
  readonly #warned = new Set<string>();

  constructor(gateway: PluginGateway, sessions: SessionsApi) {
    this.#gateway = gateway;
    this.#sessions = sessions;
  }

  /** Throws `INVALID_REQUEST` for a session key that cannot be one; ids of networks always make one. */
  route(envelope: Envelope): Route {
    if (envelope.sessionKey !== undefined) {
      const { canonical, agentId } = this.#sessions.parseKey(envelope.sessionKey);
      return { agentId, sessionKey: canonical };
    }
    const agentId = this.#agentFor(envelope);
    return { agentId, sessionKey: this.#sessions.deriveKey(conversationFor(envelope, agentId)).canonical };
  }

  #agentFor(envelope: Envelope): string {
    const fallback = this.#sessions.defaultAgentId();
    const bindings = this.#gateway.settings.get<readonly Binding[]>("bindings");
    if (!Array.isArray(bindings) || bindings.length === 0) return fallback;
    const ofChannel = (bindings as readonly Binding[]).filter(({ match }) => match?.channel === envelope.channel);
    const chosen = TIERS.map((tier) => ofChannel.find(({ match }) => tier(match ?? {}, envelope))).find(Boolean);
    if (!chosen) return fallback;
    const agentId = String(chosen.agentId ?? "").toLowerCase();
    if (this.#isAgent(agentId)) return agentId;
    this.#warnOnce(agentId);
    return fallback;
  }

  #isAgent(id: string): boolean {
    const agents = this.#gateway.settings.get<readonly { readonly id?: string }[]>("agents.list");
    return (
      id === this.#sessions.defaultAgentId() ||
      (Array.isArray(agents) && agents.some((one) => one.id?.toLowerCase() === id))
    );
  }

  #warnOnce(agentId: string): void {
    if (this.#warned.has(agentId)) return;
    this.#warned.add(agentId);
    this.#gateway.log.warn(`a binding names the unknown agent "${agentId}"; its messages go to the default agent`);
  }
}

type Match = NonNullable<Binding["match"]>;

/** The first tier that a binding matches decides; inside a tier the first binding. */
const TIERS: readonly ((match: Match, envelope: Envelope) => boolean)[] = [
  (match, envelope) => matchesAccount(match, envelope) && isPeer(match, envelope, peerIdOf(envelope)),
  (match, envelope) => matchesAccount(match, envelope) && isPeer(match, envelope, envelope.parentChatId),
  (match, envelope) =>
    !match.peer && match.guildId !== undefined && match.guildId === envelope.guildId && matchesAccount(match, envelope),
  (match, envelope) =>
    !match.peer && match.teamId !== undefined && match.teamId === envelope.teamId && matchesAccount(match, envelope),
  (match, envelope) => isPlain(match) && match.accountId !== "*" && matchesAccount(match, envelope),
  (match) => isPlain(match) && match.accountId === "*",
];

function matchesAccount({ accountId = DEFAULT_ACCOUNT }: Match, envelope: Envelope): boolean {
  return accountId === "*" || accountId === (envelope.accountId ?? DEFAULT_ACCOUNT);
}

function isPlain({ peer, guildId, teamId }: Match): boolean {
  return peer === undefined && guildId === undefined && teamId === undefined;
}

function isPeer({ peer }: Match, { chatType }: Envelope, id: string | undefined): boolean {
  if (!peer || id === undefined || peer.id === undefined) return false;
  const kind = peer.kind === "dm" ? "direct" : peer.kind;
  return (kind === undefined || kind === chatType) && String(peer.id).toLowerCase() === id.toLowerCase();
}

function peerIdOf({ chatType, sender, chatId }: Envelope): string {
  return chatType === "direct" ? sender.id : chatId;
}

/** A thread belongs to the chat that owns it; a person is who wrote, not where. */
function conversationFor(envelope: Envelope, agentId: string): Conversation {
  const { channel, accountId = DEFAULT_ACCOUNT, chatType, chatId, parentChatId, sender } = envelope;
  const threadId = envelope.threadId ?? (parentChatId === undefined ? undefined : chatId);
  const thread = threadId === undefined ? {} : { threadId };
  if (chatType === "direct") return { agentId, channel, accountId, chatType, chatId: sender.id, ...thread };
  // What is no type of chat is refused later; until then it needs a place to be recorded in.
  const kind = chatType === "group" ? "group" : "channel";
  return { agentId, channel, accountId, chatType: kind, chatId: parentChatId ?? chatId, ...thread };
}
