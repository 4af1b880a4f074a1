import type { Envelope, Media } from "openclaw/plugin-sdk";
import type { proto } from "@whiskeysockets/baileys";
import { mediaReference } from "./media-reference.ts";
import type { MediaKind } from "./media-reference.ts";

type Message = proto.IMessage;

/** What one message says, out of all its wrappings. */
export interface Content {
  readonly text: string;
  readonly media?: Media;
  readonly location?: NonNullable<Envelope["location"]>;
  /** Who was mentioned, which message is answered, whether it was forwarded. */
  readonly context?: proto.IContextInfo;
}

const MAX_WRAPPINGS = 6;
const MAX_CONTACTS = 2;

/** The message as its sender wrote it, or nothing for what says nothing: reactions, receipts, settings, polls, calls. */
export function readContent(message: Message | null | undefined): Content | undefined {
  const inner = unwrapped(message);
  if (!inner) return undefined;
  return readText(inner) ?? readMedia(inner) ?? readPlace(inner) ?? readContacts(inner);
}

/** The text of a message, or what stands for it, to be quoted. */
export function quotedBody(message: Message | null | undefined): string | undefined {
  const content = readContent(message);
  if (!content) return undefined;
  if (content.text !== "") return content.text;
  if (content.media) return `<media:${content.media.kind}>`;
  return content.location ? "<location>" : undefined;
}

/** Takes off what hides a message: disappearing, to be seen once, with a caption, sent from another device. */
export function unwrapped(message: Message | null | undefined): Message | undefined {
  let inner = message ?? undefined;
  for (let depth = 0; inner && depth < MAX_WRAPPINGS; depth++) {
    const next: Message | null | undefined =
      inner.ephemeralMessage?.message ??
      inner.viewOnceMessage?.message ??
      inner.viewOnceMessageV2?.message ??
      inner.viewOnceMessageV2Extension?.message ??
      inner.documentWithCaptionMessage?.message ??
      inner.deviceSentMessage?.message;
    if (!next) return inner;
    inner = next;
  }
  return inner;
}

function readText(message: Message): Content | undefined {
  const { conversation, extendedTextMessage: extended } = message;
  if (conversation) return { text: conversation };
  if (extended?.text) return withContext({ text: extended.text }, extended.contextInfo);
  const { buttonsResponseMessage: button, templateButtonReplyMessage: template, listResponseMessage: list } = message;
  const answer =
    button?.selectedDisplayText ??
    template?.selectedDisplayText ??
    list?.title ??
    message.interactiveResponseMessage?.body?.text;
  if (!answer) return undefined;
  return withContext({ text: answer }, (button ?? template ?? list ?? message.interactiveResponseMessage)?.contextInfo);
}

function readMedia(message: Message): Content | undefined {
  const found = mediaIn(message);
  if (!found) return undefined;
  const [kind, part] = found;
  const caption = "caption" in part ? part.caption : undefined;
  const fileName = "fileName" in part ? part.fileName : undefined;
  const size = Number(part.fileLength ?? 0);
  const ref = mediaReference(kind, part);
  const media: Media = {
    kind,
    ...(part.mimetype && { contentType: part.mimetype }),
    ...(fileName && { fileName }),
    ...(size > 0 && { size }),
    ...(ref === undefined ? { status: "failed" as const } : { ref, status: "pending" as const }),
  };
  return withContext({ text: caption ?? "", media }, part.contextInfo);
}

type MediaPart =
  | proto.Message.IImageMessage
  | proto.Message.IVideoMessage
  | proto.Message.IAudioMessage
  | proto.Message.IDocumentMessage
  | proto.Message.IStickerMessage;

function mediaIn(message: Message): readonly [MediaKind, MediaPart] | undefined {
  const { imageMessage, videoMessage, ptvMessage, audioMessage, documentMessage, stickerMessage } = message;
  const video = videoMessage ?? ptvMessage;
  if (imageMessage) return ["image", imageMessage];
  if (video) return ["video", video];
  if (audioMessage) return ["audio", audioMessage];
  if (documentMessage) return ["document", documentMessage];
  return stickerMessage ? ["sticker", stickerMessage] : undefined;
}

function readPlace({ locationMessage: pin, liveLocationMessage: live }: Message): Content | undefined {
  const place = pin ?? live;
  const { degreesLatitude: lat, degreesLongitude: lon } = place ?? {};
  if (!place || typeof lat !== "number" || typeof lon !== "number") return undefined;
  const accuracy = place.accuracyInMeters ?? 0;
  const location = {
    lat,
    lon,
    ...(accuracy > 0 && { accuracy }),
    ...(pin?.name && { name: pin.name }),
    ...(pin?.address && { address: pin.address }),
    ...((live ?? pin?.isLive) && { isLive: true }),
  };
  return withContext({ text: live?.caption ?? pin?.comment ?? "", location }, place.contextInfo);
}

function readContacts({ contactMessage: one, contactsArrayMessage: several }: Message): Content | undefined {
  if (one) return withContext({ text: `<contact: ${contact(one)}>` }, one.contextInfo);
  const contacts = several?.contacts ?? [];
  if (contacts.length === 0) return undefined;
  const shown = contacts.slice(0, MAX_CONTACTS).map((card) => card.displayName?.trim() || "unnamed");
  const more = contacts.length - shown.length;
  const text = `<contacts: ${shown.join(", ")}${more > 0 ? ` +${more} more` : ""}>`;
  return withContext({ text }, several?.contextInfo);
}

/** `Name, +1555…` of a card. */
function contact({ displayName, vcard }: proto.Message.IContactMessage): string {
  const numbers = [...(vcard ?? "").slice(0, 10_000).matchAll(/^TEL[^:\r\n]*:\s*(\+?[\d\s().-]{5,30})/gim)];
  const name = displayName?.trim() || "unnamed";
  return [name, ...numbers.slice(0, 3).map(([, number]) => (number ?? "").replaceAll(/[\s().-]/g, ""))].join(", ");
}

function withContext(content: Content, context: proto.IContextInfo | null | undefined): Content {
  return context ? { ...content, context } : content;
}
