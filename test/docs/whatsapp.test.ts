import assert from "node:assert/strict";
import { test } from "node:test";
import { startTestGateway } from "openclaw/plugin-sdk/testing";
import { INSTALL_COMMAND } from "../../plugins/channels/whatsapp/library.ts";
import { snippetsOf } from "./snippets.ts";

const snippets = snippetsOf("docs/channels/whatsapp.md");

test("each configuration of the page is taken without a warning", async () => {
  const configs = snippets.filter(({ kind }) => kind === "config");
  assert.deepEqual(
    configs.map(({ name }) => name),
    ["first", "self", "groups", "accounts", "web"],
  );
  await using gateway = await startTestGateway({});
  const client = await gateway.client();
  for (const { name, text } of configs) {
    const raw = text.replace("{", '{ gateway: { mode: "local", auth: { token: "test-token-0123456789abcdef" } },');

    const checked = await client.request<{ ok: boolean; issues: object[]; warnings: object[] }>("config.validate", {
      raw,
    });

    assert.deepEqual([...(checked.issues ?? []), ...(checked.warnings ?? [])], [], name);
  }
});

test("the command that installs the library is the one that the channel names", () => {
  const [shell] = snippets.filter(({ language }) => language === "sh");

  assert.equal(shell?.text.trim(), INSTALL_COMMAND);
});
