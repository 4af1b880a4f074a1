import { setTimeout as delay } from "node:timers/promises";
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
const SETTLE_MS = 1_000;

/** Where an entry goes out. */
export interface WayOut {
  readonly session: Session;
  readonly interactions: Interactions;
  readonly messaging: MessagingApi;
}

/** An entry, where it goes out, and the message it answers. */
interface Task {
  readonly entry: OutboxEntry;
  readonly way: WayOut;
  readonly asked: Envelope | undefined;
  readonly signal: AbortSignal | undefined;
}

/** One attempt to post an entry. Slack knows no key that makes a repeat harmless: after a doubt the channel is looked at. */
export async function deliver(entry: OutboxEntry, way: WayOut, signal?: AbortSignal): Promise<DeliveryOutcome> {
  const task = await taskOf(entry, way, signal);
  try {
    const answered = await way.interactions.answer(entry, task.asked, signal);
    if (answered) return answered;
    const earlier = firstDoubt((entry.attempts ?? []).slice(0, -1));
    if (earlier !== undefined) {
      const found = await lookAround(task, earlier);
      if (found.outcome !== "not_sent" || !found.retryable) return found;
    }
    const place = await placed(task);
    return "outcome" in place ? place : await post(entry, place, way.session, signal);
  } catch (error) {
    if (error instanceof Unsendable) return { outcome: "not_sent", retryable: false, reason: error.message };
    throw error;
  }
}

/** Did an entry arrive whose attempt gave no answer? */
export async function lookBack(entry: OutboxEntry, way: WayOut, signal?: AbortSignal): Promise<DeliveryOutcome> {
  const task = await taskOf(entry, way, signal);
  if (task.asked?.kind === "command")
    return { outcome: "unknown", reason: "no answer came, and only whoever asked can see whether it is there" };
  // What left a moment ago may not be in the channel yet.
  await delay(SETTLE_MS, undefined, signal && { signal }).catch(() => undefined);
  return lookAround(task, firstDoubt(entry.attempts ?? []) ?? entry.createdAt);
}

async function taskOf(entry: OutboxEntry, way: WayOut, signal: AbortSignal | undefined): Promise<Task> {
  const { workId } = entry;
  const asked = workId === undefined ? undefined : (await way.messaging.get(workId))?.envelope;
  return { entry, way, asked, signal };
}

interface Place {
  readonly channelId: string;
  readonly threadTs: string | undefined;
}

/** Opening a conversation shows nobody anything: whatever becomes of it, the message was not sent. */
async function placed(task: Task): Promise<Place | DeliveryOutcome> {
  const { session } = task.way;
  const { address } = task.entry;
  try {
    return { channelId: await session.channelOf(address, task.signal), threadTs: await threadOf(task) };
  } catch (error) {
    if (error instanceof GatewayError) return { outcome: "not_sent", retryable: true, reason: error.message };
    const failure = failureOf(error);
    session.noted(address.to, failure);
    return surelyNotSent(outcomeOf(failure));
  }
}

function surelyNotSent(outcome: DeliveryOutcome): DeliveryOutcome {
  return outcome.outcome === "unknown" ? { outcome: "not_sent", retryable: true, reason: outcome.reason } : outcome;
}

/** The thread that an entry belongs in: the one it was asked in, or the one that the mode begins (channels.md §3.3). */
async function threadOf({ entry, way, asked }: Task): Promise<string | undefined> {
  const { id, address, payload, workId, part } = entry;
  if (address.threadId !== undefined) return address.threadId;
  const { replyToId } = payload;
  const quoted = replyToId !== undefined && isTimestamp(replyToId) ? replyToId : undefined;
  if (!asked || workId === undefined) return quoted;
  const mode = replyModeOf(way.session.account, asked.chatType);
  if (mode === "off") return undefined;
  const isFirst = (part?.index ?? 0) === 0 && isTimestamp(asked.messageId);
  if (quoted !== undefined || mode !== "first" || !isFirst) return quoted;
  const [first] = await way.messaging.deliveries(workId);
  return first?.id === id ? asked.messageId : undefined;
}

async function post(
  entry: OutboxEntry,
  { channelId, threadTs }: Place,
  session: Session,
  signal: AbortSignal | undefined,
): Promise<DeliveryOutcome> {
  const { media: [media] = [], payload } = entry;
  const withButtons = hasButtons(entry);
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
      const comment = withButtons ? "" : payload.text;
      messageId = await shareFile({ media, channelId, threadTs, comment }, session, signal);
      if (!withButtons) return sent(messageId);
    }
    const body = { channel: channelId, ...messageBody(entry), ...(threadTs !== undefined && { thread_ts: threadTs }) };
    const { ts } = await session.api.call("chat.postMessage", body, { signal });
    return typeof ts === "string"
      ? sent(ts)
      : { outcome: "unknown", reason: "Slack did not say which message it made" };
  } catch (error) {
    if (error instanceof Unsendable) throw error;
    if (error instanceof NotShared) {
      return surelyNotSent(failed(error.failure));
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
async function lookAround(task: Task, since: number): Promise<DeliveryOutcome> {
  const { entry, way, signal } = task;
  const place = await placed(task);
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
  const { api, bot } = way.session;
  let isFileThere = false;
  try {
    let cursor: string | undefined;
    for (let page = 0; page < PAGES; page++) {
      const answer = await api.call(method, { ...query, ...(cursor && { cursor }) }, { signal });
      const messages = Array.isArray(answer["messages"]) ? (answer["messages"] as WireMessage[]) : [];
      const ours = messages.filter((message) => message.bot_id === bot.botId);
      const found = ours.find((message) => isMarked(message, entry) ?? (!hasButtons(entry) && isFile(message, entry)));
      if (found?.ts !== undefined) return { outcome: "sent", messageId: found.ts, chatId: channelId };
      isFileThere ||= ours.some((message) => isFile(message, entry));
      cursor = (answer["response_metadata"] as { readonly next_cursor?: string } | undefined)?.next_cursor;
      if (cursor) continue;
      if (isFileThere) return { outcome: "unknown", reason: "the file is there, and the buttons are not" };
      return { outcome: "not_sent", retryable: true, reason: "it is not in the channel" };
    }
    return { outcome: "unknown", reason: "too much was written in the channel since to find out whether it arrived" };
  } catch (error) {
    return { outcome: "unknown", reason: `whether it arrived cannot be read: ${failureOf(error).text}` };
  }
}

/** Nothing for a message without a mark. */
function isMarked({ metadata }: WireMessage, { id }: OutboxEntry): boolean | undefined {
  return metadata?.event_type === MARK ? metadata.event_payload?.["id"] === id : undefined;
}

/** A file carries no mark: it is told by its name and what stands beside it. */
function isFile({ files = [], text = "" }: WireMessage, entry: OutboxEntry): boolean {
  const [file] = entry.media ?? [];
  const comment = hasButtons(entry) ? "" : entry.payload.text;
  return file !== undefined && files.some(({ name }) => name === file.fileName) && text.trim() === comment.trim();
}

function hasButtons({ payload: { buttons = [] } }: OutboxEntry): boolean {
  return buttons.some((row) => row.length > 0);
}
