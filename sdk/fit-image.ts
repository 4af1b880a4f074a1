import { imageSize } from "./image-size.ts";
import type { ContentBlock } from "./services/sessions.ts";

type ImageBlock = Extract<ContentBlock, { type: "image" }>;

/** What models get (agent.md §10.4). */
const MAX_SIDE = 2_000;
const MAX_BYTES = 5_000_000;
/** Beyond these no provider looks at an image. */
const TAKEN_SIDE = 8_000;
/** A picture of so many pixels is a few hundred megabytes in memory. */
const MAX_PIXELS = 100_000_000;
/** Of scaled ones: with room for their form as text. */
const SCALED_BYTES = 3_700_000;
const QUALITIES = [85, 70, 50, 30];
const CHARS_PER_BYTE = 4 / 3;

const fitted = new WeakMap<ImageBlock, Promise<ContentBlock>>();

/**
 * The block as a model can take it: an image of at most 2000 pixels a side and 5 MB, scaled where it has more. One that
 * cannot be scaled becomes a line that says why. Without the package sharp only those go out as they are that providers
 * scale themselves.
 */
export async function fitImage(block: ContentBlock): Promise<ContentBlock> {
  if (block.type !== "image" || fits(block)) return block;
  const known = fitted.get(block) ?? scaled(block);
  fitted.set(block, known);
  return known;
}

/** As {@link fitImage}; the same list when there is nothing to do. */
export async function fitImages(blocks: readonly ContentBlock[]): Promise<readonly ContentBlock[]> {
  if (blocks.every((block) => block.type !== "image" || fits(block))) return blocks;
  const done: ContentBlock[] = [];
  // One after the other: each is as large in memory as its picture.
  for (const block of blocks) done.push(await fitImage(block));
  return done;
}

function fits({ data }: ImageBlock): boolean {
  if (data.length > MAX_BYTES * CHARS_PER_BYTE + 4) return false;
  const { width, height } = sizeOf(data);
  return Math.max(width, height) <= MAX_SIDE;
}

/** Most headers are short; behind large metadata the whole is read. */
function sizeOf(data: string): { readonly width: number; readonly height: number } {
  const size = imageSize(Buffer.from(data.slice(0, 4_096), "base64")) ?? imageSize(Buffer.from(data, "base64"));
  return size ?? { width: 0, height: 0 };
}

async function scaled(block: ImageBlock): Promise<ContentBlock> {
  const bytes = Buffer.from(block.data, "base64");
  const { width, height } = sizeOf(block.data);
  const facts = `${width}×${height} pixels, ${(bytes.length / 1_000_000).toFixed(1)} MB`;
  const said = (problem: string): ContentBlock => ({
    type: "text",
    text: `[an image of ${facts} is not shown: ${problem}]`,
  });
  if (width * height > MAX_PIXELS) return said(`more than ${MAX_PIXELS / 1_000_000} million pixels are not decoded`);
  // Provided by the operator: it is native code and has 20 MB.
  const module = await import("sharp").catch(() => undefined);
  if (!module) {
    if (Math.max(width, height) <= TAKEN_SIDE && bytes.length <= MAX_BYTES) return block;
    return said(
      `models take ${MAX_SIDE} pixels a side and ${MAX_BYTES / 1_000_000} MB; run npm install sharp@0.35.5 beside the gateway to have larger ones scaled`,
    );
  }
  try {
    // Turned as its camera was held: what is written anew has no such note.
    const picture = module
      .default(bytes, { limitInputPixels: MAX_PIXELS })
      .rotate()
      .resize({ width: MAX_SIDE, height: MAX_SIDE, fit: "inside", withoutEnlargement: true });
    if (block.mimeType === "image/png") {
      const png = await picture.clone().png().toBuffer();
      if (png.length <= SCALED_BYTES) return imageOf(png, "image/png");
    }
    for (const quality of QUALITIES) {
      const jpeg = await picture.clone().flatten({ background: "#ffffff" }).jpeg({ quality }).toBuffer();
      if (jpeg.length <= SCALED_BYTES) return imageOf(jpeg, "image/jpeg");
    }
    return said("it stays too large however it is scaled");
  } catch {
    // What is wrong with the file, its sender cannot mend from the decoder's words.
    return said("it cannot be decoded");
  }
}

function imageOf(bytes: Buffer, mimeType: string): ImageBlock {
  return { type: "image", data: bytes.toString("base64"), mimeType };
}
