import assert from "node:assert/strict";
import { test } from "node:test";
import type { GatewayError } from "openclaw/plugin-sdk";
import { startTestGateway } from "openclaw/plugin-sdk/testing";
import { ask } from "./asking.ts";

test("what is to run in a sandbox does not run without one, and the setting is named", async () => {
  const config = { agents: { list: [{ id: "main", sandbox: { mode: "non-main" } }] } };
  await using gateway = await startTestGateway({ config });
  const client = await gateway.client();

  const refused = await ask(client, "hello").then(JSON.stringify, (error: GatewayError) => error.message);

  assert.match(refused, /agents\.list\.0\.sandbox\.mode/);
  assert.match(refused, /no plugin here provides a sandbox/);
});

test("a sandbox is refused where it is asked for, and off is accepted", async () => {
  await using gateway = await startTestGateway();
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
  assert.equal(await write("off"), "written");
  assert.equal((await ask(client, "hello")).status, "ok");
});
