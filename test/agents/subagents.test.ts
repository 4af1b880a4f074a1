import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { GatewayClient, SubagentRun } from "openclaw/plugin-sdk";
import { eventually, startTestGateway } from "openclaw/plugin-sdk/testing";
import { modelConfig, startFakeOpenAi } from "../fakes/openai-server.ts";
import type { FakeOpenAi, SeenRequest } from "../fakes/openai-server.ts";

const PLUGINS = { load: { paths: [join(import.meta.dirname, "spawner")] }, entries: { spawner: { enabled: true } } };

interface Spawned {
  readonly runId: string;
  readonly childSessionKey: string;
  readonly warning?: string;
}

function configOf(model: FakeOpenAi, subagents: object = {}): object {
  const config = modelConfig(model);
  return { ...config, agents: { defaults: { ...config.agents.defaults, subagents } }, plugins: PLUGINS };
}

function spawn(client: GatewayClient, request: object): Promise<Spawned> {
  return client.request<Spawned>("spawner.spawn", { task: "count the cats", requesterKey: "main", ...request });
}

async function runs(client: GatewayClient): Promise<SubagentRun[]> {
  return (await client.request<{ runs: SubagentRun[] }>("spawner.list", { key: "main" })).runs;
}

function isAnnouncement({ body }: SeenRequest): boolean {
  return JSON.stringify(body.messages.at(-1)).includes("has ended");
}

test("a sub-agent works in a session of its own, and its end is told to the one that asked for it", async () => {
  await using model = await startFakeOpenAi();
  model.scripts.push((reply) => {
    reply.text("There are three cats.");
    reply.end();
  });
  await using gateway = await startTestGateway({ config: configOf(model) });
  const client = await gateway.client();

  const { childSessionKey } = await spawn(client, { label: "cats", thinking: "off" });

  await eventually("the end is told", () => model.requests.some(isAnnouncement));
  const [task, told] = model.requests;
  assert.match(JSON.stringify(task?.body.messages[0]), /You are a sub-agent/);
  assert.match(JSON.stringify(task?.body.messages.at(-1)), /count the cats/);
  const text = JSON.stringify(told?.body.messages.at(-1));
  assert.match(text, /Sub-agent \\\\?"cats\\\\?" has ended: ok/);
  assert.match(text, /There are three cats\./);
  const [run] = await eventually("it is recorded", async () => {
    const all = await runs(client);
    return all[0]?.announcedAt !== undefined && all;
  });
  assert.partialDeepStrictEqual(run, { childSessionKey, outcome: "ok", requesterKey: "agent:main:main" });
  const { sessions } = await client.request<{ sessions: { key: string; spawnedBy?: string }[] }>("sessions.list", {});
  assert.equal(sessions.find(({ key }) => key === childSessionKey)?.spawnedBy, "agent:main:main");
});

test("agents.defaults.subagents.maxConcurrent is how many of them work at once", async () => {
  await using model = await startFakeOpenAi();
  const { promise: open, resolve } = Promise.withResolvers<void>();
  model.scripts.push(async (reply) => {
    await open;
    reply.text("three");
    reply.end();
  });
  await using gateway = await startTestGateway({ config: configOf(model, { maxConcurrent: 1 }) });
  const client = await gateway.client();

  await spawn(client, {});
  await eventually("the first one works", () => model.requests.length === 1);
  await spawn(client, { task: "count the dogs" });
  // A turn of another lane goes past it.
  await client.request("agent", { message: "and you?", sessionKey: "main", idempotencyKey: "past" });
  assert.ok(!model.requests.some(({ body }) => JSON.stringify(body).includes("count the dogs")));
  resolve();

  await eventually("then the second one", () =>
    model.requests.some(({ body }) => JSON.stringify(body.messages.at(-1)).includes("count the dogs")),
  );
});

test("a failed sub-agent is told as failed, whatever it said", async () => {
  await using model = await startFakeOpenAi();
  model.scripts.push((reply) => reply.fail(401, "bad key"));
  await using gateway = await startTestGateway({ config: configOf(model) });
  const client = await gateway.client();

  await spawn(client, {});

  const run = await eventually("its end", async () =>
    (await runs(client)).find(({ outcome }) => outcome !== undefined),
  );
  assert.equal(run.outcome, "error");
});

