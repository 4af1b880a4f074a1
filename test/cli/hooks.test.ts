import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { run, testHome } from "../support/command-line.ts";

test("event scripts are listed, enabled as they are, and found changed", async () => {
  using at = await testHome();
  const openclaw = (...args: string[]) => run(at, ["hooks", ...args]);
  const folder = join(at.stateDir, "hooks", "mine");
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, "HOOK.md"),
    "---\nname: mine\ndescription: mine\nmetadata: { openclaw: { events: [command] } }\n---\n",
  );
  writeFileSync(join(folder, "handler.ts"), "export default () => {};\n");

  const list = await openclaw();
  assert.match(list.stdout, /^STATUS +HOOK +SOURCE +EVENTS +DESCRIPTION\n/);
  assert.match(list.stdout, /\noff +boot-md +bundled +gateway:startup +/);
  assert.match(list.stdout, /\noff +mine +managed +command +mine\n/);
  assert.equal((await openclaw("enable", "mine")).stdout, "enabled mine\n");
  assert.equal((await openclaw("enable", "boot-md")).stdout, "enabled boot-md\n");
  assert.match((await openclaw("check")).stdout, /^Event scripts: 4, 2 on\n$/);

  writeFileSync(join(folder, "handler.ts"), "export default () => 1;\n");
  const changed = await openclaw("check");
  assert.equal(changed.code, 1);
  assert.match(
    changed.stdout,
    /^mine has changed since it was enabled; look at it and run: openclaw hooks enable mine$/m,
  );
  assert.match((await openclaw("info", "mine")).stdout, /^mine: changed\n/);
  writeFileSync(join(folder, "handler.ts"), "setInterval(() => {}, 1_000);\nexport defau lt\n");
  await openclaw("enable", "mine");
  const broken = await openclaw("check");
  assert.equal(broken.code, 1);
  assert.match(broken.stdout, /^mine cannot be loaded: .*handler\.ts:2:/m);
  assert.equal((await openclaw("disable", "mine")).code, 0);
  assert.equal((await openclaw("check")).code, 0);
  assert.equal((await openclaw("info", "ghost")).code, 1);
  const { hooks } = JSON.parse((await openclaw("list", "--json")).stdout) as {
    hooks: { name: string; runs: boolean }[];
  };
  assert.deepEqual(
    hooks.filter(({ runs }) => runs).map(({ name }) => name),
    ["boot-md"],
  );
});
