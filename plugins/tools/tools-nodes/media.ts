import { randomUUID } from "node:crypto";
import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { writeFileAtomic } from "openclaw/plugin-sdk";
import type { ContentBlock } from "openclaw/plugin-sdk";

const MAX_BYTES = 50 * 1024 * 1024;
const MAX_SHOWN = 20_000_000;
const KEPT_MS = 7 * 24 * 3_600_000;
const IMAGES: Readonly<Record<string, string>> = {
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  png: "image/png",
  webp: "image/webp",
};

export interface NodeMedia {
  readonly format: string;
  readonly base64: string;
  readonly rest: Readonly<Record<string, unknown>>;
}

/** A recording in what a node answered. */
export function mediaIn(payload: unknown): NodeMedia | undefined {
  if (typeof payload !== "object" || payload === null) return undefined;
  const { format, base64, ...rest } = payload as Record<string, unknown>;
  if (typeof base64 !== "string" || typeof format !== "string" || !/^[a-z0-9]{1,8}$/i.test(format)) return undefined;
  return { format: format.toLowerCase(), base64, rest };
}

/** Write a recording down and show it to the model when it is an image. Old ones are removed. */
export async function keepMedia({ format, base64, rest }: NodeMedia, folder: string): Promise<ContentBlock[]> {
  // The length of the text tells that of the bytes before they are made.
  if (base64.length > (MAX_BYTES / 3) * 4) return [{ type: "text", text: "the node sent more than 50 MB" }];
  const bytes = Buffer.from(base64, "base64");
  const path = join(folder, `${randomUUID()}.${format}`);
  await removeOld(folder);
  await writeFileAtomic(path, bytes, { fsync: false });
  const mimeType = Object.hasOwn(IMAGES, format) ? IMAGES[format] : undefined;
  return [
    { type: "text", text: [`MEDIA:${path}`, JSON.stringify({ ...rest, bytes: bytes.length })].join("\n") },
    ...(mimeType !== undefined && bytes.length <= MAX_SHOWN
      ? [{ type: "image" as const, data: bytes.toString("base64"), mimeType }]
      : []),
  ];
}

async function removeOld(folder: string): Promise<void> {
  const oldest = Date.now() - KEPT_MS;
  for (const name of await readdir(folder).catch(() => [])) {
    const facts = await stat(join(folder, name)).catch(() => undefined);
    if (facts?.isFile() && facts.mtimeMs < oldest) await rm(join(folder, name), { force: true });
  }
}
