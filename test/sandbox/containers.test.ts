import assert from "node:assert/strict";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { eventually, startTestGateway } from "openclaw/plugin-sdk/testing";
import { ask } from "../agents/asking.ts";
import { startFakeDocker } from "../fakes/docker.ts";
import { startToolBench } from "../tools/bench.ts";
import type { ToolBench } from "../tools/bench.ts";

interface Listed {
  readonly name: string;
  readonly scopeKey: string;
  readonly state: string;
  readonly inUse: boolean;
  readonly outdated: boolean | null;
}

const DAY_MS = 86_400_000;

async function list({ client }: ToolBench): Promise<Listed[]> {
  return (await client.request<{ sandboxes: Listed[] }>("sandbox.list", {})).sandboxes;
}

async function change({ client }: ToolBench, sandbox: object): Promise<void> {
  const { hash } = await client.request<{ hash: string }>("config.get", {});
  await client.request("config.patch", { raw: JSON.stringify({ agents: { defaults: { sandbox } } }), baseHash: hash });
}

test("non-main: the main session works on the machine, every other in a sandbox of its own with scope session", async () => {
  using docker = startFakeDocker();
  const sandbox = { mode: "non-main", scope: "session" };
  const exec = { security: "full", ask: "off" };
  await using bench = await startToolBench({ agents: { defaults: { sandbox } }, tools: { exec } });

  const main = await bench.use("write", { path: "here.txt", content: "main" });
  const one = await bench.use("write", { path: "here.txt", content: "one" }, { sessionKey: "agent:main:one" });
  await bench.use("exec", { command: "cat here.txt" }, { sessionKey: "agent:main:one" });
  const two = await bench.use("exec", { command: "cat here.txt" }, { sessionKey: "agent:main:two" });

  assert.equal(main.isError || one.isError, false);
  assert.ok(readdirSync(bench.workspace).includes("here.txt"));
  assert.match(two.text, /No such file/);
  const keys = docker.containers().map(({ labels }) => labels["openclaw.scope"]);
  assert.deepEqual(keys.toSorted(), ["agent:main:one", "agent:main:two"]);
});

test("a sandboxed session sees its own commands alone: no shell on the machine, and none of another session", async () => {
  using docker = startFakeDocker();
  const sandbox = { mode: "non-main", scope: "session" };
  const exec = { security: "full", ask: "off" };
  await using bench = await startToolBench({ agents: { defaults: { sandbox } }, tools: { exec } });
  const defaults = { security: "full", ask: "off" };
  writeFileSync(join(bench.gateway.stateDir, "exec-approvals.json"), JSON.stringify({ version: 1, defaults }));
  const one = { sessionKey: "agent:main:one" };
  const background = { command: "cat", background: true };
  const outside = await bench.use("exec", background);
  const inside = await bench.use("exec", background, one);
  assert.equal(outside.isError || inside.isError, false, outside.text + inside.text);
  const idOf = (text: string) => /[a-z]+-[a-z]+/.exec(text)?.[0] ?? "";
  const [shell, own] = [idOf(outside.text), idOf(inside.text)];
  assert.ok(shell !== "" && own !== "" && shell !== own, `${outside.text} / ${inside.text}`);

  const seen = await bench.use("process", { action: "list" }, one);
  const written = await bench.use("process", { action: "write", sessionId: shell, data: "id\n" }, one);
  const other = await bench.use("process", { action: "kill", sessionId: own }, { sessionKey: "agent:main:two" });
  const main = await bench.use("process", { action: "list" });

  assert.ok(seen.text.includes(own) && !seen.text.includes(shell), seen.text);
  assert.match(written.text, /there is no command/);
  assert.match(other.text, /there is no command/);
  assert.ok(main.text.includes(own) && main.text.includes(shell), main.text);
  for (const sessionId of [own, shell]) await bench.use("process", { action: "kill", sessionId });
  assert.equal(docker.containers().length, 1);
});

test("a container is made anew when its settings changed, but not under a command that runs in it", async () => {
  using docker = startFakeDocker({ images: ["openclaw-sandbox:bookworm-slim", "other:1"] });
  await using bench = await startToolBench({ agents: { defaults: { sandbox: { mode: "all" } } } });
  const { details } = await bench.use("exec", { command: "read line; echo got $line", background: true });
  const sessionId = details?.["sessionId"];

  await change(bench, { docker: { image: "other:1", memory: "512m" } });
  const [busy] = await list(bench);
  await bench.use("exec", { command: "true" });
  const [still] = docker.containers();
  await bench.use("process", { action: "write", sessionId, data: "hello\n" });
  await eventually("it has ended", async () => (await list(bench))[0]?.inUse === false);
  await bench.use("exec", { command: "true" });
  const [made] = docker.containers();

  assert.partialDeepStrictEqual(busy, { state: "running", inUse: true, outdated: true });
  assert.equal(still?.image, "openclaw-sandbox:bookworm-slim");
  assert.equal(made?.image, "other:1");
  assert.equal(docker.containers().length, 1);
  assert.equal((await list(bench))[0]?.outdated, false);
});

