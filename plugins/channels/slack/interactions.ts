import { errorText } from "openclaw/plugin-sdk";
import type { DeliveryOutcome, Envelope, Logger, MessagingApi, OutboxEntry } from "openclaw/plugin-sdk";
import { apiRootOf, keysOf } from "./account.ts";
import { failureOf, outcomeOf } from "./failure.ts";
import { heardIn } from "./heard.ts";
import { typedText } from "./mrkdwn.ts";
import { placeFields } from "./parse.ts";
import type { Here, Inbound } from "./parse.ts";
import { BUTTON_PREFIX, contentOf } from "./render.ts";
import type { Session } from "./session.ts";
import type { WireCommand, WirePress } from "./wire.ts";

/** Slack takes answers for half an hour, and five of them. */
const OPEN_MS = 29 * 60_000;
const MAX_ANSWERS = 5;
const MAX_OPEN = 200;
const POST_MS = 15_000;
const REFUSED_TEXT = "You are not authorised to use this here.";

interface Open {
  readonly url: string;
  readonly until: number;
  answers: number;
}

export interface InteractionParts {
  readonly session: Session;
  readonly messaging: MessagingApi;
  readonly log: Logger;
  readonly signal: AbortSignal;
  /** Is `commands.native` on? Then each command of the gateway may be a command of the app. */
  readonly isNative: () => boolean;
  /** A message came in. */
  readonly heard: () => void;
}

/** Slash commands and presses of buttons. They come in as messages do; a command is answered where it was asked. */
export class Interactions {
  readonly #parts: InteractionParts;
  readonly #open = new Map<string, Open>();

  constructor(parts: InteractionParts) {
    this.#parts = parts;
  }

