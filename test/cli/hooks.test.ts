import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { commandsOf, snippetsOf } from "../docs/snippets.ts";
import { run, testHome } from "../support/command-line.ts";

test("event scripts are listed, enabled as they are, and found changed", async () => {
  using at = await testHome();
  const page = snippetsOf("docs/hooks.md");
  const asked = new Set<string>();
  const openclaw = (...args: string[]) => {
    asked.add(["openclaw", "hooks", ...args].join(" "));
    return run(at, ["hooks", ...args]);
  };
  const folder = join(at.stateDir, "hooks", "greeter");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "HOOK.md"), page.find(({ kind }) => kind === "hook")?.text ?? "");
  writeFileSync(join(folder, "handler.ts"), "export default () => {};\n");

  const list = await openclaw();
  assert.match(list.stdout, /^STATUS +HOOK +SOURCE +EVENTS +DESCRIPTION\n/);
  assert.match(list.stdout, /\noff +boot-md +bundled +gateway:startup +/);
  assert.match(list.stdout, /\noff +greeter +managed +session:start, ?command:new +Says hello in the log\.\n/);
  assert.equal((await openclaw("enable", "greeter")).stdout, "enabled greeter\n");
  assert.equal((await openclaw("enable", "boot-md")).stdout, "enabled boot-md\n");
  assert.match((await openclaw("check")).stdout, /^Event scripts: 4, 2 on\n$/);

  writeFileSync(join(folder, "handler.ts"), "export default () => 1;\n");
  const changed = await openclaw("check");
  assert.equal(changed.code, 1);
  assert.match(
    changed.stdout,
    /^greeter has changed since it was enabled; look at it and run: openclaw hooks enable greeter$/m,
  );
  assert.match((await openclaw("info", "greeter")).stdout, /^greeter: changed\n/);
  writeFileSync(join(folder, "handler.ts"), "setInterval(() => {}, 1_000);\nexport defau lt\n");
  await openclaw("enable", "greeter");
  const broken = await openclaw("check");
  assert.equal(broken.code, 1);
  assert.match(broken.stdout, /^greeter cannot be loaded: .*handler\.ts:2:/m);
  assert.equal((await openclaw("disable", "greeter")).code, 0);
  assert.equal((await openclaw("check")).code, 0);
  assert.equal((await openclaw("info", "ghost")).code, 1);
  const { hooks } = JSON.parse((await openclaw("list", "--json")).stdout) as {
    hooks: { name: string; runs: boolean }[];
  };
  assert.deepEqual(
    hooks.filter(({ runs }) => runs).map(({ name }) => name),
    ["boot-md"],
  );
  // The commands of the page are these.
  for (const { command } of page.filter(({ kind }) => kind === "cli").flatMap(commandsOf))
    assert.ok(asked.has(command.replace(/ *#.*/, "")), command);
});
