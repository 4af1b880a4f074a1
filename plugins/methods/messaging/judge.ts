import { hasScope } from "openclaw/plugin-sdk";
import type {
  ChannelAccount,
  ChannelDef,
  Envelope,
  PluginGateway,
  SessionsApi,
  TurnPlace,
  Work,
} from "openclaw/plugin-sdk";
import { accessOf } from "./access.ts";
import type { Refusal } from "./access.ts";
import type { Network } from "./allow-list.ts";
import { BotLoop } from "./bot-loop.ts";
import { isStopWord, parseCommand, wakeCommand } from "./command.ts";
import type { ParsedCommand } from "./command.ts";
import type { Flood } from "./flood.ts";
import type { MessagingHooks } from "./intake.ts";
import { channelKeys } from "./keys.ts";
import type { Entries } from "./keys.ts";
import type { Mentions } from "./mention.ts";
import { pairingReply } from "./pairing.ts";
import type { Place } from "./place.ts";
import type { PairingStore } from "./pairing-store.ts";
import type { Routing } from "./routing.ts";
import { readShortcuts } from "./shortcuts.ts";
import type { Shortcuts } from "./shortcuts.ts";
import { oneLine } from "./untrusted.ts";

export type Verdict =
  | {
      readonly refuse: Refusal | string;
      /** What the sender is told. */
      readonly say?: string;
      /** It becomes part of what the next turn in this group is told. */
      readonly remember?: { readonly most?: number | undefined };
    }
  /** Nothing to answer: a line that the agent is told with its next turn. */
  | { readonly note: string }
  | {
      readonly command?: ParsedCommand;
      /** Commands inside of the message, which are answered beside it. */
      readonly shortcuts?: Shortcuts;
      readonly isOwner: boolean;
      readonly mayCommand: boolean;
      /** What the place says of the turn. */
      readonly place?: TurnPlace;
      /** In a place where that is needed, somebody mentioned the bot. */
      readonly wasAddressed?: boolean;
    };

export interface JudgeParts {
  readonly gateway: PluginGateway;
  readonly sessions: SessionsApi;
  readonly pairing: PairingStore;
  readonly flood: Flood;
  readonly mentions: Mentions;
  readonly routing: Routing;
  readonly hooks: () => MessagingHooks;
  readonly channel: (id: string) => Promise<ChannelDef | undefined>;
  readonly account: (channel: string, accountId: string) => ChannelAccount;
}

/** Decides on every message, in one place and in one order: access, command, mention, then what other plugins say. */
export class Judge {
  readonly #parts: JudgeParts;
  readonly #bots = new BotLoop();

  constructor(parts: JudgeParts) {
    this.#parts = parts;
  }

  async verdict(work: Work): Promise<Verdict> {
    const verdict = work.envelope.sessionKey === undefined ? await this.#ofNetwork(work) : await this.#ofCaller(work);
    if ("refuse" in verdict) return verdict;
    const refusal = await this.#parts.hooks().admit.promise(work);
    return refusal ? { refuse: refusal.refuse } : verdict;
  }

