import assert from "node:assert/strict";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { EventFrame } from "openclaw/plugin-sdk";
import { eventually, startTestGateway } from "openclaw/plugin-sdk/testing";
import { startFakeDocker } from "../fakes/docker.ts";
import { startToolBench } from "../tools/bench.ts";

const ALL = { agents: { defaults: { sandbox: { mode: "all" } } } };

test("a command-line agent, which brings tools of its own, is not run for a sandboxed session", async () => {
  const cliBackends = { mine: { command: "/bin/false" } };
  const defaults = { model: "mine/opus", cliBackends, sandbox: { mode: "all" } };
  await using gateway = await startTestGateway({ config: { agents: { defaults } } });
  const client = await gateway.client();

  const { error } = await client.request<{ error?: { message: string } }>(
    "agent",
    { message: "hello", sessionKey: "main", idempotencyKey: "cli" },
    { onAccepted: () => undefined },
  );

  assert.match(error?.message ?? "", /runs tools of its own on this machine, and the session works in a sandbox only/);
});

test("nobody outside is made to do what a sandbox forbids", async () => {
  using docker = startFakeDocker();
  const list = [
    { id: "main", default: true, subagents: { allowAgents: ["*"] } },
    { id: "free", sandbox: { mode: "off" } },
  ];
  const agents = { defaults: { sandbox: { mode: "non-main" } }, list };
  await using bench = await startToolBench({ agents });
  await bench.say("this is the main session");
  const inside = { sessionKey: "agent:main:other" };

  const sent = await bench.use("sessions_send", { sessionKey: "main", message: "do it", timeoutSeconds: 0 }, inside);
  const listed = await bench.use("sessions_list", {}, inside);
  const spawned = await bench.use("sessions_spawn", { task: "do it", agentId: "free" }, inside);

  assert.match(sent.text, /No session found: main/);
  assert.doesNotMatch(listed.text, /agent:main:main/);
  assert.match(spawned.text, /agent "free" works in no sandbox, and this session may start only what does/);
  assert.deepEqual(docker.calls("exec"), []);
});

test("with ask always somebody is asked here too; with security deny nothing runs", async () => {
  using docker = startFakeDocker();
  await using bench = await startToolBench({ ...ALL, tools: { exec: { ask: "always" } } });
  const asked: { id: string; request: { host: string; command: string } }[] = [];
  bench.client.on("event", ({ event, payload }: EventFrame) => {
    if (event === "exec.approval.requested") asked.push(payload as (typeof asked)[number]);
  });

  const pending = await bench.use("exec", { command: "touch allowed" });
  const [approval] = asked;
  assert.deepEqual(docker.containers(), []);
  await bench.client.request("exec.approval.resolve", { id: approval?.id, decision: "allow-once" });
  await eventually("it ran", () => {
    const [container] = docker.containers();
    return container !== undefined && existsSync(join(container.workspace, "allowed"));
  });
  const denied = await bench.use("exec", { command: "touch denied", security: "deny" });

  assert.partialDeepStrictEqual(pending.details, { status: "approval-pending", host: "sandbox" });
  assert.partialDeepStrictEqual(approval?.request, { host: "sandbox", command: "touch allowed" });
  assert.match(denied.text, /commands are switched off here/);
});

test("an aborted turn ends what runs inside, and so does the end of the gateway", async () => {
  using docker = startFakeDocker();
  const groups = () => docker.containers().flatMap(({ name }) => docker.groups(name));
  {
    await using bench = await startToolBench(ALL);
    bench.model.scripts.push((reply) => {
      reply.toolCall("long", "exec", JSON.stringify({ command: "sleep 300", yieldMs: 60_000 }));
      reply.end("tool_calls");
    });
    const turn = bench.say("run it");
    await eventually("it runs inside", () => groups().length === 1);
    await bench.client.request("chat.abort", { sessionKey: "main" });
    await turn.catch(() => undefined);
    await eventually("it has ended", () => groups().length === 0);

    await bench.use("exec", { command: "sleep 301", background: true });
    await eventually("the next runs inside", () => groups().length === 1);
  }
  await eventually("it went with the gateway", () => groups().length === 0);
});

test("a container is whole or not there: what its setup says is told", async () => {
  using docker = startFakeDocker();
  const docker1 = { setupCommand: "echo cannot install >&2; exit 7" };
  await using bench = await startToolBench({ agents: { defaults: { sandbox: { mode: "all", docker: docker1 } } } });

  const { text, isError } = await bench.use("exec", { command: "true" });

  assert.match(text, /sandbox\.docker\.setupCommand ended with exit code 7: cannot install/);
  assert.ok(isError);
  assert.deepEqual(docker.containers(), []);
});

test("the folder of a session begins with its agent's instructions and goes with the session", async () => {
  using _docker = startFakeDocker();
  const sandbox = { mode: "non-main", scope: "session" };
  await using bench = await startToolBench({ agents: { defaults: { sandbox } } });
  writeFileSync(join(bench.workspace, "AGENTS.md"), "Be kind.");
  const sessionKey = "agent:main:short";
  const read = await bench.use("read", { path: "AGENTS.md" }, { sessionKey });
  const folders = () => readdirSync(join(bench.gateway.stateDir, "sandboxes"));
  assert.equal(folders().length, 1);

  await bench.client.request("sessions.delete", { key: sessionKey });
  await bench.gateway.run.stop("restart");
  await using _again = await startTestGateway({ home: bench.gateway.home });
  await eventually("the folder is gone", () => folders().length === 0);

  assert.equal(read.text, "Be kind.");
});
