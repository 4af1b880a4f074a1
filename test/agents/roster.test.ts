import assert from "node:assert/strict";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { startTestGateway } from "openclaw/plugin-sdk/testing";
import { modelConfig, startFakeOpenAi } from "../fakes/openai-server.ts";

interface Files {
  readonly files: readonly { name: string; missing: boolean; problem?: string }[];
}

test("an agent is made with a workspace, listed, changed and taken out again, without a restart", async () => {
  await using gateway = await startTestGateway({
    config: "// mine\n{ gateway: { mode: 'local', auth: { token: 'test-token-0123456789abcdef' } } }\n",
  });
  const client = await gateway.client();
  const workspace = join(gateway.home, "ops");

  const created = await client.request("agents.create", { name: "Ops Bot", workspace, emoji: "🛠" });
  const identity = await client.request("agent.identity.get", { agentId: "ops-bot" });
  const updated = await client.request("agents.update", { agentId: "ops-bot", name: "Ops", model: "fake/one" });
  const list = await client.request<{ agents: unknown }>("agents.list", {});

  assert.deepEqual(created, { ok: true, agentId: "ops-bot", name: "Ops Bot", workspace });
  assert.deepEqual(identity, { agentId: "ops-bot", name: "Ops Bot", avatar: "A", emoji: "🛠" });
  assert.deepEqual(updated, { ok: true, agentId: "ops-bot" });
  assert.deepEqual(list.agents, [{ id: "main" }, { id: "ops-bot", name: "Ops" }]);
  assert.deepEqual(
    ["AGENTS.md", "SOUL.md", "BOOTSTRAP.md"].map((name) => existsSync(join(workspace, name))),
    [true, true, false],
  );
  assert.equal(statSync(workspace).mode & 0o777, 0o700);
  assert.equal(statSync(join(workspace, "SOUL.md")).mode & 0o777, 0o600);

  const removed = await client.request<{ archived: string[] }>("agents.delete", { agentId: "ops-bot" });

  assert.deepEqual(
    { ...removed, archived: removed.archived.length },
    {
      ok: true,
      agentId: "ops-bot",
      removedBindings: 0,
      archived: 1,
      kept: [],
    },
  );
  assert.equal(existsSync(workspace), false);
  assert.ok(existsSync(join(removed.archived[0] as string, "SOUL.md")));
  assert.match(readFileSync(gateway.configPath, "utf8"), /^\/\/ mine\n/);
  const after = await client.request<{ agents: unknown }>("agents.list", {});
  assert.deepEqual(after.agents, [{ id: "main" }]);
});

test("deleting takes bindings and sessions along and leaves what others use", async () => {
  await using gateway = await startTestGateway();
  const shared = join(gateway.home, "shared");
  const client = await gateway.client();
  for (const name of ["one", "two", "three"]) await client.request("agents.create", { name, workspace: shared });
  const { hash } = await client.request<{ hash: string }>("config.get", {});
  const bindings = [
    { agentId: "one", match: { channel: "webchat" } },
    { agentId: "two", match: { channel: "webchat" } },
    { agentId: "one", match: { channel: "webchat", accountId: "a" } },
  ];
  await client.request("config.set", {
    raw: JSON.stringify({ ...JSON.parse(readFileSync(gateway.configPath, "utf8")), bindings }),
    baseHash: hash,
  });
  await client.request(
    "agent",
    { message: "hello", agentId: "one", idempotencyKey: "k" },
    { onAccepted: () => undefined },
  );

  const removed = await client.request<Record<string, unknown>>("agents.delete", { agentId: "one" });

  assert.equal(removed["removedBindings"], 2);
  assert.deepEqual(removed["kept"], [shared]);
  const config = JSON.parse(readFileSync(gateway.configPath, "utf8")) as { bindings: { agentId: string }[] };
  assert.deepEqual(
    config.bindings.map(({ agentId }) => agentId),
    ["two"],
  );
  const { sessions } = await client.request<{ sessions: { key: string }[] }>("sessions.list", {});
  assert.deepEqual(sessions, []);
  assert.ok(existsSync(shared));
  assert.equal(
    readdirSync(join(gateway.stateDir, "agents")).filter((name) => name.startsWith("one.deleted.")).length,
    1,
  );
});

test("what cannot be is refused in one sentence", async () => {
  await using gateway = await startTestGateway();
  const client = await gateway.client();
  const file = join(gateway.home, "file");
  writeFileSync(file, "");
  const before = readFileSync(gateway.configPath, "utf8");

  const refusals: readonly (readonly [string, object, RegExp])[] = [
    ["agents.create", { name: "Main", workspace: file }, /^"main" is reserved$/],
    ["agents.create", { name: "!?", workspace: file }, /^"main" is reserved$/],
    ["agents.create", { name: "x", workspace: "here" }, /^workspace must be an absolute path or begin with ~\/: here$/],
    ["agents.create", { name: "x", workspace: file }, /^cannot make the workspace .*file/],
    ["agents.create", { name: "", workspace: file }, /^invalid agents\.create params/],
    ["agents.update", { agentId: "ghost", name: "x" }, /^agent "ghost" not found$/],
    ["agents.delete", { agentId: "main" }, /^"main" cannot be deleted$/],
    ["agents.delete", { agentId: "ghost" }, /^agent "ghost" not found$/],
    ["agents.files.list", { agentId: "ghost" }, /^unknown agent id$/],
    ["agents.files.get", { agentId: "main", name: "../openclaw.json" }, /^unsupported file "\.\.\/openclaw\.json"$/],
    ["agents.files.set", { agentId: "main", name: "BOOT.md", content: "" }, /^unsupported file "BOOT\.md"$/],
    ["agent.identity.get", { agentId: "ghost" }, /^invalid agent\.identity\.get params: unknown agent id "ghost"$/],
  ];
  for (const [method, params, message] of refusals)
    await assert.rejects(
      client.request(method, params),
      { code: "INVALID_REQUEST", message },
      `${method} ${JSON.stringify(params)}`,
    );

  assert.equal(readFileSync(gateway.configPath, "utf8"), before);
});

