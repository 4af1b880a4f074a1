import { createHash } from "node:crypto";
import type { Envelope, PluginGateway, SessionsApi } from "openclaw/plugin-sdk";
import { DEFAULT_ACCOUNT } from "./identity.ts";

/** Channel whose threads are topics, in keys. */
const TOPIC_CHANNEL = "telegram";
/** Ids longer than this are told apart by their hash: a key has a bound. */
const MAX_ID = 300;

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
    return { agentId, sessionKey: this.#sessions.parseKey(this.#keyFor(envelope, agentId)).canonical };
  }

  #keyFor(envelope: Envelope, agentId: string): string {
    const { channel, chatType } = envelope;
    if (chatType !== "direct") {
      const chat = envelope.parentChatId ?? envelope.chatId;
      const thread = envelope.threadId ?? (envelope.parentChatId === undefined ? undefined : envelope.chatId);
      const marker = channel === TOPIC_CHANNEL ? "topic" : "thread";
      const end = thread === undefined ? "" : `:${marker}:${safe(thread)}`;
      return `agent:${agentId}:${channel}:${chatType === "group" ? "group" : "channel"}:${safe(chat)}${end}`;
    }
    const scope = this.#gateway.settings.get<string>("session.dmScope") ?? "main";
    if (scope === "main") return this.#sessions.mainKey(agentId);
    const peer = safe(this.#linked(envelope) ?? envelope.sender.id);
    const account = safe(envelope.accountId ?? DEFAULT_ACCOUNT);
    if (scope === "per-peer") return `agent:${agentId}:direct:${peer}`;
    if (scope === "per-account-channel-peer") return `agent:${agentId}:${channel}:${account}:direct:${peer}`;
    return `agent:${agentId}:${channel}:direct:${peer}`;
  }

  /** The name under which `session.identityLinks` joins one person's ids. Decides on the session only, never on access. */
  #linked({ channel, sender }: Envelope): string | undefined {
    const links = this.#gateway.settings.get<Record<string, readonly string[]>>("session.identityLinks") ?? {};
    const ids = new Set([sender.id, `${channel}:${sender.id}`].map((id) => id.toLowerCase()));
    const found = Object.entries(links).find(
      ([, linked]) => Array.isArray(linked) && linked.some((id) => ids.has(String(id).toLowerCase())),
    );
    return found?.[0];
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

/** An id as part of a key: what keys forbid is written as `%xx`, so that different ids stay different. */
function safe(id: string): string {
  const part = id.replaceAll(/[%/\\\p{Cc}]/gu, (character) => encodeURIComponent(character).toLowerCase());
  if (part.length <= MAX_ID && part.isWellFormed()) return part;
  return createHash("sha256").update(id).digest("hex");
}
