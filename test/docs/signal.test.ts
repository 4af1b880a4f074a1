import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually, startTestGateway } from "openclaw/plugin-sdk/testing";
import { startFakeSignal } from "../fakes/signal-server.ts";
import { snippetsOf } from "./snippets.ts";

const MODE = 'gateway: { mode: "local", auth: { token: "test-token-0123456789abcdef" } },';

test("each configuration of the page starts a gateway without a warning, and one with a daemon connects", async () => {
  const snippets = snippetsOf("docs/channels/signal.md").filter(({ kind }) => kind === "config");
  assert.deepEqual(
    snippets.map(({ name }) => name),
    ["first", "daemon", "groups"],
  );
  await using fake = await startFakeSignal();
  for (const { name, text } of snippets) {
    const config = text
      .replace("http://127.0.0.1:8080", fake.url)
      // Nothing is installed here.
      .replace('account: "+15550100"', name === "daemon" ? "$&" : '$&, cliPath: "/nowhere/signal-cli"')
      .replace("{", `{ ${MODE}`);
    await using gateway = await startTestGateway({ config });
    const client = await gateway.client();

    const { issues, warnings } = await client.request<{ issues: object[]; warnings: object[] }>("config.get", {});

    assert.deepEqual([...issues, ...warnings], [], name);
    if (name !== "daemon") continue;
    await eventually("the account is connected", async () => {
      const { channelAccounts } = await client.request<{ channelAccounts: { signal: { connected: boolean }[] } }>(
        "channels.status",
        {},
      );
      return channelAccounts.signal[0]?.connected;
    });
  }
});
