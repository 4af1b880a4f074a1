import { errorText } from "openclaw/plugin-sdk";
import type { DeliveryOutcome, Logger, MessagingApi, OutboxEntry } from "openclaw/plugin-sdk";
import type { RawFile } from "discord.js";
import { failureOf, GarbledAnswer, outcomeOf } from "./failure.ts";
import { askedBy, interactionEnvelope } from "./interaction-parse.ts";
import type { Interaction } from "./interaction-parse.ts";
import type { Here, Self } from "./parse.ts";
import { messageBody } from "./render.ts";
import type { Session } from "./session.ts";

/** Only the person who asked sees it. */
const EPHEMERAL = 1 << 6;
/** Discord takes answers for a quarter of an hour. */
const OPEN_MS = 14 * 60_000;
const MAX_OPEN = 200;
const REFUSED_TEXT = "You are not authorised to use this here.";

/** Kinds of answers to an interaction: "is thinking", and none that anybody sees. */
const DEFERRED = 5;
const SEEN = 6;

interface Open {
  readonly token: string;
  readonly until: number;
  /** Discord knows that an answer will come. */
  readonly deferred: Promise<boolean>;
  /** The entry that took the place of "is thinking". */
  first: string | undefined;
}

export interface InteractionParts {
  readonly session: Session;
  readonly messaging: MessagingApi;
  readonly log: Logger;
  readonly signal: AbortSignal;
  readonly here: (channelId: string, guildId: string | undefined, isGroup: boolean) => Promise<Here>;
  readonly self: () => Self;
  /** A message came in. */
  readonly heard: () => void;
}

/**
 * Commands of the menu and presses of buttons. They come in as messages do; a command is answered where it was asked, for
 * the asker's eyes only, as long as Discord takes that answer.
 */
export class Interactions {
  readonly #parts: InteractionParts;
  readonly #open = new Map<string, Open>();
  /** Entries of which nobody knows whether the asker has seen them. */
  readonly #doubtful = new Set<string>();

  constructor(parts: InteractionParts) {
    this.#parts = parts;
  }

  /** Resolves once it is durable and Discord has been told that it was seen. */
  async take(interaction: Interaction): Promise<void> {
    const asked = askedBy(interaction);
    const { id, token, channel_id: channelId, guild_id: guildId } = interaction;
    if (!asked || channelId === undefined) return;
    const { session, messaging, here, self, heard } = this.#parts;
    const place = await here(channelId, guildId, interaction.channel?.type === 3);
    const inbound = interactionEnvelope(interaction, asked, place, self());
    if (!inbound) return;
    const { promise: deferred, resolve } = Promise.withResolvers<boolean>();
    if (asked.kind === "command") this.#keep(id, { token, until: Date.now() + OPEN_MS, deferred, first: undefined });
    try {
      const { work, duplicate } = await messaging.accept({
        ...inbound,
        channel: "discord",
        accountId: session.account.accountId,
      });
      heard();
      resolve(!duplicate && (await this.#seen(interaction, asked.kind)));
      if (!duplicate && asked.kind === "command") void this.#afterwards(id, work.id);
    } finally {
      resolve(false);
    }
  }

  /** The answer to a command of the menu, or nothing when it is none or it is too late for one. */
  async answer(
    entry: OutboxEntry,
    files: () => Promise<RawFile[]>,
    signal: AbortSignal | undefined,
  ): Promise<DeliveryOutcome | undefined> {
    const found = await this.#of(entry.workId);
    if (!found || !(await found.open.deferred)) return undefined;
    const { open, id } = found;
    const { api, bot } = this.#parts.session;
    const uploads = await files();
    const { nonce: _nonce, enforce_nonce: _enforced, message_reference: _reference, ...body } = messageBody(entry);
    const isFirst = open.first === undefined || open.first === entry.id;
    const path = `/webhooks/${bot.applicationId}/${open.token}` as const;
    try {
      open.first ??= entry.id;
      const answered = isFirst
        ? await api.object("PATCH", `${path}/messages/@original`, { body, files: uploads, signal, auth: false })
        : await api.object("POST", path, { body: { ...body, flags: EPHEMERAL }, files: uploads, signal, auth: false });
      const messageId = answered["id"];
      if (typeof messageId !== "string") throw new GarbledAnswer();
      return { outcome: "sent", messageId, chatId: String(answered["channel_id"] ?? "") };
    } catch (error) {
      const failure = failureOf(error);
      // Too late, or taken back: it is said in the channel instead.
      if (failure.kind === "refused" && failure.status === 404) {
        this.#open.delete(id);
        return undefined;
      }
      const outcome = outcomeOf(failure);
      if (outcome.outcome !== "unknown") return outcome;
      // Filling in the first answer once more changes nothing.
      if (isFirst) return { outcome: "not_sent", retryable: true, reason: outcome.reason };
      if (this.#doubtful.size >= MAX_OPEN) this.#doubtful.clear();
      this.#doubtful.add(entry.id);
      return outcome;
    }
  }

  /** Nobody can look up what only the asker sees. */
  isDoubtful(entryId: string): boolean {
    return this.#doubtful.has(entryId);
  }

  async #of(workId: string | undefined): Promise<{ readonly id: string; readonly open: Open } | undefined> {
    if (workId === undefined || this.#open.size === 0) return undefined;
    const id = (await this.#parts.messaging.get(workId))?.envelope.messageId;
    const open = id === undefined ? undefined : this.#open.get(id);
    if (!open || id === undefined) return undefined;
    if (Date.now() <= open.until) return { id, open };
    this.#open.delete(id);
    return undefined;
  }

  #keep(id: string, open: Open): void {
    this.#open.set(id, open);
    const [oldest] = this.#open.keys();
    if (this.#open.size > MAX_OPEN && oldest !== undefined) this.#open.delete(oldest);
  }

  async #seen({ id, token }: Interaction, kind: "command" | "button"): Promise<boolean> {
    const { session, log } = this.#parts;
    const body = kind === "command" ? { type: DEFERRED, data: { flags: EPHEMERAL } } : { type: SEEN };
    try {
      await session.api.request("POST", `/interactions/${id}/${token}/callback`, { body, auth: false, limitMs: 5_000 });
      return true;
    } catch (error) {
      log.debug(`discord: an interaction was answered too late: ${failureOf(error).text}`);
      return false;
    }
  }

  /** Nothing may be left that says "is thinking": who is refused is told, and silence takes it away. */
  async #afterwards(id: string, workId: string): Promise<void> {
    const { session, messaging, signal, log } = this.#parts;
    try {
      const { state } = await messaging.ended(workId, AbortSignal.any([signal, AbortSignal.timeout(OPEN_MS)]));
      const open = this.#open.get(id);
      if (!open || !(await open.deferred) || (await messaging.deliveries(workId)).length > 0) return;
      const path = `/webhooks/${session.bot.applicationId}/${open.token}/messages/@original` as const;
      if (state === "refused")
        await session.api.request("PATCH", path, { body: { content: REFUSED_TEXT }, auth: false });
      else await session.api.request("DELETE", path, { auth: false });
    } catch (error) {
      if (!signal.aborted) log.debug(`discord: a command could not be closed: ${errorText(error)}`);
    }
  }
}
