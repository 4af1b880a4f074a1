import { GatewayError } from "openclaw/plugin-sdk";
import type { DeliveryOutcome, Envelope, MessagingApi, OutboxEntry } from "openclaw/plugin-sdk";
import { replyModeOf } from "./account.ts";
import { failureOf, outcomeOf } from "./failure.ts";
import type { Failure } from "./failure.ts";
import type { Interactions } from "./interactions.ts";
import { MARK, messageBody, Unsendable } from "./render.ts";
import type { Session } from "./session.ts";
import { isTimestamp, timestampAt } from "./timestamp.ts";
import { NotShared, shareFile } from "./upload.ts";
import type { WireMessage } from "./wire.ts";

/** How far the clocks of both sides may be apart. */
const SKEW_MS = 60_000;
const PAGES = 3;
const PAGE = 100;

/** Where an entry goes out. */
export interface WayOut {
  readonly session: Session;
  readonly interactions: Interactions;
  readonly messaging: MessagingApi;
}

/** One attempt to post an entry. Slack knows no key that makes a repeat harmless: after a doubt the channel is looked at. */
export async function deliver(entry: OutboxEntry, way: WayOut, signal?: AbortSignal): Promise<DeliveryOutcome> {
  const { session, interactions } = way;
  try {
    const asked = await askedIn(entry, way);
    const answered = await interactions.answer(entry, asked, signal);
    if (answered) return answered;
    const earlier = firstDoubt((entry.attempts ?? []).slice(0, -1));
    if (earlier !== undefined) {
      const found = await lookAround(entry, way, earlier, signal);
      if (found.outcome !== "not_sent" || !found.retryable) return found;
    }
    const place = await placed(entry, way, signal);
    if ("outcome" in place) return place;
    return await post(entry, place, session, signal);
  } catch (error) {
    if (error instanceof Unsendable) return { outcome: "not_sent", retryable: false, reason: error.message };
    throw error;
  }
}

/** Did an entry arrive whose attempt gave no answer? */
export async function lookBack(entry: OutboxEntry, way: WayOut, signal?: AbortSignal): Promise<DeliveryOutcome> {
  if ((await askedIn(entry, way))?.kind === "command")
    return { outcome: "unknown", reason: "no answer came, and only whoever asked can see whether it is there" };
  return lookAround(entry, way, firstDoubt(entry.attempts ?? []) ?? entry.createdAt, signal);
}

/** What an entry answers. */
async function askedIn({ workId }: OutboxEntry, { messaging }: WayOut): Promise<Envelope | undefined> {
  return workId === undefined ? undefined : (await messaging.get(workId))?.envelope;
}

interface Place {
  readonly channelId: string;
  readonly threadTs: string | undefined;
}

/** Opening a conversation shows nobody anything: whatever becomes of it, the message was not sent. */
async function placed(
  entry: OutboxEntry,
  way: WayOut,
  signal: AbortSignal | undefined,
): Promise<Place | DeliveryOutcome> {
  const { session } = way;
  try {
    return { channelId: await session.channelOf(entry.address, signal), threadTs: await threadOf(entry, way) };
  } catch (error) {
    if (error instanceof GatewayError) return { outcome: "not_sent", retryable: true, reason: error.message };
    const failure = failureOf(error);
    session.noted(entry.address.to, failure);
    const outcome = outcomeOf(failure);
    return outcome.outcome === "unknown" ? { outcome: "not_sent", retryable: true, reason: outcome.reason } : outcome;
  }
}

/** The thread that an entry belongs in: the one it was asked in, or the one that the mode begins (channels.md §3.3). */
async function threadOf(entry: OutboxEntry, way: WayOut): Promise<string | undefined> {
  const { session, messaging } = way;
  const { address, payload, workId, part } = entry;
  const { replyToId } = payload;
  if (address.threadId !== undefined) return address.threadId;
  const asked = replyToId !== undefined && isTimestamp(replyToId) ? replyToId : undefined;
  if (workId === undefined) return asked;
  const envelope = await askedIn(entry, way);
  if (!envelope) return asked;
  const mode = replyModeOf(session.account, envelope.chatType);
  if (mode === "off") return undefined;
  if (asked !== undefined || (part && part.index > 0)) return asked;
  const [first] = await messaging.deliveries(workId);
  return mode === "first" && first?.id === entry.id && isTimestamp(envelope.messageId) ? envelope.messageId : undefined;
}

