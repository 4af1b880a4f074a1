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
