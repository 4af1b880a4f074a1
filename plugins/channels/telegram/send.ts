import { access, constants } from "node:fs/promises";
import { pause } from "openclaw/plugin-sdk";
import type { ChannelAccount, DeliveryOutcome, OutboxEntry, OutgoingMedia } from "openclaw/plugin-sdk";
import { keysOf, offersButtons } from "./account.ts";
import type { Client } from "./client.ts";
import { failureOf, outcomeOf } from "./failure.ts";
import type { TelegramFailure } from "./failure.ts";
import { CALLBACK_BYTES, longButton, render } from "./render.ts";
import type { Request } from "./render.ts";

/** How long a part of an entry waits for the network inside one attempt; longer waits are the outbox's. */
const LONGEST_PAUSE_MS = 20_000;
const UNPARSED = /can't parse|unsupported start tag|parse entities/i;
const NEVER = new AbortController().signal;

interface Sent {
  readonly message_id: number;
  readonly chat?: { readonly id?: number };
}

/** One attempt to send an entry. What was accepted is never sent again: several calls count as one. */
export async function sendEntry(
  entry: OutboxEntry,
  account: ChannelAccount,
  client: Client,
  signal: AbortSignal = NEVER,
): Promise<DeliveryOutcome> {
  const { address, payload, media } = entry;
  const tooLong = longButton(payload.buttons);
  if (tooLong !== undefined) {
    const reason = `the value of a button is longer than ${CALLBACK_BYTES} bytes: ${tooLong.slice(0, 40)}`;
    return { outcome: "not_sent", retryable: false, reason };
  }
  const requests = render({
    address,
    payload,
    media,
    linkPreview: keysOf(account).linkPreview !== false,
    buttons: offersButtons(account, !address.to.startsWith("-") && !address.to.startsWith("@")),
  });
  const gone = await missingFile(media);
  if (gone !== undefined)
    return { outcome: "not_sent", retryable: false, reason: `the file ${gone} is not there any more` };
  const sent: Sent[] = [];
  for (const [index, request] of requests.entries()) {
    try {
      sent.push(...(await sendRequest(request, client, signal, index > 0)));
    } catch (error) {
      const failure = failureOf(error, signal);
      if (index === 0) return outcomeOf(failure);
      // Sending the entry again would show what has arrived twice.
      return {
        outcome: "unknown",
        reason: `${index} of ${requests.length} parts arrived, then: ${failure.message}`,
      };
    }
  }
  const [first] = sent;
  if (!first) return { outcome: "unknown", reason: "Telegram did not say which message it made" };
  return {
    outcome: "sent",
    messageId: String(first.message_id),
    chatId: first.chat?.id === undefined ? address.to : String(first.chat.id),
  };
}

/** Before anything is sent: a body that breaks off in the middle says nothing about what arrived. */
async function missingFile(media: readonly OutgoingMedia[] = []): Promise<string | undefined> {
  for (const { path, fileName } of media) {
    try {
      await access(path, constants.R_OK);
    } catch {
      // Named to whoever sends it.
      return fileName;
    }
  }
  return undefined;
}

/** Refusals that say how to do it better are followed; whatever else fails is thrown. */
async function sendRequest(
  request: Request,
  client: Client,
  signal: AbortSignal,
  isContinued: boolean,
): Promise<readonly Sent[]> {
  let current = request;
  for (let turn = 0; ; turn++) {
    try {
      return await post(current, client, signal);
    } catch (error) {
      const failure = failureOf(error, signal);
      const better = turn < 4 && betterRequest(current, failure);
      if (better) {
        current = better;
        continue;
      }
      const waitMs = failure.retryAfterMs;
      if (!isContinued || turn >= 4 || waitMs === undefined || waitMs > LONGEST_PAUSE_MS) throw failure;
      await pause(waitMs, signal);
    }
  }
}

/** Markup that Telegram cannot read goes as plain text, and a group that has moved is followed. */
function betterRequest(request: Request, { kind, message, movedTo }: TelegramFailure): Request | undefined {
  if (kind !== "rejected") return undefined;
  if (movedTo !== undefined) return { ...request, fields: { ...request.fields, chat_id: movedTo } };
  return request.plain && UNPARSED.test(message) ? asPlain(request, request.plain) : undefined;
}

function asPlain({ plain: _plain, ...request }: Request, { field, text }: NonNullable<Request["plain"]>): Request {
  const { parse_mode: _mode, ...fields } = request.fields;
  if (!request.album) return { ...request, fields: { ...fields, [field]: text } };
  const album = request.album.map((item, index) => (index === 0 ? { ...item, fields: { caption: text } } : item));
  return { ...request, album };
}

async function post(request: Request, client: Client, signal: AbortSignal): Promise<readonly Sent[]> {
  const { InputFile } = await import("grammy");
  const fileOf = ({ path, fileName }: OutgoingMedia) => new InputFile(path, plainName(fileName));
  const { method, fields, upload, album } = request;
  const payload = {
    ...fields,
    ...(upload && { [upload.field]: fileOf(upload.file) }),
    ...(album && { media: album.map((item) => ({ type: item.type, media: fileOf(item.file), ...item.fields })) }),
  };
  // The fields of each method are what `render` makes of it.
  const made = await client.call<unknown>((raw, until) => raw[method](payload as never, until), signal);
  return (Array.isArray(made) ? made : [made]) as readonly Sent[];
}

/** The library writes the name into a header as it is. */
function plainName(name: string): string {
  return name.replaceAll(/[^\p{L}\p{N} ._-]/gu, "_").slice(0, 120) || "file";
}