test("after a restart of the gateway containers are found again, what ran in them is ended, and old ones go", async () => {
  using docker = startFakeDocker();
  const sandbox = { mode: "all", prune: { idleHours: 0, maxAgeDays: 7 } };
  await using bench = await startToolBench({ agents: { defaults: { sandbox } } });
  await bench.use("exec", { command: "true" });
  const [container] = docker.containers();
  assert.ok(container);

  await bench.gateway.run.stop("restart");
  docker.forget();
  {
    await using again = await startTestGateway({ home: bench.gateway.home });
    const client = await again.client();
    const { sandboxes } = await client.request<{ sandboxes: Listed[] }>("sandbox.list", {});
    assert.deepEqual(
      sandboxes.map(({ name, outdated }) => [name, outdated]),
      [[container.name, false]],
    );
    assert.deepEqual(docker.calls("create"), []);
    const explained = await client.request<Record<string, unknown>>("sandbox.explain", {});
    assert.partialDeepStrictEqual(explained, { sandboxed: true, container: container.name, state: "running" });
    bench.model.scripts.push((reply) => {
      reply.toolCall("after", "exec", JSON.stringify({ command: "true" }));
      reply.end("tool_calls");
    });
    assert.equal((await ask(client, "go on")).status, "ok");
    assert.deepEqual(docker.calls("restart"), [["restart", "-t", "0", container.name]]);
    assert.deepEqual(docker.calls("create"), []);
  }
  docker.change(container.name, { created: new Date(Date.now() - 8 * DAY_MS).toISOString() });
  await using _last = await startTestGateway({ home: bench.gateway.home });
  await eventually("the old one is gone", () => docker.containers().length === 0);
});

test("recreate removes what is meant, and what is in use only by force", async () => {
  using docker = startFakeDocker();
  await using bench = await startToolBench({ agents: { defaults: { sandbox: { mode: "all" } } } });
  await bench.use("exec", { command: "sleep 300", background: true });
  const recreate = (params: object) =>
    bench.client.request<{ removed: string[]; inUse: string[] }>("sandbox.recreate", params);
  const [one] = await list(bench);

  const kept = await recreate({ sessionKey: "main" });
  const forced = await recreate({ all: true, force: true });
  const none = await recreate({ all: true });

  assert.deepEqual(kept, { removed: [], inUse: [one?.name] });
  assert.deepEqual(forced, { removed: [one?.name], inUse: [] });
  assert.deepEqual(none, { removed: [], inUse: [] });
  await assert.rejects(recreate({}), /give one of sessionKey, agentId and all/);
  assert.deepEqual(docker.containers(), []);
});

test("a container that ends under a command is told, and the next command has a new one", async () => {
  using docker = startFakeDocker();
  await using bench = await startToolBench({ agents: { defaults: { sandbox: { mode: "all" } } } });
  const { details } = await bench.use("exec", { command: "sleep 300", background: true });
  const [container] = docker.containers();
  assert.ok(container);
  await eventually("it runs inside", () => docker.groups(container.name).length === 1);

  docker.change(container.name, undefined);
  for (const group of docker.groups(container.name)) process.kill(-group, "SIGKILL");
  const ended = await eventually("it is told", async () => {
    const { text } = await bench.use("process", { action: "poll", sessionId: details?.["sessionId"], timeout: 1_000 });
    return text.includes("failed") && text;
  });
  const next = await bench.use("exec", { command: "echo again" });

  assert.match(ended, /the container of the sandbox ended while the command ran/);
  assert.equal(next.text, "again");
});

test("the agent's own workspace is mounted where it is asked for, read-only or not", async () => {
  using docker = startFakeDocker();
  const sandbox = { mode: "all", workspaceAccess: "ro", docker: { user: "0:0" } };
  await using bench = await startToolBench({ agents: { defaults: { sandbox } } });
  const mounted = () => docker.containers().map(({ options }) => new Map(options).get("--mount"));

  const refused = await bench.use("write", { path: "a.txt", content: "a" });
  await bench.use("exec", { command: "true" });
  const [readOnly] = mounted();
  await change(bench, { workspaceAccess: "rw" });
  const written = await bench.use("write", { path: "/workspace/a.txt", content: "a" });
  const read = await bench.use("exec", { command: "cat a.txt" });
  await change(bench, { scope: "shared" });
  const shared = await bench.use("exec", { command: "true" });

  assert.match(refused.text, /the workspace is read-only in this sandbox; set sandbox\.workspaceAccess/);
  assert.equal(readOnly, `type=bind,source=${bench.workspace},target=/workspace,readonly`);
  assert.deepEqual(mounted(), [`type=bind,source=${bench.workspace},target=/workspace`]);
  assert.equal(written.isError, false);
  assert.equal(read.text, "a");
  assert.match(shared.text, /agents that share one have no workspace in common/);
});
