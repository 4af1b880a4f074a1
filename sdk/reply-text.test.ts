import assert from "node:assert/strict";
import { test } from "node:test";
import { readReply, visibleSoFar, visibleText } from "./reply-text.ts";

/** What an agent says, what people see of it. */
const WHOLE: readonly (readonly [said: string, seen: string])[] = [
  ["hello", "hello"],
  [" hello ", " hello "],
  ["NO_REPLY", ""],
  ["  NO_REPLY\n", ""],
  ["NO_REPLY: nothing to add", ""],
  ["nothing to add. NO_REPLY", ""],
  ["NO_REPLYING is a word", "NO_REPLYING is a word"],
  ["say NO_REPLY to them", "say NO_REPLY to them"],
  ["HEARTBEAT_OK", ""],
  ["HEARTBEAT_OK all is well", "all is well"],
  ["all is well HEARTBEAT_OK", "all is well"],
  ["HEARTBEAT_OK HEARTBEAT_OK", ""],
];

for (const [said, seen] of WHOLE) {
  test(`of ${JSON.stringify(said)} people see ${JSON.stringify(seen)}`, () => {
    assert.equal(visibleText(said), seen);
  });
}

test("nothing is shown of what may become a silent answer", () => {
  for (const part of ["N", "NO", "NO_RE", " NO_REPLY", "HEART", ""]) assert.equal(visibleSoFar(part), "");
  for (const part of ["No", "NOW", "Heart", "NO_REPLIES"]) assert.equal(visibleSoFar(part), part);
});

test("tags and lines of media are read out of a text", () => {
  const read = readReply(
    "[[reply_to_current]] Here it is\nMEDIA:/tmp/a.png\nMEDIA: https://x.test/b.png\n[[audio_as_voice]]",
  );

  assert.deepEqual(read, {
    text: "Here it is",
    mediaUrls: ["/tmp/a.png", "https://x.test/b.png"],
    quote: "current",
    asVoice: true,
  });
  assert.deepEqual(readReply("[[reply_to: 42]]yes").quote, { id: "42" });
  assert.equal(readReply("a list [[1]] and MEDIA: inside").text, "a list [[1]] and MEDIA: inside");
});

test("what may become a tag or a line of media is held back until that is known", () => {
  assert.equal(visibleSoFar("Hello [[reply_to"), "Hello ");
  assert.equal(visibleSoFar("Hello\nMEDIA:/tmp/a"), "Hello");
  assert.equal(visibleSoFar("see [1] and [a link](x)"), "see [1] and [a link](x)");
  assert.equal(visibleSoFar("Mine\nMore"), "Mine\nMore");
});
