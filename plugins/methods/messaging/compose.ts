import type { ChannelAccount, ChannelDef, ReplyPayload, Settings } from "openclaw/plugin-sdk";
import { chunkText } from "./chunk.ts";
import { channelKeys } from "./keys.ts";
import { mediaOf, nameOf } from "./media/outbound.ts";
import { readTags } from "./reply-tags.ts";

const TEXT_LIMIT = 4_000;

export interface ComposeParts {
  readonly settings: Settings;
  readonly channel: string;
  readonly account: ChannelAccount;
  readonly definition: ChannelDef | undefined;
  /** The message this answers. */
  readonly current?: string | undefined;
}

/** One payload as the messages that are sent for it: tags read, media on the first, each text short enough. */
export function compose(payload: ReplyPayload, parts: ComposeParts): ReplyPayload[] {
  const { definition } = parts;
  const whole = fitting(withTags(payload, parts), definition);
  const { mediaUrl, mediaUrls, poll, buttons, card, replyToId, ...plain } = whole;
  const chunks = split(plain.text, payload.format, parts);
  const { caption = Infinity } = definition?.limits ?? {};
  const media = mediaOf(whole);
  // Text that is too long for a caption follows the media.
  if (media.length > 0 && plain.text.length > caption) chunks.unshift("");
  // Each file is a message of its own: of several in one nobody could say which of them arrived.
  const isStaged = definition?.capabilities?.media === true;
  if (isStaged) chunks.splice(1, 0, ...media.slice(1).map(() => ""));
  const mode = replyToMode(parts);
  return chunks.map((part, index) => ({
    ...plain,
    text: part,
    ...(isStaged && index < media.length && { mediaUrl: media[index] as string }),
    ...(!isStaged && index === 0 && mediaUrl !== undefined && { mediaUrl }),
    ...(!isStaged && index === 0 && mediaUrls && { mediaUrls }),
    ...(index === 0 && poll && { poll }),
    ...(index === 0 && card && { card }),
    ...(index === chunks.length - 1 && buttons && { buttons }),
    ...((index === 0 || mode === "all") && replyToId !== undefined && { replyToId }),
  }));
}

/** The network's own form of what is sent, made just before it is sent. What is stored stays as it was written. */
export function rendered(payload: ReplyPayload, definition: ChannelDef, account: ChannelAccount): ReplyPayload {
  if (!definition.format || (payload.format ?? "markdown") !== "markdown" || payload.text === "") return payload;
  return { ...payload, text: definition.format(payload.text, account), format: "native", markdown: payload.text };
}

function replyToMode({ account }: ComposeParts): string {
  const mode = account.config["replyToMode"];
  return typeof mode === "string" ? mode : "off";
}

function withTags(payload: ReplyPayload, parts: ComposeParts): ReplyPayload {
  const { quote, ...given } = payload;
  if (payload.format === "plain" || payload.format === "native") return given;
  const { text, replyTo = quote, asVoice } = readTags(payload.text);
  const id = replyTo === "current" ? parts.current : replyTo?.id;
  const quotes = replyToMode(parts) !== "off" && id !== undefined && payload.replyToId === undefined;
  return { ...given, text, ...(quotes && { replyToId: id }), ...(asVoice && { asVoice }) };
}

/** What the network has no form for becomes text. */
function fitting(payload: ReplyPayload, definition: ChannelDef | undefined): ReplyPayload {
  const can = definition?.capabilities;
  if (!can) return payload;
  const { mediaUrl, mediaUrls, buttons, card, replyToId, ...rest } = payload;
  const lines = [rest.text];
  // The path of a file says nothing to anybody else.
  if (can.media !== true)
    lines.push(...mediaOf(payload).map((one) => (one.includes("://") ? one : `[${nameOf(one)}]`)));
  if (can.buttons !== true && buttons)
    lines.push(
      buttons
        .flat()
        .map(({ text, url }) => `[${url ? `${text}: ${url}` : text}]`)
        .join(" "),
    );
  return {
    ...rest,
    text: lines.filter((line) => line !== "").join("\n"),
    ...(can.media === true && mediaUrl !== undefined && { mediaUrl }),
    ...(can.media === true && mediaUrls && { mediaUrls }),
    ...(can.buttons === true && buttons && { buttons }),
    ...(can.cards === true && card && { card }),
    ...(can.reply === true && replyToId !== undefined && { replyToId }),
  };
}

function split(text: string, format: ReplyPayload["format"], parts: ComposeParts): string[] {
  const { definition, settings, channel, account } = parts;
  const { textLimit, limits = {}, format: render } = definition ?? {};
  const hard = limits.textHard ?? limits.text ?? textLimit ?? TEXT_LIMIT;
  const { textChunkLimit, chunkMode } = channelKeys(settings, channel, account.accountId);
  const asked = typeof textChunkLimit === "number" && textChunkLimit > 0 ? textChunkLimit : undefined;
  const limit = Math.min(hard, asked ?? limits.text ?? textLimit ?? TEXT_LIMIT);
  const { maxLinesPerMessage: lines = limits.lines } = account.config as { readonly maxLinesPerMessage?: number };
  const options = {
    ...(lines !== undefined && { lines }),
    mode: chunkMode === "newline" ? ("newline" as const) : ("length" as const),
  };
  const isRendered = render !== undefined && (format ?? "markdown") === "markdown";
  const fits = (chunk: string) => !isRendered || render(chunk, account).length <= hard;
  return chunkText(text, limit, options).flatMap((chunk) => halves(chunk, fits, options));
}

/** Markup can make a text longer than the network takes: then it is cut again. */
function halves(text: string, fits: (chunk: string) => boolean, options: Parameters<typeof chunkText>[2]): string[] {
  if (text.length < 2 || fits(text)) return [text];
  return chunkText(text, Math.ceil(text.length / 2), options).flatMap((part) =>
    part.length < text.length ? halves(part, fits, options) : [part],
  );
}
