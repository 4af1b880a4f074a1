import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { startTestGateway } from "openclaw/plugin-sdk/testing";
import { root } from "../support/build.ts";
import { run, testHome } from "../support/command-line.ts";
import { commandsOf, snippetsOf } from "./snippets.ts";

const snippets = snippetsOf("docs/models.md");

test("the commands of the page work one after the other", async () => {
  const [shell] = snippets.filter(({ language }) => language === "sh");
  assert.ok(shell);
  using at = await testHome({});

  for (const { command } of commandsOf(shell)) {
    const { code, stderr } = await run(at, command.split(" ").slice(1));
    assert.equal(code, 0, `${command}: ${stderr}`);
  }
});

test("the configuration of the page starts a gateway without a warning", async () => {
  const [example] = snippets.filter(({ kind }) => kind === "config");
  const text = (example?.text ?? "").replace(
    "{\n",
    '{\n  gateway: { mode: "local", auth: { token: "test-token-0123456789abcdef" } },\n',
  );
  await using gateway = await startTestGateway({ config: text });
  const client = await gateway.client();

  const { issues, warnings } = await client.request<{ issues: object[]; warnings: object[] }>("config.get", {});
  const { models } = await client.request<{ models: { id: string }[] }>("models.list", {});

  assert.deepEqual([...issues, ...warnings], []);
  assert.ok(models.some(({ id }) => id === "qwen3"));
});

test("the provider of the page answers", async () => {
  // Inside the project, so that its imports resolve the way an author's do.
  const folder = mkdtempSync(join(root, "test", "docs", ".plugins-"));
  try {
    const place = join(folder, "echo-model");
    mkdirSync(place);
    for (const { language, text } of snippets.filter(({ name }) => name === "echo-model"))
      writeFileSync(join(place, language === "json" ? "openclaw.plugin.json" : "index.ts"), text);
    await using gateway = await startTestGateway({
      config: {
        plugins: { load: { paths: [folder] }, entries: { "echo-model": { enabled: true } } },
        agents: { defaults: { model: "echo/parrot" } },
      },
    });
    const client = await gateway.client();

    const final = await client.request<{ result: { payloads: { text: string }[] } }>(
      "agent",
      { message: "polly", sessionKey: "main", idempotencyKey: "docs" },
      { onAccepted: () => undefined },
    );

    assert.match(final.result.payloads[0]?.text ?? "", /polly$/);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
