import assert from "node:assert/strict";
import { test } from "node:test";
import { contentOf, emojiName, messageBody } from "./render.ts";

test("a text is marked as that of its entry, and plain text holds no markup", () => {
  assert.deepEqual(messageBody({ id: "e1", payload: { text: "*a*", format: "native" } }), {
    text: "*a*",
    metadata: { event_type: "openclaw_delivery", event_payload: { id: "e1" } },
  });
  assert.deepEqual(contentOf({ text: "*a* <@U1> & b", format: "plain" }), {
    text: "*a* &lt;@U1&gt; &amp; b",
    mrkdwn: false,
  });
});

test("buttons are blocks behind the text, which is cut between words", () => {
  const text = "word ".repeat(1_000).trim();
  const { blocks = [] } = contentOf({
    text,
    format: "native",
    buttons: [
      [
        { text: "Yes", value: "do it" },
        { text: "Docs", url: "https://example.org/" },
      ],
      [],
      [{ text: "No" }],
    ],
  });

  const [first, second, ...rows] = blocks as { type: string; text?: { text: string }; elements?: object[] }[];
  assert.equal(`${first?.text?.text}${second?.text?.text}`, text);
  assert.ok((first?.text?.text.length ?? 0) <= 3_000);
  const label = (name: string) => ({ type: "plain_text", text: name, emoji: true });
  assert.deepEqual(
    rows.map(({ elements }) => elements),
    [
      [
        { type: "button", action_id: "oc:0:0", text: label("Yes"), value: "do it" },
        { type: "button", action_id: "oc:0:1", text: label("Docs"), url: "https://example.org/" },
      ],
      [{ type: "button", action_id: "oc:1:0", text: label("No"), value: "No" }],
    ],
  );
  assert.equal(contentOf({ text: "", buttons: [[{ text: "Yes" }]] }).text, "Yes");
});

test("what Slack has no room for is refused by name", () => {
  const button = { text: "x" };
  for (const [buttons, reason] of [
    [[[{ text: "x", value: "y".repeat(2_001) }]], /at most 2000 characters/],
    [[[{ text: "x", url: `https://${"y".repeat(3_000)}` }]], /at most 3000 characters/],
    [[Array.from({ length: 26 }, () => button)], /at most 25 buttons/],
    [Array.from({ length: 51 }, () => [button]), /at most 50 rows/],
  ] as const)
    assert.throws(() => contentOf({ text: "t", buttons }), reason);
});

test("an emoji is a name, whichever way it is given", () => {
  for (const [given, name] of [
    ["👍", "+1"],
    ["❤️", "heart"],
    [":Party_Parrot:", "party_parrot"],
    ["eyes", "eyes"],
    ["constructor", "constructor"],
  ] as const)
    assert.equal(emojiName(given), name);
});
