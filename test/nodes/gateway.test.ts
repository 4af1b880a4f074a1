import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { GatewayError } from "openclaw/plugin-sdk";
import type { GatewayClient, NodeInfo } from "openclaw/plugin-sdk";
import { eventually, startTestGateway } from "openclaw/plugin-sdk/testing";
import { createDeviceKey } from "../wire/device-key.ts";
import { TestNode } from "./node-client.ts";

type Row = NodeInfo;

async function rows(client: GatewayClient): Promise<readonly Row[]> {
  return (await client.request<{ nodes: Row[] }>("node.list", {})).nodes;
}

/** The refusal of a call, as the client sees it. */
async function refusal(call: Promise<unknown>): Promise<{ code: string; message: string; details: unknown }> {
  const error = await call.then(
    (value) => assert.fail(`was answered: ${JSON.stringify(value)}`),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof GatewayError, String(error));
  return { code: error.code, message: error.message, details: error.details };
}

const PHONE = { id: "openclaw-ios", platform: "ios 18.2", displayName: "Phone" } as const;

test("a node is listed with what it declares and its platform is allowed", async () => {
  await using gateway = await startTestGateway();
  const operator = await gateway.client();
  await using node = await TestNode.connect(gateway, {
    client: PHONE,
    caps: ["canvas", "camera", "canvas"],
    commands: ["system.run", "camera.snap", "canvas.present", "camera.list"],
    permissions: { "camera.capture": true },
  });

  const [row] = await rows(operator);
  const { ts, ...described } = await operator.request<Row & { ts: number }>("node.describe", { nodeId: node.nodeId });

  assert.equal(typeof ts, "number");
  assert.deepEqual(described, row);
  assert.deepEqual(
    { ...row, connectedAtMs: 0, lastConnectedAtMs: 0 },
    {
      nodeId: node.nodeId,
      displayName: "Phone",
      platform: "ios 18.2",
      version: "1",
      caps: ["camera", "canvas"],
      commands: ["camera.list", "canvas.present"],
      pathEnv: "/usr/bin:/bin",
      permissions: { "camera.capture": true },
      connectedAtMs: 0,
      lastConnectedAtMs: 0,
      paired: true,
      connected: true,
    },
  );
  assert.equal((await refusal(operator.request("node.describe", { nodeId: "nobody" }))).message, "unknown nodeId");
});

test("a command goes to its node alone and its answer to the caller", async () => {
  await using gateway = await startTestGateway();
  const operator = await gateway.client();
  await using node = await TestNode.connect(gateway);
  await using other = await TestNode.connect(gateway);

  const call = operator.request("node.invoke", {
    nodeId: node.nodeId,
    command: "system.which",
    params: { bins: ["sh"] },
    timeoutMs: 5_000,
    idempotencyKey: "k1",
  });
  const { id, ...asked } = await node.asked();
  const foreign = await other.answer(id, { ok: true });
  const wrong = await node.raw.request("node.invoke.result", { id, nodeId: other.nodeId, ok: true });
  const taken = await node.answer(id, { ok: true, payloadJSON: '{"bins":{"sh":"/bin/sh"}}', error: null });
  const late = await node.answer(id, { ok: true, payloadJSON: null });

  assert.deepEqual(asked, {
    nodeId: node.nodeId,
    command: "system.which",
    paramsJSON: '{"bins":["sh"]}',
    timeoutMs: 5_000,
    idempotencyKey: "k1",
  });
  assert.deepEqual(foreign.payload, { ok: true, ignored: true });
  assert.equal(wrong.error?.message, "nodeId mismatch");
  assert.deepEqual(taken.payload, { ok: true });
  assert.deepEqual(late.payload, { ok: true, ignored: true });
  assert.deepEqual(await call, {
    ok: true,
    nodeId: node.nodeId,
    command: "system.which",
    payload: { bins: { sh: "/bin/sh" } },
    payloadJSON: '{"bins":{"sh":"/bin/sh"}}',
  });
  assert.deepEqual(
    other.raw.frames.filter(({ event }) => event === "node.invoke.request"),
    [],
  );
});

