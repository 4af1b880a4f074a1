import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { startLab } from "../delivery/lab-gateway.ts";
import { modelConfig, startFakeOpenAi } from "../fakes/openai-server.ts";
import { startToolBench } from "./bench.ts";

test("an owner's agent reads and changes single values; the next turn has them, and it is audited", async () => {
  await using bench = await startToolBench();

  const before = await bench.use("gateway", { action: "config.get", path: "agents.defaults.maxTurns" });
  const schema = await bench.use("gateway", { action: "config.schema", path: "agents.defaults.maxTurns" });
  const raw = '{ agents: { defaults: { maxTurns: 50 } }, tools: { deny: ["tts"] } }';
  const patched = await bench.use("gateway", { action: "config.patch", raw });
  const after = await bench.use("gateway", { action: "config.get", path: "agents.defaults.maxTurns" });

  assert.equal((before.details as { value: unknown }).value, null);
  assert.match(schema.text, /"minimum": 1/);
  assert.deepEqual(patched.details?.["changed"], ["agents.defaults.maxTurns", "tools.deny"]);
  assert.equal((after.details as { value: unknown }).value, 50);
  const audit = readFileSync(join(bench.gateway.stateDir, "logs", "config-audit.jsonl"), "utf8");
  assert.match(audit, /agent:main:agent:main:main/);
});

test("what opens doors is refused whatever the shape, and so is what is no configuration", async () => {
  await using bench = await startToolBench();
  const text = () => readFileSync(bench.gateway.configPath, "utf8");
  const before = text();

  for (const [given, why] of [
    [{ action: "config.patch", raw: '{"gateway":{"auth":{"token":"x"}}}' }, /cannot be changed/],
    [{ action: "config.patch", raw: '{"tools":{"exec":{"security":"full"}}}' }, /cannot be changed/],
    [{ action: "config.patch", raw: '{"plugins":null}' }, /cannot be changed/],
    [{ action: "config.apply", raw: "{}" }, /cannot be changed/],
    [{ action: "config.patch", raw: '{"agents":{"defaults":{"maxTurns":"many"}}}' }, /agents\.defaults\.maxTurns/],
    [{ action: "config.patch", raw: "{" }, /no JSON5/],
    [{ action: "config.patch", raw: '{"agents":{"defaults":{"maxTurns":9}}}', baseHash: "old" }, /changed since/],
    [{ action: "config.patch" }, /needs raw/],
    [{ action: "restart" }, /commands\.restart/],
    [{ action: "update.run" }, /openclaw update/],
  ] as const) {
    const used = await bench.use("gateway", given);
    assert.equal(used.isError, true, JSON.stringify(given));
    assert.match(used.text, why, JSON.stringify(given));
  }
  assert.equal(text(), before);

  const { details } = await bench.use("gateway", { action: "config.get" });
  const seen = details?.["config"] as { agents: { defaults: object } };
  const whole = { ...seen, agents: { ...seen.agents, defaults: { ...seen.agents.defaults, maxTurns: 9 } } };
  const applied = await bench.use("gateway", { action: "config.apply", raw: JSON.stringify(whole) });
  assert.deepEqual(applied.details?.["changed"], ["agents.defaults.maxTurns"], applied.text);
});

test("the secrets of the configuration are not shown, and nobody but owners has the tool", async () => {
  await using bench = await startToolBench();
  const shown = await bench.use("gateway", { action: "config.get", path: "gateway" });
  assert.ok(!shown.text.includes(bench.gateway.token));
  assert.ok(bench.offered().includes("gateway"));

  await using model = await startFakeOpenAi();
  await using lab = await startLab({ dmPolicy: "open", allowFrom: ["*"] }, modelConfig(model));
  await lab.says({ text: "hello", id: "m" });
  await lab.ended("m", "done");
  assert.ok(!JSON.stringify(model.requests[0]?.body.tools ?? []).includes('"name":"gateway"'));
});
