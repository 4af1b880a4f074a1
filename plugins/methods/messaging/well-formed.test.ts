import assert from "node:assert/strict";
import { test } from "node:test";
import type { Envelope } from "openclaw/plugin-sdk";
import { wellFormed } from "./well-formed.ts";

test("what a channel forgot is empty, numbers are text, and a message without an id is not taken in", () => {
  // What a faulty plugin may hand over, against its types.
  const bare = { channel: "lab", messageId: 7, sender: { id: 41 }, chatId: -1001 } as unknown as Envelope;

  const { messageId, text, chatId, sender } = wellFormed(bare);

  assert.deepEqual([messageId, text, chatId, sender], ["7", "", "-1001", { id: "41" }]);
  assert.equal(wellFormed({ ...bare, sender: null } as unknown as Envelope).sender.id, "");
  assert.throws(() => wellFormed({ ...bare, messageId: undefined } as unknown as Envelope), {
    message: "a message of lab has no messageId; give the network's own",
  });
});

test("what a channel says of attachments is a list of some, with handles of a reasonable length", () => {
  const mediaOf = (media: unknown) =>
    wellFormed({
      channel: "lab",
      messageId: "1",
      sender: { id: "1" },
      text: "",
      chatId: "1",
      media,
    } as unknown as Envelope).media;
  const image = { kind: "image", ref: "a", status: "pending" };

  assert.deepEqual(mediaOf("cat.png"), []);
  assert.deepEqual(mediaOf([image, null, 7]), [image]);
  assert.deepEqual(mediaOf([{ ...image, ref: "a".repeat(8_193) }]), [{ kind: "image", status: "skipped" }]);
  assert.deepEqual(mediaOf([{ ...image, ref: { id: 1 } }]), [{ kind: "image", status: "skipped" }]);
  assert.equal(mediaOf(Array.from({ length: 60 }, () => image))?.length, 50);
});
