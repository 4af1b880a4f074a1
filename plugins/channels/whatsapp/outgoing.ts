import { createHash } from "node:crypto";
import type { OutboxEntry, OutgoingMedia } from "openclaw/plugin-sdk";
import type { AnyMessageContent } from "@whiskeysockets/baileys";

/** One message of the network. An entry with several files is several of them. */
export interface Piece {
  /** Made of the entry's id, so that every attempt has the same: the network shows it once. */
  readonly messageId: string;
  readonly content: AnyMessageContent;
}

const VOICE = "audio/ogg; codecs=opus";

/** What has to be sent for an entry, in order. The last piece is the one whose id the caller is told. */
export function piecesOf({ id, payload, media = [] }: OutboxEntry): Piece[] {
  const contents: AnyMessageContent[] = [];
  const { text, poll, asVoice, gifPlayback } = payload;
  if (poll) {
    const { question, options, maxSelections = 1 } = poll;
    const selectableCount = Math.min(maxSelections, options.length);
    contents.push({ poll: { name: question, values: [...options], selectableCount } });
  }
  const [first] = media;
  // a sound has no caption
  const captioned = first !== undefined && first.kind !== "audio";
  if (text !== "" && !captioned && !poll) contents.push(textOf(text));
  for (const file of media) {
    const caption = file === first && captioned ? text : "";
    contents.push(fileOf(file, caption, { asVoice: asVoice === true, gifPlayback: gifPlayback === true }));
  }
  return contents.map((content, index) => ({ messageId: messageIdOf(id, index), content }));
}

/** Previews of links are not made: they would ask addresses that others have chosen. */
export function textOf(text: string): AnyMessageContent {
  return { text, linkPreview: null };
}

/** The network's form of an id of ours. */
export function messageIdOf(entryId: string, index = 0): string {
  const hash = createHash("sha256").update(`${entryId}/${index}`).digest("hex");
  return `3EB0${hash.slice(0, 18).toUpperCase()}`;
}

function fileOf(
  { path, contentType, fileName, kind }: OutgoingMedia,
  caption: string,
  { asVoice, gifPlayback }: { readonly asVoice: boolean; readonly gifPlayback: boolean },
): AnyMessageContent {
  const source = { url: path };
  const said = caption === "" ? {} : { caption };
  // an empty thumbnail keeps the library from making one with whatever image tools there are
  if (kind === "image" && contentType !== "image/svg+xml") {
    return { image: source, mimetype: contentType, jpegThumbnail: "", ...said };
  }
  if (kind === "video") return { video: source, mimetype: contentType, jpegThumbnail: "", gifPlayback, ...said };
  if (kind === "audio") {
    const isVoice = asVoice && /^audio\/(ogg|opus)/.test(contentType);
    return { audio: source, mimetype: isVoice ? VOICE : contentType, ptt: isVoice };
  }
  if (kind === "sticker") return { sticker: source, mimetype: contentType };
  return { document: source, mimetype: contentType, fileName, ...said };
}
