import assert from "node:assert/strict";
import { test } from "node:test";
import { crc32, deflateSync } from "node:zlib";
import { fitImage, fitImages } from "openclaw/plugin-sdk";
import type { ContentBlock } from "openclaw/plugin-sdk";
import { imageSize } from "./image-size.ts";

/** A grey picture. */
function png(width: number, height: number, noise = false): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
    const frame = Buffer.alloc(8);
    frame.writeUInt32BE(data.length);
    frame.writeUInt32BE(crc32(body), 4);
    return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width);
  header.writeUInt32BE(height, 4);
  header[8] = 8;
  const rows = Buffer.alloc((width + 1) * height);
  let seed = 1;
  if (noise) for (let at = 0; at < rows.length; at++) rows[at] = (seed = (seed * 48_271) % 0x7fffffff) & 255;
  for (let row = 0; row < height; row++) rows[row * (width + 1)] = 0;
  return Buffer.concat([
    Buffer.from("89504e470d0a1a0a", "hex"),
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(rows, { level: 1 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

const block = (bytes: Buffer, mimeType = "image/png") =>
  ({ type: "image", data: bytes.toString("base64"), mimeType }) as const;

function shown(one: ContentBlock): { bytes: Buffer; mimeType: string; width: number; height: number } {
  assert.equal(one.type, "image");
  const { data, mimeType } = one as Extract<ContentBlock, { type: "image" }>;
  const bytes = Buffer.from(data, "base64");
  return { bytes, mimeType, ...(imageSize(bytes) ?? { width: 0, height: 0 }) };
}

test("an image that fits is left as it is, and so is a list of such", async () => {
  const small = block(png(2_000, 10));
  const list = [small, { type: "text", text: "beside it" } as const];

  assert.equal(await fitImage(small), small);
  assert.equal(await fitImages(list), list);
});

test("an image with too many pixels is scaled, once, with its shape kept", async () => {
  const wide = block(png(4_000, 1_000));

  const one = await fitImage(wide);
  assert.equal(await fitImage(wide), one);

  const { width, height, mimeType } = shown(one);
  assert.deepEqual([width, height, mimeType], [2_000, 500, "image/png"]);
});

test("an image with too many bytes becomes a jpeg below the bound", async () => {
  const noise = png(2_400, 2_400, true);
  assert.ok(noise.length > 5_000_000);

  const { bytes, mimeType, width } = shown(await fitImage(block(noise)));

  assert.deepEqual([mimeType, width], ["image/jpeg", 2_000]);
  assert.ok(bytes.length <= 3_700_000);
});

test("what cannot be scaled is a line that says why", async () => {
  const torn = png(3_000, 10).subarray(0, 60);
  const bomb = png(1, 1);
  bomb.writeUInt32BE(60_000, 16);
  bomb.writeUInt32BE(60_000, 20);

  assert.deepEqual(await fitImage(block(torn)), {
    type: "text",
    text: "[an image of 3000×10 pixels, 0.0 MB is not shown: it cannot be decoded]",
  });
  assert.match(JSON.stringify(await fitImage(block(bomb))), /more than 100 million pixels are not decoded/);
});

test("the header of each kind tells its size", async () => {
  const { default: sharp } = await import("sharp");
  const picture = sharp(png(300, 200));
  const made = {
    jpeg: await picture
      .clone()
      .jpeg()
      .withExif({ IFD0: { ImageDescription: "x".repeat(9_000) } })
      .toBuffer(),
    gif: await picture.clone().gif().toBuffer(),
    lossy: await picture.clone().webp().toBuffer(),
    lossless: await picture.clone().webp({ lossless: true }).toBuffer(),
    extended: await picture
      .clone()
      .webp()
      .withExif({ IFD0: { ImageDescription: "x" } })
      .toBuffer(),
  };

  for (const [name, bytes] of Object.entries(made))
    assert.deepEqual(imageSize(bytes), { width: 300, height: 200 }, name);
  for (const bytes of [
    Buffer.alloc(0),
    Buffer.from("GIF8"),
    made.jpeg.subarray(0, 30),
    Buffer.from("RIFF....WEBPVP9 "),
  ])
    assert.equal(imageSize(bytes), undefined);
});