test("what a node cannot or may not do is refused in the established words", async () => {
  await using gateway = await startTestGateway();
  const operator = await gateway.client();
  await using node = await TestNode.connect(gateway, { client: PHONE, commands: ["camera.list", "camera.snap"] });
  await using mute = await TestNode.connect(gateway, { client: PHONE, commands: [] });
  const invoke = (nodeId: string, command: string, timeoutMs = 5_000) =>
    refusal(operator.request("node.invoke", { nodeId, command, timeoutMs, idempotencyKey: "k" }));

  assert.deepEqual(await invoke("nobody", "camera.list"), {
    code: "UNAVAILABLE",
    message: "node not connected",
    details: { code: "NOT_CONNECTED" },
  });
  for (const [nodeId, command, reason] of [
    [node.nodeId, "camera.snap", "command not allowlisted"],
    [node.nodeId, "canvas.present", "command not declared by node"],
    [mute.nodeId, "canvas.present", "node did not declare commands"],
  ] as const) {
    assert.deepEqual(await invoke(nodeId, command), {
      code: "INVALID_REQUEST",
      message: "node command not allowed",
      details: { reason, command },
    });
  }
  assert.deepEqual(await invoke(node.nodeId, "camera.list", 20), {
    code: "UNAVAILABLE",
    message: "node invoke timed out",
    details: { code: "TIMEOUT", nodeError: { code: "TIMEOUT", message: "node invoke timed out" } },
  });
  await node.asked();
  const failing = invoke(node.nodeId, "camera.list");
  const { id } = await node.asked();
  await node.answer(id, { ok: false, error: { code: "CAMERA_DENIED", message: "no camera" } });
  assert.deepEqual(await failing, {
    code: "UNAVAILABLE",
    message: "no camera",
    details: { nodeError: { code: "CAMERA_DENIED", message: "no camera" } },
  });
  const lost = invoke(node.nodeId, "camera.list");
  await node.asked();
  node.raw.socket.terminate();
  assert.equal((await lost).message, "Error: node disconnected (camera.list)");
});

test("the configuration allows and denies commands while nodes stay connected", async () => {
  await using gateway = await startTestGateway({ config: { gateway: { nodes: { allowCommands: ["camera.snap"] } } } });
  const operator = await gateway.client();
  await using _node = await TestNode.connect(gateway, { client: PHONE, commands: ["camera.list", "camera.snap"] });
  const commands = async () => (await rows(operator))[0]?.commands.join(" ");
  assert.equal(await commands(), "camera.list camera.snap");

  const nodes = { allowCommands: ["camera.snap"], denyCommands: ["camera.list", "camera.snap"] };
  gateway.writeConfig({ gateway: { nodes } });

  await eventually("nothing is left", async () => (await commands()) === "");
});

test("a node that comes back before its old socket closed stays", async () => {
  await using gateway = await startTestGateway();
  const operator = await gateway.client();
  const key = createDeviceKey();
  await using old = await TestNode.connect(gateway, { key });
  await using fresh = await TestNode.connect(gateway, { key });

  old.raw.socket.close();
  await old.raw.closed();

  assert.equal((await rows(operator))[0]?.connected, true);
  const call = operator.request("node.invoke", { nodeId: key.id, command: "system.which", idempotencyKey: "k" });
  await fresh.answer((await fresh.asked())["id"], { ok: true, payload: { bins: {} } });
  assert.deepEqual((await call) as object, {
    ok: true,
    nodeId: key.id,
    command: "system.which",
    payload: { bins: {} },
    payloadJSON: null,
  });
});

