import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { eventually, startTestGateway } from "openclaw/plugin-sdk/testing";
import { startLab } from "../delivery/lab-gateway.ts";
import { modelConfig, startFakeOpenAi } from "../fakes/openai-server.ts";
import type { FakeOpenAi } from "../fakes/openai-server.ts";
import { ask } from "./asking.ts";

/** A workspace with some files, and a gateway's configuration that uses it. */
function place(model: FakeOpenAi, files: Readonly<Record<string, string>>, defaults: object = {}) {
  const folder = mkdtempSync(join(tmpdir(), "openclaw-workspace-"));
  const workspace = join(folder, "workspace");
  mkdirSync(workspace);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(workspace, name), text);
  const config = modelConfig(model);
  return {
    workspace,
    config: {
      ...config,
      agents: { defaults: { ...config.agents.defaults, workspace, skipBootstrap: true, ...defaults } },
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function systemOf(model: FakeOpenAi, index = -1): string {
  const message = model.requests.at(index)?.body.messages.find(({ role }) => role === "system");
  return String(message?.content);
}

test("the prompt has the files of the workspace, says which are missing and leaves out blank ones", async () => {
  await using model = await startFakeOpenAi();
  using home = place(model, {
    "AGENTS.md": "Be kind to cats.",
    "SOUL.md": "  \n",
    "MEMORY.md": "The cat is called Mia.",
  });
  await using gateway = await startTestGateway({ config: home.config });
  const client = await gateway.client();

  const { result } = await ask(client, "hello");

  const system = systemOf(model);
  assert.match(system, /# Project Context\n## AGENTS\.md\nBe kind to cats\./);
  assert.match(system, /## USER\.md\n\[missing: /);
  assert.match(system, /The cat is called Mia/);
  assert.doesNotMatch(system, /SOUL\.md|BOOTSTRAP\.md/);
  assert.ok(
    system.indexOf("## Safety") < system.indexOf("## Workspace") &&
      system.indexOf("## Workspace") < system.indexOf("## Runtime"),
  );
  const report = result.meta["systemPromptReport"] as {
    systemPrompt: { chars: number };
    injectedWorkspaceFiles: { name: string; missing: boolean; injectedChars: number }[];
  };
  assert.equal(report.systemPrompt.chars, system.length);
  assert.partialDeepStrictEqual(report.injectedWorkspaceFiles[0], {
    name: "AGENTS.md",
    missing: false,
    injectedChars: 16,
  });
});

test("two turns with nothing changed send the same prompt, and a changed file is in the next one", async () => {
  await using model = await startFakeOpenAi();
  using home = place(model, { "AGENTS.md": "first version" });
  await using gateway = await startTestGateway({ config: home.config });
  const client = await gateway.client();
  await ask(client, "one");
  await ask(client, "two");
  assert.equal(systemOf(model, 0), systemOf(model, 1));

  writeFileSync(join(home.workspace, "AGENTS.md"), "second version");

  await eventually("the new file is told", async () => {
    await ask(client, "three");
    return systemOf(model).includes("second version");
  });
});

test("a file that is too long keeps its beginning and its end", async () => {
  await using model = await startFakeOpenAi();
  const long = `${"a".repeat(500)}${"b".repeat(500)}${"c".repeat(500)}`;
  using home = place(model, { "AGENTS.md": long }, { bootstrapMaxChars: 300 });
  await using gateway = await startTestGateway({ config: home.config });
  const client = await gateway.client();

  await ask(client, "hello");

  assert.match(systemOf(model), /a{210}\n\[… 1230 characters of AGENTS\.md are left out here.*\]\nc{60}/);
});

test("what is private to the owner stays out of other sessions, and a sub-agent is told only how to work", async () => {
  await using model = await startFakeOpenAi();
  using home = place(model, { "AGENTS.md": "rules", "USER.md": "the owner", "MEMORY.md": "a secret" });
  await using gateway = await startTestGateway({ config: home.config });
  const client = await gateway.client();

  await ask(client, "hello", { sessionKey: "agent:main:telegram:group:77" });
  await ask(client, "hello", { sessionKey: "agent:main:subagent:6c0a1de2-0000-4000-8000-000000000000" });

  assert.doesNotMatch(systemOf(model, 0), /a secret/);
  assert.match(systemOf(model, 0), /the owner/);
  assert.match(systemOf(model, 1), /rules/);
  assert.doesNotMatch(systemOf(model, 1), /the owner|NO_REPLY|## Identity/);
});

test("a caller's own words for the prompt are in it", async () => {
  await using model = await startFakeOpenAi();
  using home = place(model, {});
  await using gateway = await startTestGateway({ config: home.config });
  const client = await gateway.client();

  await ask(client, "hello", { extraSystemPrompt: "Answer like a pirate." });

  assert.match(systemOf(model), /## Extra Context\nAnswer like a pirate\./);
});

test("the agent is told where the documentation of its gateway is, and can read it", async () => {
  await using model = await startFakeOpenAi();
  using home = place(model, {});
  await using gateway = await startTestGateway({ config: home.config });
  const client = await gateway.client();
  await ask(client, "hello");
  const folder = /documentation of this gateway is in (\S+)\. /.exec(systemOf(model))?.[1] ?? "";
  model.scripts.push((reply) => {
    reply.toolCall("call-1", "read", JSON.stringify({ path: join(folder, "agents.md"), limit: 3 }));
    reply.end("tool_calls");
  });

  await ask(client, "how do agents work?");

  assert.match(JSON.stringify(model.requests.at(-1)?.body.messages.at(-1)), /# Agents/);
});

test("the time before a message is in the zone that is wanted, or left out", async () => {
  await using model = await startFakeOpenAi();
  const { agents, ...rest } = modelConfig(model) as { agents: { defaults: object } };
  const toldWith = async (keys: object) => {
    const config = { ...rest, agents: { defaults: { ...agents.defaults, userTimezone: "Asia/Tokyo", ...keys } } };
    await using lab = await startLab({ dmPolicy: "open", allowFrom: ["*"] }, config);
    await lab.says({ text: "hello", id: "m", timestamp: Date.UTC(2026, 10, 20, 8, 13) });
    await lab.ended("m", "done");
    return JSON.stringify(model.requests.at(-1)?.body.messages.at(-1));
  };

  assert.match(await toldWith({}), /\[Lab ann id:ann Fri 2026-11-20 17:13 GMT\+9\] hello/);
  assert.match(await toldWith({ envelopeTimezone: "utc" }), /\[Lab ann id:ann Fri 2026-11-20 08:13 UTC\] hello/);
  assert.match(await toldWith({ envelopeTimezone: "America/Bogota" }), /Fri 2026-11-20 03:13 GMT-5\] hello/);
  assert.match(await toldWith({ envelopeTimestamp: "off" }), /\[Lab ann id:ann\] hello/);
});

test("what a group says of its turns is in the prompt there, and nowhere else", async () => {
  await using model = await startFakeOpenAi();
  const groups = { g1: { requireMention: false, systemPrompt: "Speak like a pirate.", skills: ["weather"] } };
  await using lab = await startLab(
    { dmPolicy: "open", allowFrom: ["*"], groupPolicy: "open", groups },
    modelConfig(model),
  );

  await lab.says({ text: "hello", id: "g", chatType: "group", chatId: "g1" });
  await lab.ended("g", "done");
  const there = systemOf(model);
  await lab.says({ text: "hello", id: "d" });
  await lab.ended("d", "done");
  const elsewhere = systemOf(model);

  assert.match(there, /## Group Chat Context\nSpeak like a pirate\./);
  assert.doesNotMatch(elsewhere, /pirate/);
  assert.ok(there.includes("weather") && !there.includes("skill-author"));
  assert.ok(elsewhere.includes("skill-author"));
});

test("a pipe and a device among the files of the workspace hold up no turn", async () => {
  await using model = await startFakeOpenAi();
  using home = place(model, { "AGENTS.md": "Be kind to cats." });
  for (const name of ["SOUL.md", "TOOLS.md", "IDENTITY.md", "USER.md"])
    execFileSync("mkfifo", [join(home.workspace, name)]);
  symlinkSync("/dev/zero", join(home.workspace, "HEARTBEAT.md"));
  await using gateway = await startTestGateway({ config: home.config });

  const { status } = await ask(await gateway.client(), "hello");

  assert.equal(status, "ok");
  assert.match(systemOf(model), /Be kind to cats/);
  assert.match(systemOf(model), /## SOUL\.md\n\[missing: /);
});
