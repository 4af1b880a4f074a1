import type { Media } from "openclaw/plugin-sdk";
import type { WireFile, WireMessage } from "./wire.ts";

/** The Bot API hands out no larger files. */
export const DOWNLOAD_BYTES: number = 20 * 1_048_576;

/** The attachments of one message: named, not downloaded. */
export function mediaOf(message: WireMessage): Media[] {
  const { photo, animation, video, video_note, audio, voice, document, sticker } = message;
  const largest = photo?.toSorted((a, b) => area(b) - area(a))[0];
  if (largest) return [item("image", largest, "image/jpeg")];
  // An animation comes as a document too.
  if (animation) return [item("video", animation, "video/mp4")];
  if (video) return [item("video", video, "video/mp4")];
  if (video_note) return [item("video", video_note, "video/mp4")];
  if (audio) return [item("audio", audio, "audio/mpeg")];
  if (voice) return [item("audio", voice, "audio/ogg")];
  if (document) return [item("document", document)];
  if (!sticker) return [];
  // No agent can look at the formats of moving stickers.
  if (sticker.is_animated || sticker.is_video) return [{ kind: "sticker", status: "skipped" }];
  return [item("sticker", sticker, "image/webp")];
}

function item(kind: Media["kind"], file: WireFile, usually?: string): Media {
  const { file_id: ref, file_size: size, file_name: fileName, mime_type: type = usually } = file;
  return {
    kind,
    ...(ref !== undefined && { ref }),
    ...(type !== undefined && { contentType: type }),
    ...(fileName !== undefined && { fileName }),
    ...(size !== undefined && { size }),
    status: ref === undefined ? "failed" : (size ?? 0) > DOWNLOAD_BYTES ? "too-large" : "pending",
  };
}

function area({ width = 0, height = 0 }: WireFile): number {
  return width * height;
}