test("an end that a stop kept from being told is told after the next start", async () => {
  await using model = await startFakeOpenAi();
  const home = mkdtempSync(join(tmpdir(), "openclaw-subagents-"));
  try {
    const gate = Promise.withResolvers<void>();
    model.scripts.push(async (reply) => {
      await gate.promise;
      reply.text("late");
      reply.end();
    });
    const config = { ...configOf(model), gateway: { shutdownTimeoutMs: 100 } };
    {
      await using first = await startTestGateway({ home, config });
      await spawn(await first.client(), {});
      await eventually("the task has begun", () => model.requests.length === 1);
    }
    gate.resolve();
    await using second = await startTestGateway({ home });
    const client = await second.client();

    await eventually("the end is told", () => model.requests.some(isAnnouncement));

    assert.equal((await runs(client)).length, 1);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});

test("another agent is started only where that is allowed, and never by a sub-agent", async () => {
  await using model = await startFakeOpenAi();
  const config = modelConfig(model);
  const list = [{ id: "main", default: true, subagents: { allowAgents: ["ops"] } }, { id: "ops" }, { id: "home" }];
  const agents = { ...config.agents, list };
  await using gateway = await startTestGateway({ config: { ...config, agents, plugins: PLUGINS } });
  const client = await gateway.client();

  const { childSessionKey } = await spawn(client, { agentId: "ops" });

  assert.match(childSessionKey, /^agent:ops:subagent:/);
  await assert.rejects(spawn(client, { agentId: "home" }), /add it to its subagents\.allowAgents/);
  await assert.rejects(spawn(client, { requesterKey: childSessionKey }), /cannot have sub-agents of its own/);
});

test("a model that nobody knows falls back to the default with a warning", async () => {
  await using model = await startFakeOpenAi();
  await using gateway = await startTestGateway({ config: configOf(model, { model: "fake/other" }) });
  const client = await gateway.client();

  const { warning } = await spawn(client, { model: "nope/x" });

  assert.match(warning ?? "", /nope\/x.*the default model is used/);
  await eventually("it is asked", () => model.requests.length > 0);
  assert.equal(model.requests[0]?.body.model, "other");
});

test("with cleanup delete the session of the task goes when its end was told", async () => {
  await using model = await startFakeOpenAi();
  await using gateway = await startTestGateway({ config: configOf(model) });
  const client = await gateway.client();

  const { childSessionKey } = await spawn(client, { cleanup: "delete" });

  await eventually("it is forgotten", async () => {
    const { sessions } = await client.request<{ sessions: { key: string }[] }>("sessions.list", {});
    return model.requests.some(isAnnouncement) && !sessions.some(({ key }) => key === childSessionKey);
  });
  assert.deepEqual(await runs(client), []);
});

test("/subagents shows what one does, and tells it more, which it sees after its next tool", async () => {
  await using model = await startFakeOpenAi();
  const held = Promise.withResolvers<void>();
  model.scripts.push(
    async (reply) => {
      reply.text("I begin.");
      await held.promise;
      reply.toolCall("call-1", "read", '{"path":"cats.txt"}');
      reply.end("tool_calls");
    },
    (reply) => {
      reply.text("Two cats and a dog.");
      reply.end();
    },
  );
  await using gateway = await startTestGateway({ config: configOf(model) });
  const client = await gateway.client();
  await spawn(client, { label: "cats" });
  await eventually("it has begun", () => model.requests.length === 1);
  let keys = 0;
  const say = async (message: string) => {
    const idempotencyKey = `subagents-${++keys}`;
    const final = await client.request<{ result: { payloads: { text: string }[] } }>(
      "agent",
      { message, sessionKey: "main", idempotencyKey },
      { onAccepted: () => undefined },
    );
    return final.result.payloads[0]?.text ?? "";
  };

  assert.match(await say("/subagents log 1"), /user: .*count the cats/);
  assert.equal(await say("/subagents send 1 And the Dogs!"), "Told 1.");
  held.resolve();
  await eventually("its end is told", () => model.requests.some(isAnnouncement));

  const second = model.requests.find(({ body }) => JSON.stringify(body.messages).includes("And the Dogs!"));
  assert.ok(second && !isAnnouncement(second));
  assert.match(await say("/subagents log 1"), /assistant: calls read[^]*assistant: Two cats and a dog\./);
  assert.match(await say("/subagents send 1 more"), /^1 had ended/);
  assert.match(await say("/subagents send 1"), /^Use \/subagents/);
});
