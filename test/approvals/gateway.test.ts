import assert from "node:assert/strict";
import { realpathSync } from "node:fs";
import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { Approvals } from "openclaw/plugin-sdk";
import { createTestHost, eventually, startTestGateway } from "openclaw/plugin-sdk/testing";
import type { TestGateway } from "openclaw/plugin-sdk/testing";
import approvals from "../../plugins/methods/approvals/index.ts";
import { TestNode } from "../nodes/node-client.ts";
import { createDeviceKey } from "../wire/device-key.ts";
import { login } from "../wire/device-login.ts";
import { loggedIn } from "../wire/raw-client.ts";
import type { Frame, RawClient } from "../wire/raw-client.ts";

const RUN = { command: ["echo", "hi"], agentId: "main" };
const ASK = { command: "echo hi", host: "node", agentId: "main" };
const SAID_YES = { approved: true, approvalDecision: "allow-once" };

/** One device asks, another one approves. */
async function twoDevices(gateway: TestGateway): Promise<{ asker: RawClient; approver: RawClient }> {
  const auth = { token: gateway.token };
  const [asker, approver] = await Promise.all([
    login(gateway, { key: createDeviceKey(), auth }),
    login(gateway, { key: createDeviceKey(), auth, scopes: ["operator.approvals"], client: { displayName: "Phone" } }),
  ]);
  return { asker: asker.client, approver: approver.client };
}

/** Ask, have it decided, and wait for the answer. */
async function decided(asker: RawClient, approver: RawClient, params: object, decision: string): Promise<Frame> {
  asker.send({ type: "req", id: "ask", method: "exec.approval.request", params });
  const { payload } = await approver.event("exec.approval.requested");
  const answer = await approver.request("exec.approval.resolve", { id: payload?.["id"], decision });
  assert.deepEqual(answer.payload, { ok: true });
  return asker.response("ask");
}

function nodeRun(client: RawClient, nodeId: string, params: object): void {
  const invoke = { nodeId, command: "system.run", params, idempotencyKey: crypto.randomUUID(), timeoutMs: 3_000 };
  client.send({ type: "req", id: "run", method: "node.invoke", params: invoke });
}

test("a question goes to approvers only, and its answer to whoever asked", async () => {
  await using gateway = await startTestGateway();
  const { asker, approver } = await twoDevices(gateway);
  await using reader = await loggedIn(gateway, { scopes: ["operator.read", "operator.write", "operator.pairing"] });

  asker.send({
    type: "req",
    id: "ask",
    method: "exec.approval.request",
    params: { ...ASK, cwd: "/x", timeoutMs: 9e9 },
  });
  const { payload, seq } = await approver.event("exec.approval.requested");
  const waiting = await approver.request("exec.approval.list");
  await approver.request("exec.approval.resolve", { id: payload?.["id"], decision: "deny" });
  const answer = await asker.response("ask");

  const nothing = { security: null, ask: null, resolvedPath: null, sessionKey: null };
  assert.deepEqual(payload?.["request"], { command: "echo hi", cwd: "/x", host: "node", agentId: "main", ...nothing });
  assert.equal(typeof seq, "number");
  assert.deepEqual(waiting.payload, { approvals: [payload] });
  const { id, createdAtMs, expiresAtMs } = payload as Record<string, number>;
  assert.deepEqual(answer.payload, { id, decision: "deny", createdAtMs, expiresAtMs });
  assert.equal((expiresAtMs as number) - (createdAtMs as number), 240_000);
  const resolved = (await asker.event("exec.approval.resolved")).payload;
  assert.deepEqual({ ...resolved, ts: 0 }, { id, decision: "deny", resolvedBy: "Phone", ts: 0 });
  await reader.request("health");
  assert.deepEqual(
    reader.frames.filter(({ event }) => event?.startsWith("exec.")),
    [],
  );
});

