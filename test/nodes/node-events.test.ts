import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually, startTestGateway } from "openclaw/plugin-sdk/testing";
import { TestNode } from "./node-client.ts";

/** Without heartbeats, which would look at what waits. */
const QUIET = { agents: { defaults: { heartbeat: { every: "0m" } } } };

test("what a node ran is told to the session it names, and a text that it asks with is answered there", async () => {
  await using gateway = await startTestGateway({ config: QUIET });
  const operator = await gateway.client();
  const finals: { readonly runId: string; readonly sessionKey: string; readonly state: string }[] = [];
  operator.on("event", ({ event, payload }) => {
    if (event === "chat") finals.push(payload as (typeof finals)[number]);
  });
  await using node = await TestNode.connect(gateway);
  const tell = (event: string, payload: object) =>
    node.raw.request("node.event", { event, payloadJSON: JSON.stringify(payload) });
  const run = { sessionKey: "main", runId: "r1", command: "ls" };

  await tell("exec.started", run);
  await tell("exec.finished", { ...run, exitCode: 3, timedOut: false, output: "no such file" });
  await tell("exec.finished", { ...run, timedOut: true });
  await tell("exec.denied", { ...run, reason: "approval-required" });
  await tell("exec.denied", { command: "elsewhere" });
  const { queuedSystemEvents } = await operator.request<{ queuedSystemEvents: string[] }>("status", {});
  await tell("agent.request", { message: "x".repeat(20_001), sessionKey: "main" });
  await tell("agent.request", { message: "hello from the shed", sessionKey: "main" });

  const about = `node=${node.nodeId}, id=r1`;
  assert.deepEqual(queuedSystemEvents, [
    `Exec started (${about}): ls`,
    `Exec finished (${about}, code 3)\nno such file`,
    `Exec finished (${about}, timed out)`,
    `Exec denied (${about}, approval-required): ls`,
  ]);
  const final = await eventually("the answer", () => finals.find(({ state }) => state === "final"));
  assert.match(final.runId, /^node-/);
  assert.equal(final.sessionKey, "agent:main:main");
  assert.equal(new Set(finals.map(({ runId }) => runId)).size, 1);
});
