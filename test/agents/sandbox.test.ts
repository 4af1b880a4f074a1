import assert from "node:assert/strict";
import { test } from "node:test";
import type { GatewayError } from "openclaw/plugin-sdk";
import { startTestGateway } from "openclaw/plugin-sdk/testing";
import { ask } from "./asking.ts";

const OFF = { plugins: { entries: { "tools-sandbox": { enabled: false } } } };

test("what is to run in a sandbox does not run without one, and the setting is named", async () => {
  const config = { ...OFF, agents: { list: [{ id: "main", sandbox: { mode: "non-main" } }] } };
  await using gateway = await startTestGateway({ config });
  const client = await gateway.client();

  const refused = await ask(client, "hello").then(JSON.stringify, (error: GatewayError) => error.message);

  assert.match(refused, /agents\.list\.0\.sandbox\.mode/);
  assert.match(refused, /no plugin here provides a sandbox/);
  assert.match(refused, /enable plugin \\?"tools-sandbox\\?"/);
});

test("a sandbox is refused where nobody provides one, and off is accepted", async () => {
  await using gateway = await startTestGateway({ config: OFF });
  const client = await gateway.client();
  const write = async (mode: string) => {
    const { hash } = await client.request<{ hash: string }>("config.get", {});
    const raw = JSON.stringify({ agents: { defaults: { sandbox: { mode } } } });
    return client.request("config.patch", { raw, baseHash: hash }).then(
      () => "written",
      (error: GatewayError) => `${error.message} ${JSON.stringify(error.details)}`,
    );
  };

  assert.match(await write("all"), /agents\.defaults\.sandbox\.mode.*no plugin here provides a sandbox/);
  assert.match(await write("some"), /agents\.defaults\.sandbox\.mode.*must be one of/);
  assert.equal(await write("off"), "written");
  assert.equal((await ask(client, "hello")).status, "ok");
});

test("while no session works in a sandbox, the plugin of one does not run", async () => {
  await using gateway = await startTestGateway();
  const client = await gateway.client();

  await ask(client, "hello");
  const { plugins } = await client.request<{ plugins: { id: string; state: string }[] }>("plugins.list", {});

  assert.equal(plugins.find(({ id }) => id === "tools-sandbox")?.state, "ready");
});

test("the plugin of a sandbox cannot be switched off while one is asked for", async () => {
  await using gateway = await startTestGateway({ config: { agents: { defaults: { sandbox: { mode: "all" } } } } });
  const client = await gateway.client();
  const { hash } = await client.request<{ hash: string }>("config.get", {});

  const refused = await client.request("config.patch", { raw: JSON.stringify(OFF), baseHash: hash }).then(
    () => "written",
    (error: GatewayError) => JSON.stringify(error.details),
  );

  assert.match(refused, /no plugin here provides a sandbox/);
});
