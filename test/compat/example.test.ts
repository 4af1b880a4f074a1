import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { Agents, Messaging } from "openclaw/plugin-sdk";
import register from "../../examples/register-api/index.ts";
import { sampleWork, SESSION, toolCall } from "./samples.ts";
import { fetchFrom, hostFor, startWith, stateOf } from "./support.ts";

const EXAMPLE = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "examples", "register-api");

test("the example runs unchanged and has nothing to complain about but its open question", async () => {
  await using gateway = await startWith([EXAMPLE], { entries: { "register-api": { config: { room: "attic" } } } });
  const client = await gateway.client();

  const turned = await client.request("lamp.turn", { on: true });
  const seen = await fetchFrom(gateway, "/lamp");

  assert.deepEqual(turned, { on: true, text: "the lamp in the attic is on" });
  assert.deepEqual(await seen.json(), { on: true, minutes: 0 });
  await assert.rejects(client.request("lamp.turn", {}), { code: "INVALID_REQUEST" });
  const { state, unsupported, contributes, diagnostics } = stateOf(gateway, "register-api");
  assert.deepEqual([state, unsupported], ["active", []]);
  assert.deepEqual(contributes, {
    methods: ["lamp.turn"],
    tools: ["lamp"],
    commands: ["lamp"],
    http: ["/lamp"],
    services: ["lamp-clock"],
    hooks: ["before_agent_start"],
  });
  assert.equal(diagnostics.length, 1);
  assert.match(diagnostics[0] ?? "", /^its http routes answer this machine/);
});

test("the example's tool, command and hook work", async () => {
  await using host = await hostFor(register);
  const { tool, beforeTurn } = host.hooksOf(Agents);
  const command = host.hooksOf(Messaging).command.offers.get("lamp");

  const result = await tool.offers.get("lamp")?.hook.promise(toolCall("lamp", { on: true }));
  const reply = await command?.hook.promise({ name: "lamp", args: "", work: sampleWork(), session: SESSION });
  const place = { agentId: "main", sessionKey: SESSION.key, runId: "r" };
  const prompt = await beforeTurn.promise({ system: "", text: "hello" }, place);

  assert.deepEqual(result, { content: [{ type: "text", text: "the lamp in the hall is on" }] });
  assert.deepEqual(reply, { text: "the lamp in the hall is on" });
  assert.equal(prompt.text, "(the lamp in the hall is on)\n\nhello");
});
