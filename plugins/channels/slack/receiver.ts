import { setTimeout as delay } from "node:timers/promises";
import { ChannelError, errorText, GatewayError, Lanes } from "openclaw/plugin-sdk";
import type { Logger } from "openclaw/plugin-sdk";
import { keysOf, replyModeOf } from "./account.ts";
import { changedMessage, changeEnvelope } from "./change.ts";
import type { Cursor } from "./cursors.ts";
import { failureOf } from "./failure.ts";
import { heardIn } from "./heard.ts";
import type { Interactions } from "./interactions.ts";
import { Missed } from "./missed.ts";
import { isOwn, isWritten, messageEnvelope } from "./parse.ts";
import type { Here, Inbound, Reading } from "./parse.ts";
import { isTold, reactionEnvelope } from "./reaction.ts";
import type { Session } from "./session.ts";
import { ThreadStarters } from "./thread-starter.ts";
import type { WireChange, WireCommand, WireEvent, WireMessage, WirePress, WireReaction } from "./wire.ts";

/** Events that wait for the store. Slack keeps, and sends again, what is not taken in. */
const MAX_WAITING = 1_000;
/** Conversations that are looked through after nobody listened, those heard of last. */
const LOOKED_THROUGH = 50;
/** A mention is told twice. The one as a message says more, such as the files, and gets this start. */
const MENTION_MS = 400;

/** Conversations that are not there for the bot any more. */
const GONE: ReadonlySet<string> = new Set(["channel_not_found", "not_in_channel", "thread_not_found"]);

export interface ReceiverParts {
  readonly session: Session;
  readonly interactions: Interactions;
  readonly log: Logger;
  readonly signal: AbortSignal;
  readonly accept: (inbound: Inbound) => Promise<unknown>;
  readonly fail: (error: ChannelError) => void;
  /** A channel has another id. */
  readonly moved: (from: string, to: string) => Promise<void>;
}

/** What Slack sends, on its way in: in the order of its channel, and durable when that is said. */
export class Receiver {
  readonly #parts: ReceiverParts;
  readonly #lanes = new Lanes();
  readonly #missed: Missed;
  readonly #starters: ThreadStarters;

  constructor(parts: ReceiverParts) {
    this.#parts = parts;
    this.#missed = new Missed(parts.session.reads, parts.signal);
    this.#starters = new ThreadStarters(parts.session);
  }