  /** A caller that names the session has decided who may write there, and says whether the sender is one of the owners. */
  async #ofCaller({ envelope }: Work): Promise<Verdict> {
    const { command: table } = this.#parts.hooks();
    await wakeCommand(envelope.text, table);
    const command = parseCommand(envelope.text, table);
    const { commandAuthorized, scopes } = envelope.options ?? {};
    const isOwner = commandAuthorized !== false && (scopes === undefined || hasScope(envelope, "operator.admin"));
    const mayCommand = commandAuthorized !== false && (scopes === undefined || hasScope(envelope, "operator.write"));
    if (!command) return { isOwner, mayCommand };
    if (isOwner || !table.offers.get(command.name)?.options.ownerOnly) return { isOwner, mayCommand, command };
    return { refuse: "command-unauthorized" };
  }

  async #ofNetwork(work: Work): Promise<Verdict> {
    const { envelope, sessionKey } = work;
    const { gateway, pairing, flood, hooks } = this.#parts;
    const { channel, accountId } = envelope;
    const definition = await this.#parts.channel(channel);
    const network: Network = { channel, people: definition?.people };
    const label = definition?.label ?? hooks().channel.offers.get(channel)?.options.label ?? channel;
    const keys = channelKeys(gateway.settings, channel, accountId);
    const asksApproval = envelope.chatType === "direct" && APPROVED.has(keys.dmPolicy);
    const access = accessOf(envelope, {
      network,
      keys,
      approved: asksApproval ? await pairing.approved({ channel, accountId }) : [],
      owners: gateway.settings.get<Entries>("commands.ownerAllowFrom") ?? [],
      useAccessGroups: gateway.settings.get<boolean>("commands.useAccessGroups") !== false,
    });
    const { kind = "message" } = envelope;
    if ("refuse" in access) {
      // Who has only put an emoji somewhere has not asked to be let in.
      const asks = access.refuse === "pairing-pending" && HEARD.has(kind);
      const say = asks ? await pairingReply(envelope, network, label, pairing) : undefined;
      return { refuse: access.refuse, ...(say !== undefined && { say }) };
    }
    if (NOTED.has(kind) && envelope.text.trim() !== "") return { note: oneLine(envelope.text) };
    if (!HEARD.has(kind)) return { refuse: "unsupported" };
    const command = await this.#command(envelope, definition);
    const { requireAuth, ownerOnly } = command ? (hooks().command.offers.get(command.name)?.options ?? {}) : {};
    const mayUse = ownerOnly ? access.isOwner : access.mayCommand || requireAuth === false;
    if (command && !mayUse) return { refuse: "command-unauthorized" };
    const isGated = access.place && (await this.#requiresMention(sessionKey, access.place.requireMention));
    const wasAddressed = isGated ? this.#addressed(envelope, definition) : undefined;
    if (!command && wasAddressed === false) {
      return { refuse: "no-mention", remember: { most: definition?.limits?.history } };
    }
    // What stops a turn must come through, however much is said.
    if (command?.name !== "stop" && !(flood.admits(work, access.isTrusted) && this.#admitsBot(envelope)))
      return { refuse: "flood" };
    const shortcuts =
      !command && access.mayCommand && WRITTEN.has(kind) && this.#readsCommands
        ? readShortcuts(envelope.text, hooks().command)
        : undefined;
    return {
      isOwner: access.isOwner,
      mayCommand: access.mayCommand,
      ...(access.place && { place: turnPlace(access.place) }),
      ...(isGated && { wasAddressed: wasAddressed === true || command !== undefined }),
      ...(command && { command }),
      ...(shortcuts && { shortcuts }),
    };
  }

  get #readsCommands(): boolean {
    return this.#parts.gateway.settings.get<boolean>("commands.text") !== false;
  }

  #admitsBot({ channel, accountId, sender }: Envelope): boolean {
    return sender.isBot !== true || this.#bots.admits(`${channel} ${accountId} ${sender.id}`);
  }

  #addressed(envelope: Envelope, definition: ChannelDef | undefined): boolean | undefined {
    const { agentId } = this.#parts.routing.route(envelope);
    return this.#parts.mentions.addressed(envelope, agentId, definition?.capabilities?.nativeMentions === true);
  }

  async #command(envelope: Envelope, definition: ChannelDef | undefined): Promise<ParsedCommand | undefined> {
    if (!this.#readsCommands && envelope.kind !== "command") return undefined;
    const { command: table } = this.#parts.hooks();
    const account = this.#parts.account(envelope.channel, envelope.accountId ?? "default");
    const text = definition?.stripMentions?.(envelope.text, account) ?? envelope.text;
    if (isStopWord(text) && table.offers.has("stop")) return { name: "stop", args: "" };
    await wakeCommand(text, table);
    return parseCommand(text, table);
  }

  /** `/activation` in a session stands before the configuration. */
  async #requiresMention(sessionKey: string, configured: boolean): Promise<boolean> {
    const activation = (await this.#parts.sessions.get(sessionKey))?.entry["groupActivation"];
    if (activation === "always") return false;
    return activation === "mention" || configured;
  }
}

function turnPlace({ systemPrompt, skills }: Place): TurnPlace {
  return { ...(systemPrompt !== undefined && { systemPrompt }), ...(skills && { skills }) };
}

/** Policies under which an approval by pairing lets somebody in. */
const APPROVED: ReadonlySet<string> = new Set(["pairing", "allowlist"]);
/** Kinds that the agent is told of with its next turn. */
const NOTED: ReadonlySet<string> = new Set(["reaction", "notice"]);
/** Kinds whose text somebody wrote by hand. */
const WRITTEN: ReadonlySet<string> = new Set(["message", "edit"]);
/** Kinds that can start a turn. Others are facts for plugins that observe `received`. */
const HEARD: ReadonlySet<string> = new Set(["message", "edit", "button", "command"]);
