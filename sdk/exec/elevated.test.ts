import assert from "node:assert/strict";
import { test } from "node:test";
import { at } from "../config/validate.ts";
import type { Settings } from "../gateway.ts";
import type { Envelope } from "../services/envelope.ts";
import { closedGates } from "./elevated.ts";

const config = { tools: { elevated: { allowFrom: { signal: ["+1", 2] } } } };
const settings: Settings = { get: <T>(path: string) => at(config, path) as T | undefined };
const GATE = "tools.elevated.allowFrom.signal";

function from(id: string, alsoFrom?: readonly string[]): { agentId: string; envelope: Envelope } {
  const envelope = { channel: "signal", sender: { id }, ...(alsoFrom && { alsoFrom }) } as unknown as Envelope;
  return { agentId: "main", envelope };
}

test("who is named may elevate; a turn with words of somebody else may not, whoever spoke first", () => {
  assert.deepEqual(closedGates(settings, from("+1")), []);
  assert.deepEqual(closedGates(settings, from("+3")), [GATE]);
  assert.deepEqual(closedGates(settings, from("+1", ["2"])), []);
  assert.deepEqual(closedGates(settings, from("+1", ["+3"])), [GATE]);
  assert.deepEqual(closedGates(settings, from("+3", ["+1"])), [GATE]);
});
