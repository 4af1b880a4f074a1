import assert from "node:assert/strict";
import { test } from "node:test";
import { startTestGateway } from "openclaw/plugin-sdk/testing";
import { snippetsOf } from "./snippets.ts";

test("the configuration of the page starts a gateway without a warning", async () => {
  const [example] = snippetsOf("docs/configuration.md").filter(({ kind }) => kind === "config");
  const text = (example?.text ?? "").replace("${OPENCLAW_GATEWAY_TOKEN}", "test-token-0123456789abcdef");

  await using gateway = await startTestGateway({ config: text });

  const client = await gateway.client();
  const { issues, warnings, config } = await client.request<{ issues: object[]; warnings: object[]; config: object }>(
    "config.get",
    {},
  );
  assert.deepEqual([...issues, ...warnings], []);
  assert.equal((config as { agents: { defaults: { model: string } } }).agents.defaults.model, "ollama/llama3.2");
});
