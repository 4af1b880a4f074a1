import assert from "node:assert/strict";
import { test } from "node:test";
import { ChannelError } from "openclaw/plugin-sdk";
import { INSTALL_COMMAND, loadLibrary } from "./library.ts";

test("without the library the account fails with the command that installs it and what its licence is", async () => {
  const missing = Object.assign(new Error("Cannot find package '@whiskeysockets/baileys'"), {
    code: "ERR_MODULE_NOT_FOUND",
  });

  await assert.rejects(
    loadLibrary(() => Promise.reject(missing)),
    (error: unknown) => {
      assert.ok(error instanceof ChannelError);
      assert.equal(error.kind, "auth");
      assert.equal(error.fix, INSTALL_COMMAND);
      assert.match(error.message, /npm install --omit=peer @whiskeysockets\/baileys@7\.0\.0-rc14.*GPL-3\.0$/);
      return true;
    },
  );
  await assert.rejects(
    loadLibrary(() => Promise.reject(new Error("broken"))),
    /^Error: broken$/,
  );
});
