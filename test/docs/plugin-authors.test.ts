import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import JSON5 from "json5";
import { startTestGateway } from "openclaw/plugin-sdk/testing";
import { commandsOf, snippetsOf } from "./snippets.ts";

const snippets = snippetsOf("docs/plugin-authors.md");
const root = fileURLToPath(new URL("../..", import.meta.url));
let folder: string;

before(() => {
  folder = mkdtempSync(join(root, "test", "docs", ".plugins-"));
  for (const { kind, name, language, text } of snippets) {
    if (name === undefined) continue;
    mkdirSync(join(folder, name), { recursive: true });
    const file = kind === "test" ? "motd.test.ts" : language === "json" ? "openclaw.plugin.json" : "index.ts";
    if (kind === "plugin" || kind === "test") writeFileSync(join(folder, name, file), text);
  }
});

after(() => rmSync(folder, { recursive: true, force: true }));

test("every plugin of the page runs, and its calls print what the page says", async () => {
  const ids = [
    ...new Set(snippets.flatMap(({ kind, name }) => (kind === "plugin" && name !== undefined ? [name] : []))),
  ];
  const entries = Object.fromEntries(ids.map((id) => [id, { enabled: true }]));
  await using gateway = await startTestGateway({ config: { plugins: { load: { paths: [folder] }, entries } } });
  const client = await gateway.client();

  const states = gateway.run.plugins().filter(({ id }) => ids.includes(id));

  assert.deepEqual(
    states.map(({ id, state }) => `${id} ${state}`),
    ["counter ready", "greeter active", "motd ready"],
  );
  for (const snippet of snippets.filter(({ kind }) => kind === "call")) {
    for (const { command, prints } of commandsOf(snippet)) {
      const [, method, params = "{}"] = /^openclaw gateway call (\S+)(?: --params '(.*)')?$/.exec(command) ?? [];
      assert.ok(method, `not a call: ${command}`);
      assert.deepEqual(await client.request(method, JSON5.parse(params)), JSON.parse(prints ?? ""), command);
    }
  }
});

test("the test of the page passes", () => {
  const { status, stdout } = spawnSync(
    process.execPath,
    ["--conditions=openclaw-source", "--test", join(folder, "motd", "motd.test.ts")],
    {
      encoding: "utf8",
      // Inside of a test run the child would report to it instead of running by itself.
      env: { ...process.env, NODE_TEST_CONTEXT: undefined },
      cwd: root,
    },
  );

  assert.equal(status, 0, stdout);
  assert.match(stdout, /pass 1/);
});
