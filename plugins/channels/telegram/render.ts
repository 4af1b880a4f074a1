import type { Button, OutgoingMedia, ReplyAddress, ReplyPayload } from "openclaw/plugin-sdk";
import { GENERAL_TOPIC } from "./parse-place.ts";

/** What is needed of an entry to send it. */
export interface Rendering {
  readonly address: ReplyAddress;
  readonly payload: ReplyPayload;
  readonly media?: readonly OutgoingMedia[] | undefined;
  readonly linkPreview: boolean;
  readonly buttons: boolean;
}

type Fields = Readonly<Record<string, unknown>>;

/** One call of the Bot API. `uploads`: files to put in the place of the fields, or of the items of the album. */
export interface Request {
  readonly method: SendMethod;
  readonly fields: Fields;
  readonly upload?: { readonly field: string; readonly file: OutgoingMedia };
  readonly album?: readonly { readonly type: string; readonly file: OutgoingMedia; readonly fields: Fields }[];
  /** The text without markup, should the markup be refused. */
  readonly plain?: { readonly field: "text" | "caption"; readonly text: string };
}

export type SendMethod =
  | "sendMessage"
  | "sendPhoto"
  | "sendVideo"
  | "sendAnimation"
  | "sendAudio"
  | "sendVoice"
  | "sendDocument"
  | "sendSticker"
  | "sendMediaGroup";

const ALBUM_ITEMS = 10;
/** Larger photos are refused; as documents they are not. */
const PHOTO_BYTES = 10 * 1_048_576;
export const CALLBACK_BYTES = 64;

/** The calls that say it, in order. */
export function render(entry: Rendering): Request[] {
  const { address, payload, media = [] } = entry;
  const place = placeFields(address, payload);
  const keyboard = entry.buttons ? keyboardOf(payload.buttons) : undefined;
  const markup = keyboard && { reply_markup: { inline_keyboard: keyboard } };
  const text = withButtonNames(payload, entry.buttons);
  if (media.length === 0) {
    return [textRequest(text, payload, { ...place, ...markup }, entry.linkPreview)];
  }
  const groups = grouped(media, payload);
  return groups.flatMap((files, index): Request[] => {
    const isFirst = index === 0;
    const caption = isFirst ? captionOf(text, payload) : undefined;
    // Only the first one answers the message that is quoted.
    const where = isFirst ? place : withoutQuote(place);
    const isLast = index === groups.length - 1;
    const [first] = files;
    if (files.length === 1 && first) return [single(first, payload, { ...where, ...(isLast && markup) }, caption)];
    return [album(files, where, caption)];
  });
}

function textRequest(text: string, payload: ReplyPayload, fields: Fields, linkPreview: boolean): Request {
  const body = { ...fields, ...(!linkPreview && { link_preview_options: { is_disabled: true } }) };
  if (payload.format !== "native") return { method: "sendMessage", fields: { ...body, text } };
  return {
    method: "sendMessage",
    fields: { ...body, text, parse_mode: "HTML" },
    plain: { field: "text", text: payload.markdown ?? text },
  };
}

function single(file: OutgoingMedia, payload: ReplyPayload, fields: Fields, caption: Caption | undefined): Request {
  const { method, field } = methodFor(file, payload);
  const takesCaption = method !== "sendSticker";
  return {
    method,
    fields: { ...fields, ...(takesCaption && caption?.fields) },
    upload: { field, file },
    ...(takesCaption && caption?.plain !== undefined && { plain: { field: "caption", text: caption.plain } }),
  };
}

function album(files: readonly OutgoingMedia[], fields: Fields, caption: Caption | undefined): Request {
  return {
    method: "sendMediaGroup",
    fields,
    album: files.map((file, index) => ({
      type: albumType(file),
      file,
      fields: index === 0 ? (caption?.fields ?? {}) : {},
    })),
    ...(caption?.plain !== undefined && { plain: { field: "caption", text: caption.plain } }),
  };
}

interface Caption {
  readonly fields: Fields;
  readonly plain: string | undefined;
}

function captionOf(text: string, { format, markdown }: ReplyPayload): Caption | undefined {
  if (text === "") return undefined;
  if (format !== "native") return { fields: { caption: text }, plain: undefined };
  return { fields: { caption: text, parse_mode: "HTML" }, plain: markdown ?? text };
}

