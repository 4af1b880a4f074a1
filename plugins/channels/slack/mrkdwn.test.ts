import assert from "node:assert/strict";
import { test } from "node:test";
import { callsMany, escapedText, mentionedIn, typedText } from "./mrkdwn.ts";

const typed: Readonly<Record<string, string>> = {
  "a &lt;b&gt; &amp;amp; c": "a <b> &amp; c",
  "<http://example.org|example.org> <https://u.example/a>": "example.org https://u.example/a",
  "<https://u.example/a|the page>": "the page (https://u.example/a)",
  "<mailto:a@b.example|a@b.example>": "a@b.example",
  "<#C012AB|general> <#C012AB>": "#general <#C012AB>",
  "<@U012AB|ann> <@U012AB>": "<@U012AB> <@U012AB>",
  "<!here> <!subteam^S012|@team> <!subteam^S012> <!date^1392734382^{date}|Feb 18>": "@here @team @subteam Feb 18",
  "1 < 2 > 0 <>": "1 < 2 > 0 <>",
};

for (const [raw, text] of Object.entries(typed)) {
  test(`${JSON.stringify(raw)} was typed as ${JSON.stringify(text)}`, () => assert.equal(typedText(raw), text));
}

test("what is escaped is read back as it was", () => {
  for (const text of ["<@U1> & <b> &amp;", "a < b > c && d"]) assert.equal(typedText(escapedText(text)), text);
});

test("mentions are those that Slack marked, not what somebody wrote like one", () => {
  assert.deepEqual(mentionedIn("<@U1|ann> &lt;@U2&gt; <@W3> <#C4>"), ["U1", "W3"]);
  assert.deepEqual(["<!channel>", "<!subteam^S1>", "&lt;!here&gt;", "<!date^1^x|y>"].map(callsMany), [
    true,
    true,
    false,
    false,
  ]);
});
