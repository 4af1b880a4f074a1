import type { Media } from "openclaw/plugin-sdk";

export type MediaKind = Extract<Media["kind"], "image" | "video" | "audio" | "document" | "sticker">;

/** Where an attachment lies on WhatsApp's servers, and the key it is encrypted with. */
export interface MediaReference {
  readonly kind: MediaKind;
  readonly directPath: string;
  /** Base64. */
  readonly mediaKey: string;
}

interface Pointer {
  readonly directPath?: string | null;
  readonly mediaKey?: Uint8Array | null;
}

/**
 * A path and nothing but a path: it is written by the sender and joined to a host's name, so `@evil.example` or
 * `.evil.example` would lead elsewhere.
 */
const PATH = /^\/[\w!$&'()*+,./:;=?@%~-]{1,2000}$/;
const KINDS: ReadonlySet<string> = new Set(["image", "video", "audio", "document", "sticker"]);

/** The handle for `Media.ref`, or nothing when the message does not say where the bytes are. */
export function mediaReference(kind: MediaKind, { directPath, mediaKey }: Pointer): string | undefined {
  if (!directPath || !PATH.test(directPath) || directPath.startsWith("//") || mediaKey?.length !== 32) return undefined;
  const reference: MediaReference = { kind, directPath, mediaKey: Buffer.from(mediaKey).toString("base64") };
  return JSON.stringify(reference);
}

/** Throws for what {@link mediaReference} did not make. */
export function parseMediaReference(ref: string | undefined): MediaReference {
  const { kind, directPath, mediaKey } = JSON.parse(ref ?? "{}") as Partial<Record<string, unknown>>;
  const isWhole =
    typeof kind === "string" &&
    KINDS.has(kind) &&
    typeof directPath === "string" &&
    PATH.test(directPath) &&
    !directPath.startsWith("//") &&
    typeof mediaKey === "string";
  if (!isWhole) throw new Error("the attachment has no address on WhatsApp's servers");
  return { kind: kind as MediaKind, directPath, mediaKey };
}