/** Albums of what may stand together, in order: pictures and videos, or documents, or music; everything else alone. */
function grouped(media: readonly OutgoingMedia[], payload: ReplyPayload): OutgoingMedia[][] {
  const groups: OutgoingMedia[][] = [];
  let kind: string | undefined;
  for (const file of media) {
    const own = payload.asVoice || payload.gifPlayback ? undefined : albumKind(file);
    const last = groups.at(-1);
    if (last && own !== undefined && own === kind && last.length < ALBUM_ITEMS) last.push(file);
    else groups.push([file]);
    kind = own;
  }
  return groups;
}

function albumKind(file: OutgoingMedia): string | undefined {
  const { method } = methodFor(file, { text: "" });
  if (method === "sendPhoto" || method === "sendVideo") return "visual";
  if (method === "sendAudio" || method === "sendDocument") return method;
  return undefined;
}

function albumType(file: OutgoingMedia): string {
  return methodFor(file, { text: "" }).field;
}

/** What Telegram shows of a kind; what it does not show in a form of its own is a document. */
function methodFor(
  { kind, contentType, size }: OutgoingMedia,
  { asVoice, gifPlayback }: ReplyPayload,
): { readonly method: SendMethod; readonly field: string } {
  if (kind === "sticker" && contentType === "image/webp") return { method: "sendSticker", field: "sticker" };
  if (contentType === "image/gif") return { method: "sendAnimation", field: "animation" };
  if (kind === "image" && PHOTOS.has(contentType) && size <= PHOTO_BYTES)
    return { method: "sendPhoto", field: "photo" };
  if (kind === "video" && gifPlayback) return { method: "sendAnimation", field: "animation" };
  if (kind === "video" && contentType === "video/mp4") return { method: "sendVideo", field: "video" };
  if (kind === "audio" && (asVoice || VOICES.has(contentType))) return { method: "sendVoice", field: "voice" };
  if (kind === "audio" && MUSIC.has(contentType)) return { method: "sendAudio", field: "audio" };
  return { method: "sendDocument", field: "document" };
}

const PHOTOS: ReadonlySet<string> = new Set(["image/jpeg", "image/png", "image/webp"]);
const VOICES: ReadonlySet<string> = new Set(["audio/ogg", "audio/opus"]);
const MUSIC: ReadonlySet<string> = new Set(["audio/mpeg", "audio/mp4", "audio/x-m4a", "audio/aac"]);

/** Where it is said, and what it answers. A message into the first topic of a forum must not name it. */
export function placeFields({ to, threadId }: ReplyAddress, payload: ReplyPayload): Fields {
  const quoted = Number(payload.replyToId);
  return {
    chat_id: to,
    ...(threadId !== undefined && threadId !== GENERAL_TOPIC && { message_thread_id: Number(threadId) }),
    ...(Number.isSafeInteger(quoted) &&
      quoted > 0 && { reply_parameters: { message_id: quoted, allow_sending_without_reply: true } }),
    ...(payload.silent && { disable_notification: true }),
  };
}

function withoutQuote({ reply_parameters: _quote, ...fields }: Fields): Fields {
  return fields;
}

/** Buttons for below a message; `undefined` when there are none. */
export function keyboardOf(rows: ReplyPayload["buttons"]): Fields[][] | undefined {
  const keyboard = (rows ?? []).map((row) => row.map(keyOf)).filter((row) => row.length > 0);
  return keyboard.length > 0 ? keyboard : undefined;
}

function keyOf({ text, value, url }: Button): Fields {
  return url === undefined ? { text, callback_data: value ?? text } : { text, url };
}

/** The first value that is longer than Telegram carries. */
export function longButton(rows: ReplyPayload["buttons"]): string | undefined {
  const values = (rows ?? []).flat().flatMap(({ text, value, url }) => (url === undefined ? [value ?? text] : []));
  return values.find((value) => Buffer.byteLength(value) > CALLBACK_BYTES);
}

/** Where no buttons are wanted their names are part of the text. */
function withButtonNames({ text, buttons, format }: ReplyPayload, offered: boolean): string {
  if (offered || !buttons?.length) return text;
  const names = buttons
    .flat()
    .map((button) => `[${button.url === undefined ? button.text : `${button.text}: ${button.url}`}]`);
  const line = names.join(" ");
  return `${text}\n\n${format === "native" ? escapeHtml(line) : line}`.trim();
}

export function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
