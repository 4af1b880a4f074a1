import { extname } from "node:path";
import type { Media } from "openclaw/plugin-sdk";

export const MB: number = 1_048_576;

/** Bytes of one attachment by what it is (channels.md §1.13). */
const CEILINGS: Readonly<Record<Media["kind"], number>> = {
  image: 6 * MB,
  sticker: 6 * MB,
  audio: 16 * MB,
  video: 16 * MB,
  document: 100 * MB,
  unknown: 100 * MB,
};

/** Enough of the beginning of a file to tell what it is. */
export const HEAD_BYTES = 4_100;

export interface FileType {
  readonly contentType: string;
  /** With the dot; empty when there is none. */
  readonly extension: string;
}

/** What is known of a file beside its bytes. */
export interface Said {
  readonly contentType?: string | undefined;
  readonly fileName?: string | undefined;
}

/** Types of text, which has no first bytes of its own. */
const TEXTS: Readonly<Record<string, string>> = {
  ".txt": "text/plain",
  ".md": "text/markdown",
  ".csv": "text/csv",
  ".json": "application/json",
  ".html": "text/html",
  ".log": "text/plain",
  ".svg": "image/svg+xml",
};

export function ceilingOf(kind: Media["kind"]): number {
  return CEILINGS[kind];
}

/** What the bytes are; else what somebody said they are; else what the name tells (security.md S-31). */
export async function fileType(head: Uint8Array, { contentType, fileName = "" }: Said): Promise<FileType> {
  const { fileTypeFromBuffer } = await import("file-type");
  const found = await fileTypeFromBuffer(head).catch(() => undefined);
  if (found) return { contentType: bare(found.mime), extension: `.${found.ext}` };
  const extension = /^\.[a-z0-9]{1,8}$/i.exec(extname(fileName))?.[0].toLowerCase() ?? "";
  const said = contentType === undefined || isAnything(contentType) ? undefined : bare(contentType);
  // Bytes that are no image must not be taken for one: nothing but text is believed.
  const believed = said !== undefined && !/^(?:image|audio|video)\//.test(said) ? said : undefined;
  return { contentType: believed ?? TEXTS[extension] ?? "application/octet-stream", extension };
}

/** What the attachment is to people. A sticker stays one. */
export function kindOf(contentType: string, said: Media["kind"] = "unknown"): Media["kind"] {
  if (said === "sticker") return said;
  const [family] = contentType.split("/");
  return family === "image" || family === "audio" || family === "video" ? family : "document";
}

function bare(contentType: string): string {
  return contentType.split(";")[0]?.trim().toLowerCase() ?? "";
}

function isAnything(contentType: string): boolean {
  return !/^[\w.+-]+\/[\w.+-]+/.test(contentType) || /^(?:application\/octet-stream|binary\/)/i.test(contentType);
}