test("a node that is away is told with what it had, also after a restart", async () => {
  const home = mkdtempSync(join(tmpdir(), "openclaw-nodes-"));
  try {
    const key = createDeviceKey();
    {
      await using gateway = await startTestGateway({ home, config: {} });
      const operator = await gateway.client();
      await using _node = await TestNode.connect(gateway, { key });
      await eventually("it is recorded", async () => (await rows(operator))[0]?.lastConnectedAtMs);
      await operator.request("node.rename", { nodeId: key.id, displayName: " Attic " });
    }
    await using gateway = await startTestGateway({ home });
    const operator = await gateway.client();

    const [row] = await rows(operator);

    assert.equal(row?.displayName, "Attic");
    assert.deepEqual(row?.caps, ["system"]);
    assert.deepEqual(row?.commands, ["system.run", "system.which"]);
    assert.equal(row?.connected, false);
    assert.equal(row?.paired, true);
    assert.equal(
      (await refusal(operator.request("node.rename", { nodeId: "x", displayName: "y" }))).message,
      "unknown nodeId",
    );
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});

test("connected nodes and waiting commands survive a reload of the plugin", async () => {
  await using gateway = await startTestGateway();
  const operator = await gateway.client();
  await using node = await TestNode.connect(gateway);
  const call = operator.request("node.invoke", {
    nodeId: node.nodeId,
    command: "system.which",
    params: { bins: [] },
    idempotencyKey: "k",
  });
  const { id } = await node.asked();

  const reloading = operator.request("plugins.reload", { id: "nodes" }, { timeoutMs: 20_000 });
  await eventually(
    "the answer is taken",
    async () => (await node.answer(id, { ok: true, payload: 1 })).payload?.["ok"],
  );

  assert.equal(((await call) as { payload: unknown }).payload, 1);
  await reloading;
  assert.equal((await rows(operator))[0]?.connected, true);
});

test("a client's word that a run was approved does not reach the node", async () => {
  await using gateway = await startTestGateway();
  const operator = await gateway.client();
  await using node = await TestNode.connect(gateway);

  const call = operator.request("node.invoke", {
    nodeId: node.nodeId,
    command: "system.run",
    params: { command: ["echo", "hi"], approved: true, approvalDecision: "allow-once" },
    idempotencyKey: "k",
  });
  const { id, paramsJSON } = await node.asked();
  await node.answer(id, { ok: true });
  await call;

  assert.equal(paramsJSON, '{"command":["echo","hi"]}');
});

test("what may run on a node is changed by administrators only", async () => {
  await using gateway = await startTestGateway();
  const writer = await gateway.client({ scopes: ["operator.write"] });
  await using node = await TestNode.connect(gateway, { commands: ["system.execApprovals.set"] });

  const { message } = await refusal(
    writer.request("node.invoke", {
      nodeId: node.nodeId,
      command: "system.execApprovals.set",
      params: {},
      idempotencyKey: "k",
    }),
  );

  assert.equal(message, "missing scope: operator.admin");
});

test("pairing on request: one at a time, told to those it concerns, with a token that counts", async () => {
  await using gateway = await startTestGateway();
  const operator = await gateway.client();
  const reader = await gateway.client({ scopes: ["operator.read"] });
  const told: string[] = [];
  reader.on("event", ({ event }) => void told.push(event));
  const seen: { event: string; payload: Record<string, unknown> }[] = [];
  operator.on("event", ({ event, payload }) => {
    if (event.startsWith("node.pair")) seen.push({ event, payload: payload as Record<string, unknown> });
  });
  interface Requested {
    readonly status: string;
    readonly created: boolean;
    readonly request: { readonly requestId: string };
  }
  interface Approved {
    readonly node: { readonly token: string; readonly createdAtMs: number };
  }
  const facts = { nodeId: "legacy-1", displayName: "Old iPad", platform: "ipados", caps: ["canvas"] };

  const first = await operator.request<Requested>("node.pair.request", facts);
  const again = await operator.request<Requested>("node.pair.request", { nodeId: "legacy-1", displayName: "Thief" });
  const { requestId } = first.request;
  const { node } = await operator.request<Approved>("node.pair.approve", { requestId });
  const verify = (token: string) => operator.request("node.pair.verify", { nodeId: "legacy-1", token });

  assert.deepEqual([first.created, again.created], [true, false]);
  assert.deepEqual(again.request, first.request);
  assert.match(node.token, /^[0-9a-f]{32}$/);
  assert.deepEqual(await verify(node.token), { ok: true, node });
  assert.deepEqual(await verify("x"), { ok: false });
  assert.deepEqual(
    seen.map(({ event, payload }) => [event, payload["decision"]]),
    [
      ["node.pair.requested", undefined],
      ["node.pair.resolved", "approved"],
    ],
  );
  assert.ok(!told.some((event) => event.startsWith("node.pair")));
  const gone = refusal(operator.request("node.pair.approve", { requestId }));
  assert.equal((await gone).message, "unknown requestId");
  // A second pairing has a token of its own, and the first one is void.
  const repair = await operator.request<Requested>("node.pair.request", { nodeId: "legacy-1" });
  const { node: anew } = await operator.request<Approved>("node.pair.approve", { requestId: repair.request.requestId });
  assert.notEqual(anew.token, node.token);
  assert.equal(anew.createdAtMs, node.createdAtMs);
  assert.deepEqual(await verify(node.token), { ok: false });
  const stored = JSON.parse(readFileSync(join(gateway.stateDir, "nodes", "paired.json"), "utf8")) as object;
  assert.deepEqual(Object.keys(stored), ["legacy-1"]);
  assert.equal(statSync(join(gateway.stateDir, "nodes", "paired.json")).mode & 0o777, 0o600);
});

test("a pairing request is void after five minutes, and a rejected one at once", async () => {
  await using gateway = await startTestGateway();
  const operator = await gateway.client();
  await operator.request("node.pair.request", { nodeId: "a" });
  const { request } = await operator.request<{ request: { requestId: string } }>("node.pair.request", { nodeId: "b" });
  await operator.request("node.pair.reject", { requestId: request.requestId });
  const file = join(gateway.stateDir, "nodes", "pending.json");
  const stored = JSON.parse(readFileSync(file, "utf8")) as Record<string, { nodeId: string; ts: number }>;
  const [id = "", left] = Object.entries(stored)[0] ?? [];
  assert.deepEqual([Object.keys(stored).length, left?.nodeId], [1, "a"]);

  writeFileSync(file, JSON.stringify({ [id]: { ...left, ts: Date.now() - 300_001 } }));

  assert.deepEqual(await operator.request("node.pair.list", {}), { pending: [], paired: [] });
  assert.equal((await refusal(operator.request("node.pair.approve", { requestId: id }))).message, "unknown requestId");
});

test("a file of pairings that is no JSON is named, and hides no node that is connected", async () => {
  await using gateway = await startTestGateway();
  const operator = await gateway.client();
  await operator.request("node.pair.request", { nodeId: "a" });
  await using _node = await TestNode.connect(gateway);
  writeFileSync(join(gateway.stateDir, "nodes", "paired.json"), "{");

  const { message } = await refusal(operator.request("node.pair.list", {}));

  assert.equal(message, "cannot read nodes/paired.json; mend or remove it");
  assert.equal((await rows(operator)).length, 1);
});

test("a node starts a run by voice, and what nobody knows is nothing", async () => {
  await using gateway = await startTestGateway();
  const operator = await gateway.client();
  const chats: { runId: string; sessionKey: string; state: string }[] = [];
  operator.on("event", ({ event, payload }) => {
    if (event === "chat") chats.push(payload as (typeof chats)[number]);
  });
  await using node = await TestNode.connect(gateway);
  const tell = async (event: string, payload: object | null, payloadJSON?: string | null) =>
    (
      await node.raw.request("node.event", {
        event,
        ...(payload && { payload }),
        ...(payloadJSON !== undefined && { payloadJSON }),
      })
    ).payload;

  assert.deepEqual(await tell("whatever", null, null), { ok: true });
  assert.deepEqual(await tell("voice.transcript", null, "no json"), { ok: true });
  assert.deepEqual(await tell("voice.transcript", { text: "x".repeat(20_001) }), { ok: true });
  assert.deepEqual(await tell("voice.transcript", null, JSON.stringify({ text: "hello by voice" })), { ok: true });

  const final = await eventually("the run ends", () => chats.find(({ state }) => state === "final"));
  assert.match(final.runId, /^voice-/);
  assert.equal(final.sessionKey, "agent:main:main");
  assert.equal(new Set(chats.map(({ runId }) => runId)).size, 1);
});

test("a node that follows a session is told its events once more, until it stops", async () => {
  await using gateway = await startTestGateway();
  const operator = await gateway.client();
  const finals = async (runId: string) => {
    await operator.request("chat.send", { sessionKey: "main", message: "hello", idempotencyKey: runId });
    const of = ({ raw }: TestNode) =>
      raw.frames.filter(({ event, payload }) => event === "chat" && payload?.["runId"] === runId);
    await eventually("both heard the end", () =>
      [node, other].every((one) => of(one).some(({ payload }) => payload?.["state"] === "final")),
    );
    // Later than any copy.
    await node.raw.request("skills.bins");
    return [node, other].map((one) =>
      of(one)
        .filter(({ payload }) => payload?.["state"] === "final")
        .map(({ seq }) => (seq === undefined ? "copy" : "numbered")),
    );
  };
  await using node = await TestNode.connect(gateway);
  await using other = await TestNode.connect(gateway);
  const tell = (event: string) => node.raw.request("node.event", { event, payload: { sessionKey: "main" } });

  await tell("chat.subscribe");
  assert.deepEqual(await finals("r1"), [["numbered", "copy"], ["numbered"]]);
  assert.ok(node.raw.frames.some(({ event, seq }) => event === "agent" && seq === undefined));
  await tell("chat.unsubscribe");
  assert.deepEqual(await finals("r2"), [["numbered"], ["numbered"]]);
});

test("operators may not speak for nodes, nor nodes for operators", async () => {
  await using gateway = await startTestGateway();
  const operator = await gateway.client();
  await using node = await TestNode.connect(gateway);

  for (const method of ["node.invoke.result", "node.event", "skills.bins"])
    assert.equal((await refusal(operator.request(method, {}))).message, "unauthorized role: operator");
  for (const method of ["node.list", "node.invoke", "node.pair.list"])
    assert.equal((await node.raw.request(method, {})).error?.message, "unauthorized role: node");
  assert.deepEqual((await node.raw.request("skills.bins", {})).payload, { bins: [] });
});
