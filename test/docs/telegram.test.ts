import assert from "node:assert/strict";
import { test } from "node:test";
import { startTestGateway } from "openclaw/plugin-sdk/testing";
import { startFakeTelegram } from "../fakes/telegram-server.ts";
import { snippetsOf } from "./snippets.ts";

const PAGE = "docs/channels/telegram.md";
const TOKEN = "123456:the-token-of-your-bot";

test("each configuration of the page starts a gateway without a warning, and the first one a bot", async () => {
  const snippets = snippetsOf(PAGE).filter(({ kind }) => kind === "config");
  assert.deepEqual(
    snippets.map(({ name }) => name),
    ["first", "people", "groups", "accounts", "webhook"],
  );
  await using fake = await startFakeTelegram();
  fake.addBot(TOKEN, { id: 7, username: "yourbot" });
  for (const { name, text } of snippets) {
    const config = text
      .replaceAll("botToken:", `apiRoot: "${fake.url}", botToken:`)
      .replace(/^(\s*\{)(\s*gateway: \{)?/, (_, open: string, inner?: string) =>
        inner === undefined ? `${open} gateway: { ${MODE} },` : `${open}${inner} ${MODE},`,
      );
    await using gateway = await startTestGateway({ config });
    const client = await gateway.client();

    const { issues, warnings } = await client.request<{ issues: object[]; warnings: object[] }>("config.get", {});
    const { channelAccounts } = await client.request<{ channelAccounts: Record<string, object[]> }>(
      "channels.status",
      {},
    );

    assert.deepEqual([...issues, ...warnings], [], name);
    assert.equal(channelAccounts["telegram"]?.length, name === "accounts" ? 2 : 1, name);
    if (name === "first") await fake.waitFor(({ method, token }) => method === "getUpdates" && token === TOKEN);
    if (name === "webhook") await fake.waitFor(({ method }) => method === "setWebhook");
  }
});

const MODE = 'mode: "local", auth: { token: "test-token-0123456789abcdef" }';
