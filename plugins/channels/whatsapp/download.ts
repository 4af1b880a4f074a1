import type { ChannelAccount, Download, Media } from "openclaw/plugin-sdk";
import type { Library } from "./library.ts";
import { parseMediaReference } from "./media-reference.ts";
import { OFFICIAL_URL } from "./settings.ts";

const MEDIA_HOST = "mmg.whatsapp.net";

/**
 * The bytes of an attachment, decrypted as they come. They are asked for from WhatsApp's own host and no other, whatever
 * address the sender wrote into the message.
 */
export async function download(
  library: Library,
  media: Media,
  { config }: ChannelAccount,
  signal: AbortSignal,
): Promise<Download> {
  const { kind, directPath, mediaKey } = parseMediaReference(media.ref);
  const pointer = { directPath, mediaKey: Buffer.from(mediaKey, "base64") };
  const body = await library.downloadContentFromMessage(pointer, kind, {
    host: mediaHost(config["wsUrl"]),
    options: { signal, redirect: "error" },
  });
  signal.addEventListener("abort", () => body.destroy(), { once: true });
  return {
    body: body as AsyncIterable<Uint8Array>,
    ...(media.contentType !== undefined && { contentType: media.contentType }),
    ...(media.fileName !== undefined && { fileName: media.fileName }),
  };
}

/** A server in the network's place has the files, too. */
function mediaHost(wsUrl: unknown): string {
  if (typeof wsUrl !== "string" || wsUrl === OFFICIAL_URL) return MEDIA_HOST;
  return URL.parse(wsUrl)?.host ?? MEDIA_HOST;
}
