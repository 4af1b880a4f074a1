import assert from "node:assert/strict";
import { test } from "node:test";
import { startTestGateway } from "openclaw/plugin-sdk/testing";
import { startFakeSlack } from "../fakes/slack-server.ts";
import { snippetsOf } from "./snippets.ts";

const snippets = snippetsOf("docs/channels/slack.md").filter(({ kind }) => kind === "config");

test("each configuration of the page starts a gateway without a warning", async () => {
  assert.deepEqual(
    snippets.map(({ name }) => name),
    ["first", "channels", "commands", "requests", "accounts"],
  );
  await using fake = await startFakeSlack();
  for (const { name, text } of snippets) {
    const config = text
      .replace("slack: {", `slack: { apiRoot: "${fake.url}",`)
      .replace("{", '{ gateway: { mode: "local", auth: { token: "test-token-0123456789abcdef" } },');
    await using gateway = await startTestGateway({ config });
    const client = await gateway.client();

    const { issues, warnings } = await client.request<{ issues: object[]; warnings: object[] }>("config.get", {});
    const { channelAccounts } = await client.request<{
      channelAccounts: Record<string, { readonly configured: boolean }[]>;
    }>("channels.status", {});

    assert.deepEqual([...issues, ...warnings], [], name);
    assert.deepEqual(
      channelAccounts["slack"]?.map(({ configured }) => configured),
      name === "accounts" ? [true, true] : [true],
      name,
    );
  }
});
