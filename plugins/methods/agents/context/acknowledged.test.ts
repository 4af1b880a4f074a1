import assert from "node:assert/strict";
import { test } from "node:test";
import type { AssistantMessage, ContentBlock, TranscriptMessage } from "openclaw/plugin-sdk";
import { tidy } from "./tidy.ts";

const asked = (text: string): TranscriptMessage => ({ role: "user", content: [{ type: "text", text }], timestamp: 0 });
const HEARTBEAT = asked("System: [12:00Z] rain\n\nRead HEARTBEAT.md.\nCurrent time: Fri 2026-11-20 08:13 UTC");

function said(...content: readonly ContentBlock[]): AssistantMessage {
  const usage = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, totalTokens: 0 };
  return { role: "assistant", content, api: "a", provider: "p", model: "m", usage, stopReason: "stop", timestamp: 0 };
}

const text = (words: string): ContentBlock => ({ type: "text", text: words });

for (const answer of ["HEARTBEAT_OK", "**HEARTBEAT_OK**", "HEARTBEAT_OK all quiet", "All quiet. HEARTBEAT_OK"]) {
  test(`a heartbeat that was answered with ${answer} is not seen again`, () => {
    const [hello, hi] = [asked("hello"), said(text("hi"))];

    assert.deepEqual(tidy([hello, hi, HEARTBEAT, said(text(answer))]), [hello, hi]);
  });
}

test("what people ask, what found something, and what was left unanswered before it stay", () => {
  const person = [asked("say HEARTBEAT_OK"), said(text("HEARTBEAT_OK"))];
  const alert = [HEARTBEAT, said(text("The oven is on"))];
  const worked = [HEARTBEAT, said({ type: "toolCall", id: "1", name: "exec", arguments: {} }, text("HEARTBEAT_OK"))];
  const unanswered = [asked("anybody?"), HEARTBEAT, said(text("HEARTBEAT_OK"))];

  assert.deepEqual(tidy(person), person);
  assert.deepEqual(tidy(alert), alert);
  assert.equal(tidy(worked).length, 3);
  assert.match(JSON.stringify(tidy(unanswered)), /anybody\?/);
});
