import assert from "node:assert/strict";
import { test } from "node:test";
import type { RunEvent } from "../services/agents.ts";
import { GrowingText } from "./growing-text.ts";

const event = (stream: RunEvent["stream"], data: Record<string, unknown> = {}): RunEvent => ({
  runId: "r",
  sessionKey: "s",
  seq: 1,
  ts: 1,
  stream,
  data,
});

test("what is told in parts is what is told whole, whatever the parts are", () => {
  const growing = new GrowingText();
  const parts = [
    event("lifecycle", { phase: "start" }),
    event("assistant", { text: "One" }),
    event("assistant", { text: "One two" }),
    event("assistant", { text: "One two" }),
    event("tool", { phase: "start" }),
    event("tool", { phase: "result" }),
    event("assistant", { text: "" }),
    event("assistant", { text: "Th" }),
    event("assistant", { text: "Three" }),
  ].map((one) => growing.take(one));

  assert.equal(growing.text, "One two\n\nThree");
  assert.equal(parts.join(""), growing.text);
});

test("what was given out is never taken back", () => {
  const growing = new GrowingText();
  growing.take(event("assistant", { text: "Beginning" }));

  assert.equal(growing.take(event("assistant", { text: "Other" })), "");
  assert.equal(growing.text, "Beginning");
});

test("a tool before the first word makes no empty paragraph", () => {
  const growing = new GrowingText();
  growing.take(event("tool", {}));

  assert.equal(growing.take(event("assistant", { text: "Word" })), "Word");
});
