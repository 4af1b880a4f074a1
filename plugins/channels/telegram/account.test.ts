import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite, test } from "node:test";
import type { ChannelAccount } from "openclaw/plugin-sdk";
import { offersButtons, tokenOf, unconfigured } from "./account.ts";

function account(config: object, accountId = "default"): ChannelAccount {
  return { accountId, config: config as ChannelAccount["config"] };
}

suite("accounts", () => {
  test("a token comes from the configuration, else from a file, else from the environment of the default account", () => {
    const folder = mkdtempSync(join(tmpdir(), "openclaw-telegram-"));
    const tokenFile = join(folder, "token");
    writeFileSync(tokenFile, "2:file\n");
    const env = { TELEGRAM_BOT_TOKEN: "3:env" };

    assert.deepEqual(tokenOf(account({ botToken: "1:config", tokenFile }), env)?.source, "config");
    assert.deepEqual(tokenOf(account({ tokenFile }), env), { value: "2:file", source: "file" });
    assert.deepEqual(tokenOf(account({}), env), { value: "3:env", source: "env" });
    assert.equal(tokenOf(account({}, "other"), env), undefined);
    assert.match(unconfigured(account({ tokenFile: "/none" }), env) ?? "", /cannot read \/none/);
    assert.match(unconfigured(account({}), {}) ?? "", /set channels\.telegram\.botToken.*or TELEGRAM_BOT_TOKEN$/);
    rmSync(folder, { recursive: true, force: true });
  });

  test("buttons are offered where they are wanted", () => {
    const scope = (inlineButtons?: string) =>
      [true, false].map((isDirect) => offersButtons(account({ capabilities: { inlineButtons } }), isDirect));

    assert.deepEqual(scope("off"), [false, false]);
    assert.deepEqual(scope("dm"), [true, false]);
    assert.deepEqual(scope("group"), [false, true]);
    assert.deepEqual(scope(), [true, true]);
  });
});
