import { readFile } from "node:fs/promises";
import type { RawFile } from "discord.js";
import { GatewayError } from "openclaw/plugin-sdk";
import type { DeliveryOutcome, OutboxEntry } from "openclaw/plugin-sdk";
import { failureOf, GarbledAnswer, outcomeOf } from "./failure.ts";
import type { Interactions } from "./interactions.ts";
import { FILES_PER_MESSAGE, messageBody, nonceOf, Unsendable } from "./render.ts";
import type { Session } from "./session.ts";
import { snowflakeAt } from "./snowflake.ts";

/** For so long Discord surely answers a nonce that it knows with the message it has; it says "a few minutes". */
const NONCE_MS = 120_000;
/** How far the clocks of both sides may be apart. */
const SKEW_MS = 60_000;
const PAGES = 5;
const PAGE = 100;

/** Where an entry goes out. */
export interface WayOut {
  readonly session: Session;
  readonly interactions: Interactions;
}

/** One attempt to post an entry. Its nonce makes a repeat harmless for a while; after that the channel is looked at first. */
export async function deliver(
  entry: OutboxEntry,
  { session, interactions }: WayOut,
  signal?: AbortSignal,
): Promise<DeliveryOutcome> {
  try {
    const answered = await interactions.answer(entry, () => filesOf(entry, 0), signal);
    if (answered) return answered;
  } catch (error) {
    if (!(error instanceof Unsendable)) throw error;
    return { outcome: "not_sent", retryable: false, reason: error.message };
  }
  const earlier = firstDoubt((entry.attempts ?? []).slice(0, -1));
  if (earlier !== undefined && Date.now() - earlier > NONCE_MS) {
    const found = await lookAround(entry, session, earlier, signal);
    if (found.outcome !== "not_sent" || !found.retryable || found.retryAfterMs !== undefined) return found;
  }
  let channelId: string;
  try {
    channelId = await session.channelOf(entry.address, signal);
  } catch (error) {
    if (error instanceof GatewayError) return { outcome: "not_sent", retryable: false, reason: error.message };
    const failure = failureOf(error);
    session.noted(entry.address.to, failure);
    return notSent(outcomeOf(failure));
  }
  try {
    const ids = await post(entry, channelId, session, signal);
    session.noted(channelId, undefined);
    return { outcome: "sent", messageId: ids[0] ?? "", chatId: channelId };
  } catch (error) {
    if (error instanceof Unsendable) return { outcome: "not_sent", retryable: false, reason: error.message };
    const failure = failureOf(error);
    session.noted(channelId, failure);
    return outcomeOf(failure);
  }
}

/** Did an entry arrive whose attempt gave no answer? */
export async function lookBack(
  entry: OutboxEntry,
  { session, interactions }: WayOut,
  signal?: AbortSignal,
): Promise<DeliveryOutcome> {
  if (interactions.isDoubtful(entry.id))
    return { outcome: "unknown", reason: "no answer came, and only whoever asked can see whether it is there" };
  const since = firstDoubt(entry.attempts ?? []) ?? entry.createdAt;
  if (Date.now() - since <= NONCE_MS)
    return { outcome: "not_sent", retryable: true, reason: "no answer came; it is sent again under the same nonce" };
  return lookAround(entry, session, since, signal);
}

async function post(
  entry: OutboxEntry,
  channelId: string,
  { api }: Session,
  signal: AbortSignal | undefined,
): Promise<string[]> {
  const media = entry.media ?? [];
  const messages = Math.max(1, Math.ceil(media.length / FILES_PER_MESSAGE));
  const ids: string[] = [];
  for (let index = 0; index < messages; index++) {
    const files = await filesOf(entry, index);
    const body = messageBody(entry, index);
    const { id } = await api.object("POST", `/channels/${channelId}/messages`, { body, files, signal });
    if (typeof id !== "string") throw new GarbledAnswer();
    ids.push(id);
  }
  return ids;
}

function filesOf({ media = [] }: OutboxEntry, index: number): Promise<RawFile[]> {
  return Promise.all(media.slice(index * FILES_PER_MESSAGE, (index + 1) * FILES_PER_MESSAGE).map(fileOf));
}

async function fileOf({ path, fileName, contentType }: NonNullable<OutboxEntry["media"]>[number]): Promise<RawFile> {
  const data = await readFile(path).catch(() => {
    throw new Unsendable(`the file ${fileName} can no longer be read`);
  });
  return { name: fileName, data, contentType };
}

/** When the first attempt was made of which nobody knows whether it arrived. */
function firstDoubt(attempts: NonNullable<OutboxEntry["attempts"]>): number | undefined {
  return attempts.find(({ outcome }) => outcome === "unknown" || outcome === "under way")?.at;
}

/** Reads what the bot wrote there since. Found: it was sent. Read whole and not found: it was not. */
async function lookAround(
  entry: OutboxEntry,
  session: Session,
  since: number,
  signal: AbortSignal | undefined,
): Promise<DeliveryOutcome> {
  try {
    const channelId = await session.channelOf(entry.address, signal);
    let after = snowflakeAt(since - SKEW_MS);
    for (let page = 0; page < PAGES; page++) {
      const messages = await session.api.history(channelId, { after, limit: String(PAGE) }, signal);
      const found = messages.find((message) => message.author.id === session.bot.id && isSame(message, entry));
      if (found) return { outcome: "sent", messageId: found.id, chatId: channelId };
      const last = messages.at(-1);
      if (messages.length < PAGE || !last)
        return { outcome: "not_sent", retryable: true, reason: "it is not in the channel" };
      after = last.id;
    }
    return { outcome: "unknown", reason: "too much was written in the channel since to find out whether it arrived" };
  } catch (error) {
    return { outcome: "unknown", reason: `whether it arrived cannot be read: ${failureOf(error).text}` };
  }
}

function isSame(
  {
    nonce,
    content,
    attachments,
  }: { readonly nonce?: string | number; readonly content: string; readonly attachments: readonly unknown[] },
  { id, payload, media = [] }: OutboxEntry,
): boolean {
  if (nonce !== undefined) return nonce === nonceOf(id);
  return content.trim() === payload.text.trim() && attachments.length === Math.min(media.length, FILES_PER_MESSAGE);
}

/** Opening a conversation shows nobody anything: whatever became of it, the message was not sent. */
function notSent(outcome: DeliveryOutcome): DeliveryOutcome {
  return outcome.outcome === "unknown" ? { outcome: "not_sent", retryable: true, reason: outcome.reason } : outcome;
}
