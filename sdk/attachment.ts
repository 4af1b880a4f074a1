import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { GatewayError } from "./error.ts";
import { writeFileAtomic } from "./files.ts";
import type { Media } from "./services/envelope.ts";

/** Bytes of one attachment (protocol.md §9.2). */
const MAX_BYTES = 5_000_000;
const MAX_COUNT = 20;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** First bytes of the kinds of images that models take. */
const KINDS: readonly (readonly [type: string, ending: string, test: (bytes: Buffer) => boolean])[] = [
  ["image/png", "png", (bytes) => bytes.subarray(0, 8).toString("latin1") === "\x89PNG\r\n\x1a\n"],
  ["image/jpeg", "jpg", (bytes) => bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff],
  ["image/gif", "gif", (bytes) => /^GIF8[79]a$/.test(bytes.subarray(0, 6).toString("latin1"))],
  ["image/webp", "webp", (bytes) => /^RIFF.{4}WEBP$/s.test(bytes.subarray(0, 12).toString("latin1"))],
];

export interface Image {
  readonly bytes: Buffer;
  readonly contentType: string;
  readonly ending: string;
  readonly fileName: string | undefined;
}

export interface Attachments {
  readonly images: readonly Image[];
  /** Names of what was no image, and is left out. */
  readonly dropped: readonly string[];
}

/** The type of an image that models take, by its first bytes. */
export function imageType(bytes: Buffer): string | undefined {
  return KINDS.find(([, , test]) => test(bytes))?.[0];
}

/** What a client attached. What the bytes are counts, not what they are said to be. */
export function readAttachments(given: readonly unknown[]): Attachments {
  if (given.length > MAX_COUNT) {
    throw new GatewayError("INVALID_REQUEST", `Error: too many attachments (${given.length} > ${MAX_COUNT})`);
  }
  const images: Image[] = [];
  const dropped: string[] = [];
  for (const [at, one] of given.entries()) {
    const { type, fileName, content } = (one ?? {}) as Readonly<Record<string, unknown>>;
    const label = word(fileName) ?? word(type) ?? `attachment-${at + 1}`;
    const bytes = decoded(content, label);
    const kind = KINDS.find(([, , test]) => test(bytes));
    if (kind) images.push({ bytes, contentType: kind[0], ending: kind[1], fileName: word(fileName) });
    else dropped.push(label);
  }
  return { images, dropped };
}

/** Puts an image into the media store. Equal bytes are one file, so that a repeated request leaves nothing behind. */
export async function saveImage({ bytes, contentType, ending, fileName }: Image, stateDir: string): Promise<Media> {
  const name = `${createHash("sha256").update(bytes).digest("hex").slice(0, 32)}.${ending}`;
  const path = join(stateDir, "media", "inbound", name);
  if (!existsSync(path)) await writeFileAtomic(path, bytes);
  const known = { kind: "image", path, contentType, size: bytes.length, status: "saved" } as const;
  return { ...known, ...(fileName !== undefined && { fileName }) };
}

function decoded(content: unknown, label: string): Buffer {
  if (typeof content !== "string") throw refused(label, "content must be base64 string");
  const text = content.replace(/^data:[^,]*,/, "").replaceAll(/\s+/g, "");
  if (text.length % 4 !== 0 || !BASE64.test(text)) throw refused(label, "invalid base64 content");
  const size = Math.floor((text.length * 3) / 4) - (text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0);
  if (size > MAX_BYTES) throw refused(label, `exceeds size limit (${size} > ${MAX_BYTES} bytes)`);
  return Buffer.from(text, "base64");
}

function word(value: unknown): string | undefined {
  if (typeof value !== "string") return undefined;
  const plain = value.replaceAll(/[\p{Cc}]/gu, " ").trim();
  return plain === "" ? undefined : plain.slice(0, 200);
}

function refused(label: string, problem: string): GatewayError {
  return new GatewayError("INVALID_REQUEST", `Error: attachment ${label}: ${problem}`);
}
