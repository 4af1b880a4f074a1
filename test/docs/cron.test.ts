import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { startTestGateway } from "openclaw/plugin-sdk/testing";
import { run, startGateway, testHome } from "../support/command-line.ts";
import { commandsOf, snippetsOf } from "./snippets.ts";

/** The one that clients of a test gateway come with. */
const TEST_TOKEN = "test-token-0123456789abcdef";
const snippets = snippetsOf("docs/cron.md");
const snippet = (kind: string) => snippets.find((one) => one.kind === kind)?.text ?? "";

/** A command as a shell splits it. */
function words(command: string): string[] {
  return [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "");
}

test("the settings and the jobs of the page are read without a complaint", async () => {
  const home = mkdtempSync(join(tmpdir(), "openclaw-docs-"));
  try {
    mkdirSync(join(home, ".openclaw", "cron"), { recursive: true });
    writeFileSync(join(home, ".openclaw", "cron", "jobs.json"), snippet("jobs"));
    const settings = snippet("config").replace("{", `{ gateway: { mode: "local", auth: { token: "${TEST_TOKEN}" } },`);
    await using gateway = await startTestGateway({ home, config: settings });
    const client = await gateway.client();

    const { issues, warnings } = await client.request<{ issues: object[]; warnings: object[] }>("config.get", {});
    const { jobs } = await client.request<{ jobs: { id: string; deliverTo: string }[] }>("cron.list", {});

    assert.deepEqual([...issues, ...warnings], []);
    assert.deepEqual(jobs.map(({ id, deliverTo }) => `${id} ${deliverTo}`).toSorted(), [
      "evening telegram:123456",
      "standup telegram:123456",
    ]);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});

test("the commands of the page plan what they say", async () => {
  using at = await testHome();
  await using _gateway = await startGateway(at);
  const commands = commandsOf({ page: "", language: "sh", kind: undefined, name: undefined, text: snippet("cli") });

  for (const { command } of commands) {
    const { code, stderr } = await run(at, words(command).slice(1));
    assert.equal(code, 0, `${command}: ${stderr}`);
  }

  const { stdout } = await run(at, ["automations", "list", "--json"]);
  const { jobs } = JSON.parse(stdout) as { jobs: { name: string; payload: { kind: string } }[] };
  assert.deepEqual(jobs.map(({ name, payload }) => `${name} ${payload.kind}`).toSorted(), [
    "backup webhook",
    "greeting message",
    "standup agentTurn",
    "tea systemEvent",
  ]);
  const file = JSON.parse(readFileSync(join(at.stateDir, "cron", "jobs.json"), "utf8")) as { jobs: object[] };
  assert.equal(file.jobs.length, 4);
});