async function post(
  entry: OutboxEntry,
  { channelId, threadTs }: Place,
  session: Session,
  signal: AbortSignal | undefined,
): Promise<DeliveryOutcome> {
  const { media: [media] = [], payload } = entry;
  const hasButtons = (payload.buttons ?? []).some((row) => row.length > 0);
  const sent = (messageId: string): DeliveryOutcome => {
    session.noted(channelId, undefined);
    if (threadTs !== undefined && isTimestamp(messageId)) session.cursors.spoke(channelId, threadTs, messageId);
    return { outcome: "sent", messageId, chatId: channelId };
  };
  const failed = (failure: Failure): DeliveryOutcome => {
    session.noted(channelId, failure);
    return outcomeOf(failure);
  };
  let messageId: string | undefined;
  try {
    if (media) {
      const comment = hasButtons ? "" : payload.text;
      messageId = await shareFile({ media, channelId, threadTs, comment }, session, signal);
      if (!hasButtons) return sent(messageId);
    }
    const body = { channel: channelId, ...messageBody(entry), ...(threadTs !== undefined && { thread_ts: threadTs }) };
    const { ts } = await session.api.call("chat.postMessage", body, { signal });
    return typeof ts === "string"
      ? sent(ts)
      : { outcome: "unknown", reason: "Slack did not say which message it made" };
  } catch (error) {
    if (error instanceof Unsendable) throw error;
    if (error instanceof NotShared) {
      const outcome = failed(error.failure);
      return outcome.outcome === "unknown" ? { outcome: "not_sent", retryable: true, reason: outcome.reason } : outcome;
    }
    const outcome = failed(failureOf(error));
    // Sending the entry again would show the file twice.
    if (messageId === undefined || outcome.outcome === "sent") return outcome;
    return { outcome: "unknown", reason: `the file arrived, then: ${outcome.reason}` };
  }
}

/** When the first attempt was made of which nobody knows whether it arrived. */
function firstDoubt(attempts: NonNullable<OutboxEntry["attempts"]>): number | undefined {
  return attempts.find(({ outcome }) => outcome === "unknown" || outcome === "under way")?.at;
}

/** Reads what the bot wrote there since. Found: it was sent. Read whole and not found: it was not. */
async function lookAround(
  entry: OutboxEntry,
  way: WayOut,
  since: number,
  signal: AbortSignal | undefined,
): Promise<DeliveryOutcome> {
  const { session } = way;
  const place = await placed(entry, way, signal);
  if ("outcome" in place) return { outcome: "unknown", reason: "whether it arrived cannot be read" };
  const { channelId, threadTs } = place;
  const method = threadTs === undefined ? "conversations.history" : "conversations.replies";
  const query = {
    channel: channelId,
    oldest: timestampAt(since - SKEW_MS),
    limit: PAGE,
    include_all_metadata: true,
    ...(threadTs !== undefined && { ts: threadTs }),
  };
  try {
    let cursor: string | undefined;
    for (let page = 0; page < PAGES; page++) {
      const answer = await session.api.call(method, { ...query, ...(cursor && { cursor }) }, { signal });
      const messages = Array.isArray(answer["messages"]) ? (answer["messages"] as WireMessage[]) : [];
      const found = messages.find((message) => message.bot_id === session.bot.botId && isSame(message, entry));
      if (found?.ts !== undefined) return { outcome: "sent", messageId: found.ts, chatId: channelId };
      cursor = (answer["response_metadata"] as { readonly next_cursor?: string } | undefined)?.next_cursor;
      if (!cursor) return { outcome: "not_sent", retryable: true, reason: "it is not in the channel" };
    }
    return { outcome: "unknown", reason: "too much was written in the channel since to find out whether it arrived" };
  } catch (error) {
    return { outcome: "unknown", reason: `whether it arrived cannot be read: ${failureOf(error).text}` };
  }
}

/** A file carries no mark: it is told by its name and what stands beside it. */
function isSame({ metadata, files = [], text = "" }: WireMessage, { id, payload, media = [] }: OutboxEntry): boolean {
  if (metadata?.event_type === MARK) return metadata.event_payload?.["id"] === id;
  const [file] = media;
  return file !== undefined && files.some(({ name }) => name === file.fileName) && text.trim() === payload.text.trim();
}
