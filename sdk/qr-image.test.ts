import assert from "node:assert/strict";
import { test } from "node:test";
import { qrDataUrl } from "./qr-image.ts";

test("a QR code is a picture", () => {
  const url = qrDataUrl([
    [true, false],
    [false, true],
  ]);

  const bytes = Buffer.from(url.replace("data:image/png;base64,", ""), "base64");
  assert.equal(bytes.subarray(1, 4).toString(), "PNG");
  assert.deepEqual([bytes.readUInt32BE(16), bytes.readUInt32BE(20)], [12, 12]);
});
