import { readFile } from "node:fs/promises";
import { fitImage } from "openclaw/plugin-sdk";
import type { ContentBlock, Envelope } from "openclaw/plugin-sdk";

/** Kinds of images that models take (agent.md §17). */
const TAKEN: ReadonlySet<string | undefined> = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);
/** Read into memory, to be scaled to what models take. */
const MAX_BYTES = 20_000_000;

/** The images that came with a message, for the model to see. One that is gone is named instead. */
export async function attachedImages({ media = [] }: Envelope): Promise<ContentBlock[]> {
  const blocks: ContentBlock[] = [];
  for (const { path, contentType, size = 0, fileName = "image" } of media) {
    if (path === undefined || contentType === undefined || !TAKEN.has(contentType) || size > MAX_BYTES) continue;
    const bytes = await readFile(path).catch(() => undefined);
    blocks.push(
      bytes
        ? await fitImage({ type: "image", data: bytes.toString("base64"), mimeType: contentType })
        : { type: "text", text: `[${fileName} is not in the media store any more]` },
    );
  }
  return blocks;
}