test("agents that are made at the same time are all there", async () => {
  await using gateway = await startTestGateway({ config: { agents: { defaults: { skipBootstrap: true } } } });
  const client = await gateway.client();
  const names = ["a", "b", "c", "d"];

  await Promise.all(
    names.map((name) => client.request("agents.create", { name, workspace: join(gateway.home, name) })),
  );

  const { agents } = await client.request<{ agents: { id: string }[] }>("agents.list", {});
  assert.deepEqual(agents.map(({ id }) => id).toSorted(), [...names, "main"]);
});

test("files of a workspace are read and written; links out of it, folders and floods are not", async () => {
  await using gateway = await startTestGateway();
  const client = await gateway.client();
  const workspace = join(gateway.home, ".openclaw", "workspace");
  mkdirSync(join(workspace, "TOOLS.md"), { recursive: true });
  symlinkSync(gateway.configPath, join(workspace, "SOUL.md"));
  symlinkSync(join(gateway.home, "nowhere"), join(workspace, "USER.md"));
  writeFileSync(join(workspace, "memory.md"), "small");
  writeFileSync(join(workspace, "HEARTBEAT.md"), "x".repeat(1_048_577));
  const before = readFileSync(gateway.configPath, "utf8");
  const main = { agentId: "main" };

  const set = await client.request("agents.files.set", { ...main, name: "AGENTS.md", content: "calm" });
  const get = await client.request("agents.files.get", { ...main, name: "AGENTS.md" });
  const { files } = await client.request<Files>("agents.files.list", main);

  assert.deepEqual(get, { ...main, workspace, file: (set as { file: object }).file });
  assert.equal(readFileSync(join(workspace, "AGENTS.md"), "utf8"), "calm");
  assert.deepEqual(
    files.map(({ name, missing, problem }) => [name, missing, problem]),
    [
      ["AGENTS.md", false, undefined],
      ["SOUL.md", false, "leads out of the workspace"],
      ["TOOLS.md", false, "is not a file"],
      ["IDENTITY.md", true, undefined],
      ["USER.md", false, "is a link that leads nowhere"],
      ["HEARTBEAT.md", false, undefined],
      ["BOOTSTRAP.md", true, undefined],
      ["memory.md", false, undefined],
    ],
  );
  for (const [method, name, message] of [
    ["agents.files.get", "SOUL.md", /^SOUL\.md leads out of the workspace/],
    ["agents.files.set", "SOUL.md", /^SOUL\.md leads out of the workspace/],
    ["agents.files.set", "USER.md", /^USER\.md is a link that leads nowhere/],
    ["agents.files.get", "TOOLS.md", /^TOOLS\.md is not a file/],
    ["agents.files.get", "HEARTBEAT.md", /^HEARTBEAT\.md is larger than 1048576 bytes$/],
  ] as const) {
    const content = method.endsWith("set") ? { content: "x" } : {};
    await assert.rejects(client.request(method, { ...main, name, ...content }), { message });
  }
  assert.equal(readFileSync(gateway.configPath, "utf8"), before);
});

test("a first turn fills an empty workspace, and gives back nothing that was deleted", async () => {
  await using gateway = await startTestGateway();
  const client = await gateway.client();
  const workspace = join(gateway.home, ".openclaw", "workspace");
  const turn = (idempotencyKey: string) =>
    client.request("agent", { message: "hello", agentId: "main", idempotencyKey }, { onAccepted: () => undefined });

  await turn("one");
  assert.ok(existsSync(join(workspace, "BOOTSTRAP.md")));

  rmSync(join(workspace, "BOOTSTRAP.md"));
  await turn("two");
  assert.equal(existsSync(join(workspace, "BOOTSTRAP.md")), false);
  await client.request("agents.files.set", {
    agentId: "main",
    name: "IDENTITY.md",
    content: "- **Name:** Nova\n- Avatar: me/face.png\n",
  });
  assert.deepEqual(await client.request("agent.identity.get", {}), {
    agentId: "main",
    name: "Nova",
    avatar: "/avatar/main",
  });
});

test("an agent that is answering is not disturbed by others that come, change and go", async () => {
  await using model = await startFakeOpenAi();
  await using gateway = await startTestGateway({ config: modelConfig(model) });
  const client = await gateway.client();
  const { promise: told, resolve: goOn } = Promise.withResolvers<void>();
  const { promise: begun, resolve: begins } = Promise.withResolvers<void>();
  model.scripts.push(async (reply) => {
    reply.text("slow ");
    begins();
    await told;
    reply.text("and whole");
    reply.end();
  });

  const run = client.request<{ status: string; result: { payloads: { text: string }[] } }>(
    "agent",
    { message: "hello", agentId: "main", idempotencyKey: "slow" },
    { onAccepted: () => undefined },
  );
  await begun;
  await client.request("agents.create", { name: "ops", workspace: join(gateway.home, "ops") });
  await client.request("agents.update", { agentId: "ops", name: "Operations" });
  await client.request("agents.delete", { agentId: "ops" });
  goOn();
  const { status, result } = await run;

  assert.equal(status, "ok");
  assert.deepEqual(
    result.payloads.map(({ text }) => text),
    ["slow and whole"],
  );
});
