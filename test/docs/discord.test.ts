import assert from "node:assert/strict";
import { test } from "node:test";
import { startTestGateway } from "openclaw/plugin-sdk/testing";
import { startFakeDiscord } from "../fakes/discord-server.ts";
import { snippetsOf } from "./snippets.ts";

const snippets = snippetsOf("docs/channels/discord.md").filter(({ kind }) => kind === "config");

test("each configuration of the page starts a gateway without a warning", async () => {
  assert.deepEqual(
    snippets.map(({ name }) => name),
    ["first", "servers", "accounts"],
  );
  await using fake = await startFakeDiscord();
  for (const { name, text } of snippets) {
    const config = text
      .replaceAll("token:", `apiRoot: "${fake.url}", token:`)
      .replace("{", '{ gateway: { mode: "local", auth: { token: "test-token-0123456789abcdef" } },');
    await using gateway = await startTestGateway({ config });
    const client = await gateway.client();

    const { issues, warnings } = await client.request<{ issues: object[]; warnings: object[] }>("config.get", {});
    const { channelAccounts } = await client.request<{ channelAccounts: Record<string, object[]> }>(
      "channels.status",
      {},
    );

    assert.deepEqual([...issues, ...warnings], [], name);
    assert.equal(channelAccounts["discord"]?.length, name === "accounts" ? 2 : 1, name);
  }
});
