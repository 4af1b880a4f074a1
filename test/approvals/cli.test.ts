import assert from "node:assert/strict";
import { realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { run, startGateway, testHome } from "../support/command-line.ts";

test("approvals get and set show and replace the gateway's own file", async () => {
  using at = await testHome();
  await using _gateway = await startGateway(at);
  const file = join(at.home, "wanted.json");
  writeFileSync(file, JSON.stringify({ version: 1, defaults: { security: "deny" } }));

  assert.match((await run(at, ["approvals", "get"])).stdout, /exec-approvals\.json \(not there: the defaults hold\)/);
  assert.match((await run(at, ["approvals", "set", "--file", file])).stdout, /\(defaults\) +deny/);
  const { stdout } = await run(at, ["approvals", "get", "--json"]);
  assert.deepEqual((JSON.parse(stdout) as { file: unknown }).file, { version: 1, defaults: { security: "deny" } });
  const piped = await run(at, ["approvals", "set", "--stdin"], { input: '{"defaults":{"ask":"off"}}' });
  assert.equal(piped.code, 0, piped.stderr);
  const list = await run(at, ["approvals", "set", "--stdin"], { input: "[]" });
  assert.deepEqual([list.code, list.stderr], [1, "stdin is not a JSON object\n"]);

  const mistyped = await run(at, ["approvals", "set", "--stdin"], {
    input: '{"version":1,"agents":{"main":{"ask":"of"}}}',
  });
  assert.deepEqual([mistyped.code, mistyped.stderr], [1, 'stdin: agents.main.ask is "of"; use always, on-miss, off\n']);

  writeFileSync(file, "{");
  const cases: readonly [readonly string[], number, RegExp][] = [
    [["set"], 2, /^either --file or --stdin is needed$/m],
    [["set", "--file", file], 1, /wanted\.json is not JSON: /],
    [["get", "--node", "nobody"], 1, /^there is no single node "nobody"$/m],
    [["resolve", "x", "perhaps"], 2, /^the decision is allow-once, allow-always, deny, not "perhaps"$/m],
    [["resolve", "x", "deny"], 1, /^no approval "x" waits$/m],
    [["allowlist", "add", "ls"], 2, /^"ls" is no path; name the program as "which ls" shows it$/m],
  ];
  for (const [args, exitCode, text] of cases) {
    const { code, stderr } = await run(at, ["approvals", ...args]);
    assert.equal(code, exitCode, stderr);
    assert.match(stderr, text);
  }
});

test("allowlist add follows links, because what they lead to is what is looked at", async () => {
  using at = await testHome();
  await using _gateway = await startGateway(at);
  const [real, link] = [join(realpathSync(at.home), "tool"), join(at.home, "link")];
  writeFileSync(real, "");
  symlinkSync(real, link);
  const patterns = async () => {
    const { stdout } = await run(at, ["approvals", "get", "--json"]);
    const { file } = JSON.parse(stdout) as { file: { agents?: Record<string, { allowlist?: { pattern: string }[] }> } };
    return file.agents?.["*"]?.allowlist?.map(({ pattern }) => pattern);
  };

  const added = await run(at, ["approvals", "allowlist", "add", link]);
  assert.ok(added.stderr.includes(`${link} leads to ${real}`), added.stderr);
  assert.ok(added.stdout.includes(`${real} runs without asking`), added.stdout);
  await run(at, ["approvals", "allowlist", "add", "/opt/not-there-yet/*"]);

  assert.deepEqual(await patterns(), [real, "/opt/not-there-yet/*"]);
  assert.equal((await run(at, ["approvals", "allowlist", "remove", link])).code, 0);
  assert.deepEqual(await patterns(), ["/opt/not-there-yet/*"]);
});