  /** Resolves once it is durable. */
  async command(asked: WireCommand): Promise<void> {
    const { session, log } = this.#parts;
    const { channel_id: channelId, user_id: userId, trigger_id: id, response_url: url } = asked;
    const text = this.#textOf(asked);
    if (text === undefined || channelId === undefined || userId === undefined || id === undefined) {
      return log.debug(`slack: the command ${asked.command ?? "?"} is none of ours`);
    }
    const here = await this.#here(channelId, asked.channel_name);
    if (!here) return;
    const person = await session.places.person(userId);
    // Of one that comes twice the first is answered.
    if (url !== undefined && this.#isSlacks(url) && !this.#open.has(id))
      this.#keep(id, { url, until: Date.now() + OPEN_MS, answers: 0 });
    const workId = await this.#accept({
      ...placeFields(here, userId, session.bot),
      kind: "command",
      messageId: id,
      text,
      sender: { id: userId, ...(asked.user_name !== undefined && { username: asked.user_name }), ...person },
      timestamp: Date.now(),
      mentions: { bot: true, any: true, canDetect: true },
    });
    if (workId !== undefined) void this.#afterwards(id, workId);
  }

  async press({ user, channel, container, message, trigger_id: id, actions = [] }: WirePress): Promise<void> {
    const { session } = this.#parts;
    const channelId = channel?.id ?? container?.channel_id;
    const [action] = actions;
    if (!action?.action_id?.startsWith(BUTTON_PREFIX) || action.value === undefined) return;
    if (user?.id === undefined || channelId === undefined || id === undefined) return;
    const here = await this.#here(channelId, channel?.name);
    if (!here) return;
    const person = await session.places.person(user.id);
    const threadTs = container?.thread_ts ?? message?.thread_ts;
    const messageTs = container?.message_ts ?? message?.ts;
    const isApart = keysOf(session.account).thread?.historyScope !== "channel";
    await this.#accept({
      ...placeFields(here, user.id, session.bot, { session: isApart ? threadTs : undefined, reply: threadTs }),
      kind: "button",
      messageId: id,
      text: action.value,
      sender: { id: user.id, ...person },
      timestamp: Date.now(),
      mentions: { bot: true, any: true, canDetect: true },
      ...(messageTs !== undefined && { quoted: { id: messageTs, isBot: true } }),
    });
  }

  /**
   * The answer to a slash command: where Slack takes one, else beside it for the asker's eyes. Nothing when it is none,
   * or is for everybody.
   */
  async answer(
    entry: OutboxEntry,
    asked: Envelope | undefined,
    signal: AbortSignal | undefined,
  ): Promise<DeliveryOutcome | undefined> {
    if (asked?.kind !== "command" || entry.media?.length) return undefined;
    const { session } = this.#parts;
    const isPrivate = keysOf(session.account).slashCommand?.ephemeral !== false;
    const content = contentOf(entry.payload);
    const open = this.#open.get(asked.messageId);
    if (open && Date.now() <= open.until && open.answers < MAX_ANSWERS) {
      open.answers++;
      const outcome = await this.#answered(
        open.url,
        { ...content, response_type: isPrivate ? "ephemeral" : "in_channel" },
        signal,
      );
      if (outcome) return outcome;
      open.answers = MAX_ANSWERS;
    }
    if (!isPrivate || asked.chatType === "direct") return undefined;
    try {
      await session.api.call(
        "chat.postEphemeral",
        { channel: asked.chatId, user: asked.sender.id, ...content },
        { signal },
      );
      return { outcome: "sent", messageId: "" };
    } catch (error) {
      const failure = failureOf(error);
      session.noted(asked.chatId, failure);
      return outcomeOf(failure);
    }
  }

  /** Nothing when Slack takes no answer any more. */
  async #answered(url: string, body: object, signal: AbortSignal | undefined): Promise<DeliveryOutcome | undefined> {
    try {
      const { ok, status } = await this.#post(url, body, signal);
      if (ok) return { outcome: "sent", messageId: "" };
      if (status < 500 && status !== 429) return undefined;
      return { outcome: "not_sent", retryable: true, reason: `Slack answered ${status} for the answer` };
    } catch (error) {
      return { outcome: "unknown", reason: `whether the answer arrived is not known: ${errorText(error)}` };
    }
  }

  /** What the agent or a command gets to read, or nothing for a command that is not set up. */
  #textOf({ command = "", text = "" }: WireCommand): string | undefined {
    const { session, messaging, isNative } = this.#parts;
    const { enabled = false, name = "openclaw" } = keysOf(session.account).slashCommand ?? {};
    const asked = command.replace(/^\//, "").toLowerCase();
    const said = typedText(text).trim();
    const commands = messaging.commands();
    const isCommand = (word: string) => commands.some((one) => one.name === word || one.aliases.includes(word));
    if (enabled && asked === name.replace(/^\//, "").toLowerCase()) {
      // A lone word that is a command is meant as one.
      if (isCommand(said.toLowerCase())) return `/${said.toLowerCase()}`;
      return said === "" ? "/help" : said;
    }
    return isNative() && isCommand(asked) ? `/${asked} ${said}`.trim() : undefined;
  }

  #here(channelId: string, name: string | undefined): Promise<Here | undefined> {
    const type = name === "directmessage" ? "im" : name?.startsWith("mpdm-") ? "mpim" : undefined;
    return heardIn(this.#parts.session, channelId, type);
  }

  async #accept(inbound: Inbound): Promise<string | undefined> {
    const { messaging, session, heard } = this.#parts;
    const { accountId } = session.account;
    const { work, duplicate } = await messaging.accept({ ...inbound, channel: "slack", accountId });
    heard();
    return duplicate ? undefined : work.id;
  }

  #keep(id: string, open: Open): void {
    this.#open.set(id, open);
    const [oldest] = this.#open.keys();
    if (this.#open.size > MAX_OPEN && oldest !== undefined) this.#open.delete(oldest);
  }

  /** Whoever is refused is told: a command that nobody answers looks broken. */
  async #afterwards(id: string, workId: string): Promise<void> {
    const { messaging, signal, log } = this.#parts;
    try {
      const { state } = await messaging.ended(workId, AbortSignal.any([signal, AbortSignal.timeout(OPEN_MS)]));
      const open = this.#open.get(id);
      if (!open || state !== "refused" || (await messaging.deliveries(workId)).length > 0) return;
      await this.#post(open.url, { text: REFUSED_TEXT, response_type: "ephemeral" }, signal);
    } catch (error) {
      if (!signal.aborted) log.debug(`slack: a command could not be closed: ${errorText(error)}`);
    }
  }

  async #post(url: string, body: object, signal: AbortSignal | undefined): Promise<Response> {
    const limit = AbortSignal.timeout(POST_MS);
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ ...body, replace_original: false }),
      redirect: "error",
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
    });
    await response.body?.cancel();
    return response;
  }

  /** Answers are posted to Slack only. Another `apiRoot` stands for all of it. */
  #isSlacks(address: string): boolean {
    const url = URL.parse(address);
    if (url?.protocol === "https:" && url.hostname === "hooks.slack.com") return true;
    return url?.origin === URL.parse(apiRootOf(this.#parts.session.account))?.origin;
  }
}
