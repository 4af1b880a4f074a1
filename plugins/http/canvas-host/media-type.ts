import type { FileHandle } from "node:fs/promises";
import { extname } from "node:path";

const SNIFFED_BYTES = 4_100;
const OCTETS = "application/octet-stream";

/** What has no signature in its first bytes. */
const BY_EXTENSION: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".htm": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".map": "application/json; charset=utf-8",
  ".txt": "text/plain; charset=utf-8",
  ".md": "text/markdown; charset=utf-8",
  ".csv": "text/csv; charset=utf-8",
  ".svg": "image/svg+xml",
  ".xml": "application/xml",
  ".wasm": "application/wasm",
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".gif": "image/gif",
  ".webp": "image/webp",
  ".avif": "image/avif",
  ".ico": "image/x-icon",
  ".woff": "font/woff",
  ".woff2": "font/woff2",
  ".mp3": "audio/mpeg",
  ".wav": "audio/wav",
  ".mp4": "video/mp4",
  ".webm": "video/webm",
  ".pdf": "application/pdf",
};

/** By extension for what browsers must be told, else by the first bytes. */
export async function mediaType(name: string, handle: FileHandle): Promise<string> {
  const known = BY_EXTENSION[extname(name).toLowerCase()];
  if (known !== undefined) return known;
  const { fileTypeFromBuffer } = await import("file-type");
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(SNIFFED_BYTES), 0, SNIFFED_BYTES, 0);
  return (await fileTypeFromBuffer(buffer.subarray(0, bytesRead)))?.mime ?? OCTETS;
}
