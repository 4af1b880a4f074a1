import assert from "node:assert/strict";
import { test } from "node:test";
import { createDeviceKey } from "../wire/device-key.ts";
import { deviceToken } from "../wire/device-login.ts";
import { loggedIn } from "../wire/raw-client.ts";
import { startHttpBench } from "./http-bench.ts";

const BODY = { model: "openclaw", messages: [{ role: "user", content: "hello" }] };

test("the token of a device is a bearer, as far as its scopes go and as long as it is good", async () => {
  await using bench = await startHttpBench();
  const { gateway } = bench;
  await using owner = await loggedIn(gateway);
  const [all, reader] = [createDeviceKey(), createDeviceKey()];
  const auth = { token: gateway.token };
  const mayAll = await deviceToken(gateway, { key: all, auth });
  const mayRead = await deviceToken(gateway, { key: reader, auth, scopes: ["operator.read"] });
  const asked = async (path: string, body: object | undefined, token: string) =>
    (await bench.ask(path, body, { token })).status;

  assert.equal(await asked("/v1/chat/completions", BODY, mayAll), 200);
  assert.equal(await asked("/tools/invoke", { tool: "agents_list" }, mayAll), 200);
  const refused = await bench.ask("/v1/chat/completions", BODY, { token: mayRead });
  assert.deepEqual([refused.status, refused.json.error.message], [403, "missing scope: operator.write"]);
  assert.equal(await asked("/tools/invoke", { tool: "agents_list" }, mayRead), 403);
  assert.equal(await asked("/v1/models", undefined, "0".repeat(32)), 401);

  await owner.request("device.token.revoke", { deviceId: all.id, role: "operator" });
  assert.equal(await asked("/v1/chat/completions", BODY, mayAll), 401);
  assert.equal(bench.model.requests.length, 1);
});
