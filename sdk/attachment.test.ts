import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { createTestHost } from "openclaw/plugin-sdk/testing";
import { definePlugin } from "openclaw/plugin-sdk";
import { readAttachments, saveImage } from "./attachment.ts";
import type { Image } from "./attachment.ts";

const PNG = Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), Buffer.alloc(20)]);
const FILES: readonly (readonly [type: string, bytes: Buffer])[] = [
  ["image/png", PNG],
  ["image/jpeg", Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 0])],
  ["image/gif", Buffer.from("GIF89a......")],
  ["image/webp", Buffer.from("RIFF1234WEBPVP8 ")],
];

for (const [type, bytes] of FILES) {
  test(`${type} is known by its bytes, whatever it is said to be`, () => {
    const content = bytes.toString("base64");

    const { images, dropped } = readAttachments([
      { type: "image", mimeType: "text/plain", content },
      { content: `data:application/pdf;base64,${content}`, fileName: "x.pdf" },
    ]);

    assert.deepEqual(
      images.map(({ contentType, bytes: read }) => [contentType, read.equals(bytes)]),
      [
        [type, true],
        [type, true],
      ],
    );
    assert.deepEqual(dropped, []);
  });
}

test("what is no image is left out and named", () => {
  const content = Buffer.from("%PDF-1.7 ...").toString("base64");

  const { images, dropped } = readAttachments([{ mimeType: "image/png", content, fileName: "a\nb.pdf" }, { content }]);

  assert.deepEqual([images.length, dropped], [0, ["a b.pdf", "attachment-2"]]);
});

/** What is attached, what the client is told. */
const REFUSED: readonly (readonly [given: unknown, message: string])[] = [
  [{ type: "image", content: "***" }, "Error: attachment image: invalid base64 content"],
  [{ fileName: "a.png", content: "" }, "Error: attachment a.png: invalid base64 content"],
  [{ content: "QUJ" }, "Error: attachment attachment-1: invalid base64 content"],
  [{ content: 7 }, "Error: attachment attachment-1: content must be base64 string"],
  [null, "Error: attachment attachment-1: content must be base64 string"],
  ["text", "Error: attachment attachment-1: content must be base64 string"],
  [
    { type: "image", content: Buffer.alloc(5_000_001).toString("base64") },
    "Error: attachment image: exceeds size limit (5000001 > 5000000 bytes)",
  ],
];

for (const [given, message] of REFUSED) {
  test(`${JSON.stringify(given).slice(0, 60)} is refused`, () => {
    assert.throws(() => readAttachments([given]), { code: "INVALID_REQUEST", message });
  });
}

test("too many attachments are refused, the largest one is taken", () => {
  assert.throws(() => readAttachments(Array.from({ length: 21 }, () => ({}))), {
    message: "Error: too many attachments (21 > 20)",
  });
  assert.equal(readAttachments([{ content: Buffer.alloc(5_000_000).toString("base64") }]).dropped.length, 1);
});

test("an image is kept once, for its owner alone, under a name that it did not choose", async () => {
  await using host = await createTestHost(definePlugin(() => undefined));
  const image: Image = { bytes: PNG, contentType: "image/png", ending: "png", fileName: "../../evil.png" };

  const [first, again] = await Promise.all([saveImage(image, host.stateDir), saveImage(image, host.stateDir)]);

  assert.deepEqual(first, again);
  const path = first.path as string;
  assert.equal(dirname(path), join(host.stateDir, "media", "inbound"));
  assert.ok(readFileSync(path).equals(PNG));
  assert.equal(statSync(path).mode & 0o777, 0o600);
});
