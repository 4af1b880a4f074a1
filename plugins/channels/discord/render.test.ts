import assert from "node:assert/strict";
import { test } from "node:test";
import { editBody, emojiPath, messageBody, nonceOf, Unsendable } from "./render.ts";

const body = (payload: object, id = "entry-1", index = 0) =>
  messageBody({ id, payload: { text: "", ...payload } }, index);

test("a text goes out under a nonce of its entry, and calls nobody but people it names", () => {
  assert.deepEqual(body({ text: "hello @everyone" }), {
    nonce: nonceOf("entry-1"),
    enforce_nonce: true,
    allowed_mentions: { parse: ["users"], replied_user: false },
    content: "hello @everyone",
  });
  assert.equal(nonceOf("entry-1").length, 24);
  assert.notEqual(nonceOf("entry-1"), nonceOf("entry-2"));
  assert.notEqual(nonceOf("entry-1", 1), nonceOf("entry-1", 0));
});

test("quotes, silence, links and buttons have Discord's form", () => {
  assert.deepEqual(body({ text: "x", replyToId: "400000000000000007" }).message_reference, {
    message_id: "400000000000000007",
    fail_if_not_exists: false,
  });
  assert.equal(body({ text: "x", replyToId: "the last one" }).message_reference, undefined);
  assert.equal(body({ text: "x", silent: true }).flags, 4_096);
  const buttons = [[{ text: "Yes", value: "/approve 1 allow-once" }], [{ text: "Site", url: "https://example.org" }]];
  assert.deepEqual(body({ text: "x", buttons }).components, [
    { type: 1, components: [{ type: 2, style: 2, label: "Yes", custom_id: "oc:/approve 1 allow-once" }] },
    { type: 1, components: [{ type: 2, style: 5, label: "Site", url: "https://example.org" }] },
  ]);
  const seven = Array.from({ length: 7 }, (_, n) => ({ text: String(n) }));
  assert.deepEqual(
    body({ text: "x", buttons: [seven] }).components?.map((row) => (row as { components: object[] }).components.length),
    [5, 2],
  );
  assert.equal(body({ text: "x", buttons: [[]] }).components, undefined);
  assert.deepEqual(editBody({ text: "y", buttons: [] }).components, []);
});

test("what belongs to the first message is not said again with more files", () => {
  assert.deepEqual(body({ text: "x", replyToId: "400000000000000007", buttons: [[{ text: "Yes" }]] }, "entry-1", 1), {
    nonce: nonceOf("entry-1", 1),
    enforce_nonce: true,
    allowed_mentions: { parse: ["users"], replied_user: false },
  });
});

test("polls have their bounds, and what is beyond them is named", () => {
  const poll = { question: "Tea?", options: ["yes", "no"] };
  assert.deepEqual(body({ poll: { ...poll, maxSelections: 2, durationHours: 48 } }).poll, {
    question: { text: "Tea?" },
    answers: [{ poll_media: { text: "yes" } }, { poll_media: { text: "no" } }],
    duration: 48,
    allow_multiselect: true,
  });
  const long = "x".repeat(400);
  const wrong: [object, RegExp][] = [
    [{ poll: { ...poll, question: long } }, /question of Discord has at most 300/],
    [{ poll: { ...poll, options: ["a", long] } }, /answer in a poll of Discord has at most 55/],
    [{ poll: { ...poll, options: Array.from({ length: 11 }, String) } }, /at most 10 answers/],
    [{ poll: { ...poll, durationHours: 769 } }, /lasts at most 768 hours/],
    [{ buttons: [[{ text: "x", value: long }]] }, /value of a button of Discord has at most 97/],
    [{ buttons: Array.from({ length: 6 }, () => [{ text: "x" }]) }, /at most 5 rows/],
  ];
  for (const [payload, message] of wrong) {
    assert.throws(
      () => body(payload),
      (error) => error instanceof Unsendable && message.test(error.message),
    );
  }
});

test("emoji stand in a path as themselves, or as name and id", () => {
  assert.equal(emojiPath("👀"), encodeURIComponent("👀"));
  assert.equal(emojiPath("<:wave:123>"), encodeURIComponent("wave:123"));
  assert.equal(emojiPath("<a:wave:123>"), encodeURIComponent("wave:123"));
  assert.equal(emojiPath("wave:123"), encodeURIComponent("wave:123"));
  assert.equal(emojiPath("../../@me"), "%2E%2E%2F%2E%2E%2F%40me");
});