test("nobody decides twice, with other words, about what does not wait or about their own question", async () => {
  await using gateway = await startTestGateway();
  const { asker, approver } = await twoDevices(gateway);
  const refusal = async (client: RawClient, params: object, method = "exec.approval.resolve") => {
    const { error } = await client.request(method, params);
    return [error?.code, error?.message, (error?.["details"] as { code?: string } | undefined)?.code];
  };

  asker.send({ type: "req", id: "ask", method: "exec.approval.request", params: { ...ASK, id: "mine" } });
  await approver.event("exec.approval.requested");

  assert.deepEqual(await refusal(approver, { id: "mine", decision: "maybe" }), [
    "INVALID_REQUEST",
    "invalid decision",
    undefined,
  ]);
  assert.deepEqual(await refusal(approver, { id: "other", decision: "deny" }), [
    "INVALID_REQUEST",
    "unknown approval id",
    "NOT_FOUND",
  ]);
  assert.deepEqual(await refusal(asker, { ...ASK, id: "mine" }, "exec.approval.request"), [
    "INVALID_REQUEST",
    "approval id already pending",
    "CONFLICT",
  ]);
  const [, own, code] = await refusal(asker, { id: "mine", decision: "allow-once" });
  assert.match(String(own), /^who asks cannot approve; approve it from another client/);
  assert.equal(code, "UNAUTHORIZED");
  await approver.request("exec.approval.resolve", { id: "mine", decision: "allow-once" });
  assert.equal((await asker.response("ask")).payload?.["decision"], "allow-once");
  assert.equal((await refusal(approver, { id: "mine", decision: "deny" }))[1], "unknown approval id");
});

test("a question that nobody answers ends without a decision, one whose asker left is taken back", async () => {
  await using gateway = await startTestGateway();
  const { asker, approver } = await twoDevices(gateway);

  const answer = await asker.request("exec.approval.request", { ...ASK, timeoutMs: 20 });
  assert.equal(answer.payload?.["decision"], null);
  await approver.event("exec.approval.requested");

  asker.send({ type: "req", id: "ask", method: "exec.approval.request", params: { ...ASK, id: "left" } });
  const { payload: left } = await approver.event("exec.approval.requested");
  assert.equal(Number(left?.["expiresAtMs"]) - Number(left?.["createdAtMs"]), 120_000, "unless it says otherwise");
  await asker[Symbol.asyncDispose]();
  await eventually("it is taken back", async () => {
    const { payload } = await approver.request("exec.approval.list");
    return (payload as { approvals: unknown[] }).approvals.length === 0;
  });
  const late = await approver.request("exec.approval.resolve", { id: "left", decision: "allow-once" });
  assert.equal(late.error?.message, "unknown approval id");
});

test("what cannot be shown whole, or would not be honest, is not asked", async () => {
  await using gateway = await startTestGateway();
  await using asker = await loggedIn(gateway, { scopes: ["operator.approvals"] });
  const ask = async (params: object) => (await asker.request("exec.approval.request", params)).error?.message;

  const long = "x".repeat(10_000);
  assert.equal(
    await ask({ ...ASK, command: long }),
    "the action cannot be shown whole (10000 characters, at most 8192); put it into a script",
  );
  assert.match(String(await ask({ command: "ls", argv: ["ls"], env: { A: long } })), /cannot be shown whole/);
  assert.equal(await ask({ command: "ls", argv: ["rm", "-rf", "/"] }), "command is not what argv says");
  assert.equal(await ask({ command: "ls", argv: ["/tmp/x/sh", "-c", "ls"] }), "command is not what argv says");
  assert.equal(await ask({ command: "ls", env: { A: "b" } }), "env needs argv beside it");
  assert.match(String(await ask({})), /must have required property 'command'/);
});

