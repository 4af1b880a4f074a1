import assert from "node:assert/strict";
import { test } from "node:test";
import { loggedIn } from "./raw-client.ts";
import { startToyGateway } from "./toy-gateway.ts";

/** protocol.md §7: what each credential opens. */
const OPENS: Record<string, readonly string[]> = {
  none: [],
  read: ["read"],
  write: ["read", "write"],
  approvals: ["approvals"],
  pairing: ["pairing"],
  admin: ["read", "write", "approvals", "pairing", "admin"],
};
const METHODS = ["read", "write", "approvals", "pairing", "admin"];

test("each scope opens its own methods, admin all, write the reading ones", async () => {
  await using gateway = await startToyGateway(["toy", "toy-auth"]);
  let calls = 0;

  for (const [scope, opened] of Object.entries(OPENS)) {
    const client = { id: "test", version: "1", platform: "test", mode: "cli", instanceId: "grant:" } as const;
    const changes = scope === "none" ? { client } : { scopes: [`operator.${scope}`] };
    await using caller = await loggedIn(gateway, changes);
    for (const method of METHODS) {
      const { ok, error } = await caller.request(`toy.${method}`);
      const details = { code: "UNAUTHORIZED" };
      const refusal = { code: "INVALID_REQUEST", message: `missing scope: operator.${method}`, details };
      assert.deepEqual(error, opened.includes(method) ? undefined : refusal, `${scope} calls toy.${method}`);
      assert.equal(ok, opened.includes(method));
      calls++;
    }
    const { error } = await caller.request("toy.node");
    assert.equal(error?.message, "unauthorized role: operator", `${scope} calls toy.node`);
  }
  assert.equal(calls, 30);
});

test("a node calls what is for nodes and nothing else", async () => {
  await using gateway = await startToyGateway(["toy"]);
  await using node = await loggedIn(gateway, { role: "node", scopes: ["operator.admin"] });

  assert.equal((await node.request("toy.node")).ok, true);
  for (const method of [...METHODS.map((scope) => `toy.${scope}`), "health", "no.such"]) {
    const details = { code: "UNAUTHORIZED" };
    const refusal = { code: "INVALID_REQUEST", message: "unauthorized role: node", details };
    assert.deepEqual((await node.request(method)).error, refusal, method);
  }
});

test("several scopes add up", async () => {
  await using gateway = await startToyGateway(["toy"]);
  await using caller = await loggedIn(gateway, { scopes: ["operator.pairing", "operator.write"] });
  const opened: string[] = [];

  for (const method of METHODS) if ((await caller.request(`toy.${method}`)).ok) opened.push(method);

  assert.deepEqual(opened, ["read", "write", "pairing"]);
});

test("access is judged before the parameters", async () => {
  await using gateway = await startToyGateway(["toy"]);
  await using reader = await loggedIn(gateway, { scopes: ["operator.read"] });

  for (const params of ["[]", '{"bogus":1}', '{"__proto__":{}}']) {
    reader.sendRaw(`{"type":"req","id":"r","method":"toy.admin","params":${params}}`);
    assert.equal((await reader.response("r")).error?.message, "missing scope: operator.admin", params);
  }
});

test("what the code registered decides, whatever the manifest announced", async () => {
  await using gateway = await startToyGateway(["toy"]);
  await using reader = await loggedIn(gateway, { scopes: ["operator.read"] });
  await using admin = await loggedIn(gateway);

  // The first call activates the plugin; its manifest says operator.read, its code operator.admin.
  const first = await reader.request("toy.disguised");
  const second = await reader.request("toy.disguised");

  assert.deepEqual(
    [first.error?.message, second.error?.message],
    ["missing scope: operator.admin", "missing scope: operator.admin"],
  );
  assert.equal((await admin.request("toy.disguised")).ok, true);
});
