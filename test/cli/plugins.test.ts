import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { eventually } from "openclaw/plugin-sdk/testing";
import { run, startGateway, testHome } from "../support/command-line.ts";
import type { TestHome } from "../support/command-line.ts";

suite("openclaw plugins", { concurrency: 2 }, () => {
  test("disable and enable reach the gateway that runs, and say so", async () => {
    using at = await homeWithPlugin();
    await using gateway = await startGateway(at);

    const off = await run(at, ["plugins", "disable", "toy"]);
    const refused = await run(at, ["gateway", "call", "toy.hello"]);
    const on = await run(at, ["plugins", "enable", "toy"]);
    const answered = await run(at, ["gateway", "call", "toy.hello"]);

    assert.match(off.stdout, /^disabled toy: applied live in \d+ ms, state disabled\n$/);
    assert.equal(refused.code, 1);
    assert.match(on.stdout, /^enabled toy: applied live in \d+ ms, state ready\n$/);
    assert.deepEqual(JSON.parse(answered.stdout), { text: "hello" });
    assert.ok(gateway.pid);
  });

  test("with --watch every plugin runs, and a saved file counts", async () => {
    using at = await homeWithPlugin();
    await using gateway = await startGateway(at, ["--watch"]);
    await gateway.prints(/plugins: \d+ loaded, 0 failed/);
    const file = join(at.stateDir, "extensions", "toy", "index.mjs");
    await run(at, ["gateway", "call", "toy.hello"]);

    writeFileSync(file, readFileSync(file, "utf8").replace('"hello" }', '"changed" }'));

    await eventually("the new code answers", async () =>
      (await run(at, ["gateway", "call", "toy.hello"])).stdout.includes("changed"),
    );
  });

  test("without a gateway the change waits for the next start", async () => {
    using at = await homeWithPlugin();

    const text = await run(at, ["plugins", "disable", "toy"]);
    const json = await run(at, ["plugins", "enable", "toy", "--json"]);

    assert.equal(text.stdout, "disabled toy: takes effect at next start\n");
    assert.deepEqual(JSON.parse(json.stdout), { ok: true, id: "toy", enabled: true, live: false });
  });

  test("a plugin that every gateway needs is not disabled, and one that is not there is not found", async () => {
    using at = await homeWithPlugin();
    const before = at.read();

    const essential = await run(at, ["plugins", "disable", "system"]);
    const unknown = await run(at, ["plugins", "enable", "ghost", "--json"]);

    assert.deepEqual(
      [essential.code, essential.stderr],
      [1, "plugin system is part of every gateway and stays enabled\n"],
    );
    assert.equal(unknown.code, 1);
    assert.equal((JSON.parse(unknown.stdout) as { error: { code: string } }).error.code, "NOT_FOUND");
    assert.equal(at.read(), before);
  });

  test("list tells the same of a plugin with and without a gateway, and that nothing runs", async () => {
    using at = await homeWithPlugin();
    const toy = async () => {
      const { stdout } = await run(at, ["plugins", "list", "--json"]);
      const { plugins } = JSON.parse(stdout) as {
        plugins: { id: string; live: boolean; status: string; state: string }[];
      };
      return plugins.find(({ id }) => id === "toy");
    };

    const down = await toy();
    await using gateway = await startGateway(at);
    const up = await toy();

    assert.deepEqual({ ...up, live: false }, down);
    assert.deepEqual([up?.status, up?.state, up?.live], ["loaded", "ready", true]);
    assert.ok(gateway.pid);
  });

  for (const plugins of [{ allow: 5 }, { deny: {} }, { entries: null }, { slots: null }, 7]) {
    test(`a section plugins that is ${JSON.stringify(plugins)} is told, and every other command runs`, async () => {
      using at = await testHome({ plugins });

      const checked = await run(at, ["config", "validate"]);
      const listed = await run(at, ["plugins", "list"]);
      const help = await run(at, ["--help"]);

      assert.equal(checked.code, 78);
      assert.match(checked.stdout + checked.stderr, /plugins[.a-z]*: must be (array|object)/);
      assert.deepEqual([listed.code, help.code], [0, 0]);
    });
  }

  test("doctor finds what is broken, exit 1", async () => {
    using at = await homeWithPlugin();
    writeFileSync(join(at.stateDir, "extensions", "toy", "openclaw.plugin.json"), "{");

    const { code, stdout } = await run(at, ["plugins", "doctor", "--json"]);

    const { ok, diagnostics } = JSON.parse(stdout) as { ok: boolean; diagnostics: { pluginId: string }[] };
    assert.deepEqual(
      { code, ok, ids: diagnostics.map(({ pluginId }) => pluginId) },
      { code: 1, ok: false, ids: ["toy"] },
    );
  });

  test("doctor says the same with and without a gateway: not found, nothing at a path, a wrong section", async () => {
    using at = await homeWithPlugin({ load: { paths: ["~/nowhere"] }, entries: { ghost: { enabled: true } } });
    const manifest = { id: "toy", configSchema: { type: "object", properties: { size: { type: "integer" } } } };
    writeFileSync(join(at.stateDir, "extensions", "toy", "openclaw.plugin.json"), JSON.stringify(manifest));
    await run(at, ["config", "set", "plugins.entries.toy.enabled", "true"]);
    at.write(at.read().replace(/"toy": \{/, '"toy": { "config": { "size": "big" },'));

    const down = await run(at, ["plugins", "doctor"]);
    await using gateway = await startGateway(at);
    const up = await run(at, ["plugins", "doctor"]);

    assert.equal(up.stdout, down.stdout);
    assert.deepEqual(
      down.stdout.split("\n").map((line) => line.split(":")[0]),
      ["error ghost", "error nowhere", "error toy", ""],
    );
    assert.ok(gateway.pid);
  });

  test("enable refuses what is named but not there, and says when a rule keeps a plugin off", async () => {
    using at = await homeWithPlugin({ deny: ["toy"], entries: { ghost: { enabled: true } } });
    await using gateway = await startGateway(at);

    const ghost = await run(at, ["plugins", "enable", "ghost"]);
    const denied = await run(at, ["plugins", "enable", "toy"]);

    assert.deepEqual([ghost.code, ghost.stderr.split("\n")[0]], [1, "plugin not found: ghost"]);
    const { stderr } = await run(at, ["config", "validate"]);
    assert.match(stderr, /warning: plugins\.entries\.ghost: plugin not found: ghost \(its folder has to be in/);
    assert.deepEqual(
      [denied.code, denied.stdout],
      [1, "enabled toy in the configuration, but it stays disabled (denied)\n"],
    );
    assert.ok(gateway.pid);
  });

  test("of another gateway that does not answer nothing is listed", async () => {
    using at = await homeWithPlugin();

    const { code, stderr } = await run(at, ["plugins", "list", "--url", "ws://127.0.0.1:9"]);

    assert.equal(code, 1);
    assert.match(stderr, /^Gateway not reachable/);
  });

  test("a gateway that refuses the secret is told from none", async () => {
    using at = await homeWithPlugin();
    await using gateway = await startGateway(at);

    const { code, stderr } = await run(at, ["plugins", "list", "--token", "wrong"]);

    assert.equal(code, 0);
    assert.match(stderr, /^showing what the files say; the gateway answers: unauthorized/);
    assert.ok(gateway.pid);
  });
});

async function homeWithPlugin(plugins: object = { entries: { toy: { enabled: true } } }): Promise<TestHome> {
  const at = await testHome({ plugins });
  const folder = join(at.stateDir, "extensions", "toy");
  mkdirSync(folder, { recursive: true });
  const contributes = { methods: { "toy.hello": "operator.read" } };
  writeFileSync(join(folder, "openclaw.plugin.json"), JSON.stringify({ id: "toy", contributes }));
  writeFileSync(
    join(folder, "index.mjs"),
    `import { definePlugin, Type } from "openclaw/plugin-sdk";
    export default definePlugin((gateway) => {
      gateway.method({ name: "toy.hello", scope: "operator.read", params: Type.Object({}), handle: () => ({ text: "hello" }) });
    });`,
  );
  return at;
}