test("a yes holds once, for exactly what was asked, on that node, for that asker", async () => {
  await using gateway = await startTestGateway();
  const { asker, approver } = await twoDevices(gateway);
  await using node = await TestNode.connect(gateway);
  await using other = await TestNode.connect(gateway);
  /** What the node is told of an approval. */
  const told = async (client: RawClient, at: TestNode, run: object) => {
    nodeRun(client, at.nodeId, { ...run, ...SAID_YES });
    const { id, paramsJSON } = await at.asked();
    await at.answer(id, { ok: true, payload: {} });
    await client.response("run");
    return (JSON.parse(String(paramsJSON)) as { approvalDecision?: string }).approvalDecision ?? "nothing";
  };
  const exact = { ...ASK, argv: RUN.command, cwd: "/tmp", env: { A: "1" }, nodeId: node.nodeId };
  const run = { ...RUN, cwd: "/tmp", env: { A: "1" } };

  assert.equal(await told(asker, node, run), "nothing");
  asker.send({ type: "req", id: "ask", method: "exec.approval.request", params: { ...exact, command: "echo hi" } });
  const { payload } = await approver.event("exec.approval.requested");
  assert.equal((payload as { request: { command: string } }).request.command, "A=1 echo hi");
  await approver.request("exec.approval.resolve", { id: payload?.["id"], decision: "allow-once" });
  await asker.response("ask");

  assert.equal(await told(await secondOperator(gateway), node, run), "nothing");
  assert.equal(await told(asker, other, run), "nothing");
  assert.equal(await told(asker, node, { ...run, command: ["echo", "hi!"] }), "nothing");
  assert.equal(await told(asker, node, { ...run, cwd: "/tmp/" }), "nothing");
  assert.equal(await told(asker, node, { ...run, env: { A: "2" } }), "nothing");
  assert.equal(await told(asker, node, { ...run, env: undefined }), "nothing");
  assert.equal(await told(asker, node, { ...run, agentId: "ops" }), "nothing");
  assert.equal(await told(asker, node, { ...run, unheard: "of" }), "nothing");
  assert.equal(await told(asker, node, run), "allow-once");
  assert.equal(await told(asker, node, run), "nothing");

  // Established clients name neither node nor words; what the text cannot tell is not covered.
  await decided(asker, approver, ASK, "allow-always");
  assert.equal(await told(asker, node, { ...RUN, env: { A: "1" } }), "nothing");
  assert.equal(await told(asker, node, { ...RUN, command: ["/tmp/sh", "-c", "echo hi"] }), "nothing");
  assert.equal(await told(asker, node, RUN), "allow-always");
  await decided(asker, approver, ASK, "deny");
  assert.equal(await told(asker, node, RUN), "nothing");
});

async function secondOperator(gateway: TestGateway): Promise<RawClient> {
  const { client } = await login(gateway, { key: createDeviceKey(), auth: { token: gateway.token } });
  return client;
}

test("allow-always on the gateway's host writes the real paths of the programs, and of no shell", async () => {
  await using gateway = await startTestGateway();
  const { asker, approver } = await twoDevices(gateway);
  const ask = { host: "gateway", cwd: "/", agentId: "main", resolvedPath: "/tmp/claimed" };

  await decided(asker, approver, { ...ask, command: "uname -a | sort" }, "allow-always");
  await decided(asker, approver, { ...ask, command: "sh -c ls" }, "allow-always");
  await decided(asker, approver, { ...ask, command: "ls > /etc/x" }, "allow-always");
  await decided(asker, approver, { ...ask, command: "id" }, "allow-once");

  const { payload } = await asker.request("exec.approvals.get");
  const { agents } = (payload as { file: { agents: { main: { allowlist: { pattern: string }[] } } } }).file;
  const patterns = agents.main.allowlist.map(({ pattern }) => pattern);
  assert.deepEqual(patterns, [realpathSync("/usr/bin/uname"), realpathSync("/usr/bin/sort")]);
});

