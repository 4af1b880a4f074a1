import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { GatewayError } from "openclaw/plugin-sdk";
import { createTestHost } from "openclaw/plugin-sdk/testing";
import update from "./index.ts";
import { findInstall } from "./install.ts";

/** A folder that looks like an installation, with a plugin deep in it. */
function installAt(place: string, isCheckout: boolean) {
  const home = realpathSync(mkdtempSync(join(tmpdir(), "openclaw-install-")));
  const root = join(home, place);
  const plugin = join(root, "dist", "plugins", "methods", "update");
  mkdirSync(plugin, { recursive: true });
  writeFileSync(join(root, "package.json"), '{ "name": "openclaw" }');
  writeFileSync(join(root, "dist", "package.json"), '{ "name": "something-else" }');
  if (isCheckout) mkdirSync(join(root, ".git"));
  return { root, plugin, [Symbol.dispose]: () => rmSync(home, { recursive: true }) };
}

for (const [place, isCheckout, mode, command] of [
  ["claw", true, "git", "git pull --ff-only"],
  [join("lib", "node_modules", "openclaw"), false, "npm", "npm install --global <the package of the new version>"],
  ["claw", false, "folder", "replace"],
] as const) {
  test(`an installation in ${place}${isCheckout ? " with a history" : ""} is known as ${mode}`, () => {
    using install = installAt(place, isCheckout);

    const found = findInstall(install.plugin);

    assert.deepEqual([found.mode, found.root], [mode, install.root]);
    assert.ok(found.commands.some((one) => one.startsWith(command)));
  });
}

test("update.run says what to run instead, and changes nothing", async () => {
  await using host = await createTestHost(update);

  await assert.rejects(host.call("update.run", { note: "please" }), (error: unknown) => {
    assert.ok(error instanceof GatewayError);
    assert.equal(error.code, "UNAVAILABLE");
    assert.match(error.message, /^this gateway does not update itself: it runs from .*; run: .*, then restart it$/);
    assert.deepEqual(Object.keys(error.details ?? {}), ["code", "mode", "root", "commands", "version"]);
    return true;
  });
});

test("update.run with an unknown parameter is refused", async () => {
  await using host = await createTestHost(update);

  await assert.rejects(host.call("update.run", { __bogus: 1 }), {
    code: "INVALID_REQUEST",
    message: "invalid update.run params: at root: unexpected property '__bogus'",
  });
});