  /** Resolves once it is durable, or is nothing to keep; rejects when Slack has to send it again. */
  async take(body: unknown): Promise<void> {
    if (typeof body !== "object" || body === null) return;
    const { interactions } = this.#parts;
    if ("command" in body)
      return this.#inLane((body as WireCommand).channel_id, () => interactions.command(body as WireCommand));
    const { type, event } = body as WireEvent;
    if (type === "block_actions") {
      const press = body as WirePress;
      return this.#inLane(press.channel?.id ?? press.container?.channel_id, () => interactions.press(press));
    }
    if (type !== "event_callback" || typeof event !== "object" || event === null) return;
    if (this.#isForUs(body as WireEvent)) await this.#event(event);
  }

  /** Slack greeted: what was said since the last durable message is asked for, before anything newer is taken. */
  greeted(): void {
    const told = new Set<string>();
    for (const cursor of this.#parts.session.cursors.recent(LOOKED_THROUGH)) {
      this.#inLane(cursor.channelId, () => this.#catchUp(cursor, told)).catch((error: unknown) => {
        if (error instanceof ChannelError) this.#parts.fail(error);
      });
    }
  }

  idle(): Promise<void> {
    return this.#lanes.idle();
  }

  /** What cannot be read is told once for each reason. */
  async #catchUp(cursor: Cursor, told: Set<string>): Promise<void> {
    const { session, signal, log } = this.#parts;
    try {
      for (const message of await this.#missed.since(cursor)) await this.#admit(message, true);
    } catch (error) {
      if (error instanceof ChannelError || signal.aborted) throw error;
      const failure = failureOf(error);
      if (failure.kind === "refused" && GONE.has(failure.error)) return session.cursors.forget(cursor);
      if (told.has(failure.text)) return;
      told.add(failure.text);
      log.warn(`slack: what was said in ${cursor.channelId} meanwhile cannot be read: ${failure.text}`);
    }
  }

  async #event(event: NonNullable<WireEvent["event"]>): Promise<void> {
    const { type } = event;
    const { session, fail } = this.#parts;
    if (type === "message") {
      const change = event as WireChange;
      if (change.subtype === "message_changed" || change.subtype === "message_deleted")
        return this.#inLane(event.channel, () => this.#changed(change));
      return this.#inLane(event.channel, () => this.#admit(event, false));
    }
    if (type === "app_mention") {
      await delay(MENTION_MS, undefined, { signal: this.#parts.signal });
      return this.#inLane(event.channel, () => this.#admit(event, false));
    }
    if (type === "reaction_added") {
      const reaction = event as WireReaction;
      return this.#inLane(reaction.item?.channel, () => this.#reacted(reaction));
    }
    if (type === "channel_rename" || type === "group_rename")
      session.places.forget(String((event as { readonly channel?: { readonly id?: string } }).channel?.id));
    if (type === "channel_id_changed") {
      const { old_channel_id: from, new_channel_id: to } = event as {
        old_channel_id?: unknown;
        new_channel_id?: unknown;
      };
      return this.#parts.moved(String(from), String(to));
    }
    if (type === "tokens_revoked" || type === "app_uninstalled")
      fail(
        new ChannelError("auth", `Slack has taken the tokens of the bot back (${type})`, {
          fix: "install the app again",
        }),
      );
  }

  /** An app may be in several workspaces; an account is in one. */
  #isForUs({ authorizations }: WireEvent): boolean {
    if (!Array.isArray(authorizations) || authorizations.length === 0) return true;
    const { teamId } = this.#parts.session.bot;
    return (authorizations as NonNullable<WireEvent["authorizations"]>).some(
      ({ team_id: id }) => id === undefined || id === null || id === teamId,
    );
  }

  async #admit(message: WireMessage, isBacklog: boolean): Promise<void> {
    const { session } = this.#parts;
    const { bot, cursors } = session;
    if (!isWritten(message)) return;
    const { channel = "", ts = "" } = message;
    const threadTs = message.thread_ts === ts ? undefined : message.thread_ts;
    if (isOwn(message, bot)) {
      // Heard of before whoever answers it is.
      if (threadTs !== undefined) cursors.spoke(channel, threadTs, ts);
      return;
    }
    const here = await heardIn(session, channel, message.channel_type);
    if (!here) return;
    const inbound = messageEnvelope(message, await this.#reading(message, here));
    if (here.chatType === "direct") session.learned(inbound.sender.id, channel);
    const whole = await this.#starters.of(inbound, here, threadTs);
    await this.#accept(isBacklog ? { ...whole, isBacklog } : whole);
    cursors.passed(channel, threadTs, ts);
  }

  async #changed(change: WireChange): Promise<void> {
    const message = changedMessage(change);
    if (!message || !isWritten(message) || isOwn(message, this.#parts.session.bot)) return;
    const here = await heardIn(this.#parts.session, message.channel ?? "", message.channel_type);
    if (!here) return;
    const reading = await this.#reading(message, here);
    const { mentions, quoted } = messageEnvelope(message, reading);
    // Of what the agent was not told it needs no news.
    if (here.chatType !== "direct" && !mentions?.bot && !quoted?.isBot) return;
    await this.#accept(changeEnvelope(change, message, reading));
  }

  async #reacted(reaction: WireReaction): Promise<void> {
    const { session } = this.#parts;
    if (!isTold(reaction, keysOf(session.account), session.bot)) return;
    const here = await heardIn(session, reaction.item?.channel ?? "", undefined);
    if (!here) return;
    const person = await session.places.person(reaction.user ?? "");
    await this.#accept(reactionEnvelope(reaction, here, session.bot, person));
  }

  async #reading(
    { user, channel = "", thread_ts: threadTs, parent_user_id: parent }: WireMessage,
    here: Here,
  ): Promise<Reading> {
    const { account, bot, cursors, places } = this.#parts.session;
    return {
      here,
      self: bot,
      person: user === undefined ? undefined : await places.person(user),
      mode: replyModeOf(account, here.chatType),
      threadsApart: keysOf(account).thread?.historyScope !== "channel",
      isOwnThread: parent === bot.userId || cursors.get(channel, threadTs)?.hasSpoken === true,
    };
  }

  /** Rejects when the message is not durable: it is not acknowledged then. */
  async #accept(inbound: Inbound): Promise<void> {
    try {
      await this.#parts.accept(inbound);
    } catch (error) {
      // Nothing that is sent again can become better.
      if (error instanceof GatewayError && error.code === "INVALID_REQUEST") {
        return this.#parts.log.warn(`slack: a message cannot be read: ${errorText(error)}`);
      }
      throw new ChannelError("transient", `a message could not be stored: ${errorText(error)}`);
    }
  }

  async #inLane(channelId: string | undefined, task: () => Promise<void>): Promise<void> {
    if (this.#lanes.size >= MAX_WAITING)
      throw new ChannelError("transient", `${MAX_WAITING} messages wait to be stored`);
    return this.#lanes.run(channelId ?? "", async () => {
      if (this.#parts.signal.aborted) throw new ChannelError("transient", "the account stops");
      await task();
    });
  }
}
