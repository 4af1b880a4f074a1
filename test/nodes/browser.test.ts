import assert from "node:assert/strict";
import { test } from "node:test";
import { startTestGateway } from "openclaw/plugin-sdk/testing";
import { loggedIn } from "../wire/raw-client.ts";
import { TestNode } from "./node-client.ts";

const ASK = { method: "get", path: "/tabs" };

test("a browser request goes to the node that offers its browser, and what that says comes back", async () => {
  await using gateway = await startTestGateway();
  await using client = await loggedIn(gateway, { scopes: ["operator.write"] });
  await using _other = await TestNode.connect(gateway);
  await using node = await TestNode.connect(gateway, { caps: ["system", "browser"], commands: ["browser.proxy"] });

  client.send({ type: "req", id: "b", method: "browser.request", params: { ...ASK, query: { profile: "work" } } });
  const { id, command, paramsJSON } = await node.asked();
  await node.answer(id, { ok: true, payloadJSON: '{"result":{"tabs":[]}}' });
  const answer = await client.response("b");

  assert.equal(command, "browser.proxy");
  assert.deepEqual(JSON.parse(String(paramsJSON)), { method: "GET", path: "/tabs", query: { profile: "work" } });
  assert.deepEqual(answer.payload, { tabs: [] });
});

test("a browser request that makes no sense, or that nobody serves, is refused in the established words", async () => {
  const config = { gateway: { nodes: { browser: { mode: "auto", node: "Desk" } } } };
  await using gateway = await startTestGateway({ config });
  await using client = await loggedIn(gateway);
  await using _node = await TestNode.connect(gateway, { commands: ["browser.proxy"] });
  const refusal = async (params: object) => {
    const { error } = await client.request("browser.request", params);
    return [error?.code, error?.message];
  };

  for (const params of [{}, { method: "GET" }, { path: "/" }, { method: 5, path: "/" }, { method: "GET", path: " " }])
    assert.deepEqual(await refusal(params), ["INVALID_REQUEST", "method and path are required"]);
  assert.deepEqual(await refusal({ method: "PUT", path: "/" }), [
    "INVALID_REQUEST",
    "method must be GET, POST, or DELETE",
  ]);
  assert.deepEqual(await refusal(ASK), ["UNAVAILABLE", "browser control is disabled"], "that node is not Desk");
});