test("the file is written by whoever saw it last, with ids, closed to others, and its token is never shown", async () => {
  await using gateway = await startTestGateway();
  await using client = await loggedIn(gateway, { scopes: ["operator.admin"] });
  const path = join(gateway.stateDir, "exec-approvals.json");
  await writeFile(path, JSON.stringify({ version: 1, socket: { path: "/s", token: "socket-secret" } }));

  const first = await client.request("exec.approvals.get");
  assert.deepEqual([first.payload?.["path"], first.payload?.["exists"]], [path, true]);
  assert.deepEqual(first.payload?.["file"], { version: 1, socket: { path: "/s" } });
  const without = await client.request("exec.approvals.set", { file: { version: 1 } });
  assert.equal(without.error?.message, "exec approvals base hash required; re-run exec.approvals.get and retry");
  const stale = await client.request("exec.approvals.set", { file: { version: 1 }, baseHash: "zz" });
  assert.equal(stale.error?.message, "exec approvals changed since last load; re-run exec.approvals.get and retry");
  assert.deepEqual(stale.error?.["details"], { code: "CONFLICT" });
  const file = { version: 1, agents: { main: { allowlist: [{ pattern: "/bin/echo" }] } } };
  const set = await client.request("exec.approvals.set", { file, baseHash: first.payload?.["hash"] });
  assert.notEqual(set.payload?.["hash"], first.payload?.["hash"]);
  assert.doesNotMatch(JSON.stringify([first, set]), /socket-secret/);
  assert.match(await readFile(path, "utf8"), /"id": "[0-9a-f-]{36}"[^]*socket-secret/);
  assert.equal((await stat(path)).mode & 0o777, 0o600);
  const wrong = await client.request("exec.approvals.set", { file: { version: 2 } });
  assert.match(String(wrong.error?.message), /^invalid exec.approvals.set params: at \/file\/version/);

  await writeFile(path, "{");
  const broken = await client.request("exec.approvals.get");
  assert.deepEqual(
    [broken.error?.code, broken.error?.message],
    ["UNAVAILABLE", "cannot read exec-approvals.json; mend or remove it"],
  );
});

test("a node's file comes from the node, without its token", async () => {
  await using gateway = await startTestGateway();
  await using client = await loggedIn(gateway, { scopes: ["operator.admin"] });
  const shown = {
    path: "/n",
    exists: true,
    hash: "h",
    file: { version: 1, socket: { path: "/s", token: "node-secret" } },
  };
  await using node = await TestNode.connect(gateway, {
    commands: ["system.execApprovals.get", "system.execApprovals.set"],
    answers: { "system.execApprovals.get": shown, "system.execApprovals.set": shown },
  });

  const { nodeId } = node;
  const got = await client.request("exec.approvals.node.get", { nodeId });
  const set = await client.request("exec.approvals.node.set", { nodeId, file: { version: 1 }, baseHash: "h" });
  const away = await client.request("exec.approvals.node.get", { nodeId: "nobody" });

  for (const { payload } of [got, set]) assert.deepEqual(payload?.["file"], { version: 1, socket: { path: "/s" } });
  assert.deepEqual([away.error?.code, away.error?.message], ["UNAVAILABLE", "node not connected"]);
});

test("a tool asks through the service; a chat may answer for a person", async () => {
  await using host = await createTestHost(approvals);
  const service = host.use(Approvals);
  const heard: string[] = [];
  host.hooksOf(Approvals).requested.tap("test", ({ id }) => void heard.push(id));
  host.hooksOf(Approvals).resolved.tap("test", ({ id, decision }) => void heard.push(`${id} ${decision}`));

  const asked = service.ask({ command: "make", host: "gateway", agentId: "main" });
  await assert.rejects(service.resolve("other", "deny", "Ann"), /unknown approval id/);
  await service.resolve(asked.id, "allow-once", "Ann");
  const gone = new AbortController();
  const left = service.ask({ command: "make" }, { signal: gone.signal });
  gone.abort();

  assert.equal(await asked.decision, "allow-once");
  assert.equal(await left.decision, null);
  assert.deepEqual(service.pending(), []);
  assert.deepEqual(heard, [asked.id, `${asked.id} allow-once`, left.id]);
  const open = service.ask({ command: "make" });
  await host.close();
  assert.equal(await open.decision, null);
});
