import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { run, startGateway, testHome, TOKEN } from "../support/command-line.ts";
import type { TestHome } from "../support/command-line.ts";

suite("openclaw setup", { concurrency: 2 }, () => {
  test("makes a configuration with a token, the workspace and the sessions folder", async () => {
    using at = await testHome(null);

    const { code, stdout, stderr } = await run(at, ["setup"]);

    assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
    assert.equal(
      stdout,
      "Wrote ~/.openclaw/openclaw.json\nWorkspace OK: ~/.openclaw/workspace\nSessions OK: ~/.openclaw/agents/main/sessions\n",
    );
    const { gateway } = JSON.parse(at.read()) as { gateway: { mode: string; auth: { token: string } } };
    assert.equal(gateway.mode, "local");
    assert.match(gateway.auth.token, /^[0-9a-f]{64}$/);
  });

  test("everything it makes is for its owner alone, whatever the umask is", async () => {
    using at = await testHome(null);

    await run(at, ["setup"], { nodeArgs: ["--import", "data:text/javascript,process.umask(0)"] });

    const modes = ["", "workspace", "agents", "agents/main", "agents/main/sessions", "openclaw.json"].map((name) =>
      (statSync(join(at.stateDir, name)).mode & 0o777).toString(8),
    );
    assert.deepEqual(modes, ["700", "700", "700", "700", "700", "600"]);
  });

  test("a second time nothing changes", async () => {
    using at = await testHome(null);
    await run(at, ["setup"]);
    const before = snapshot(at);

    const { code, stdout } = await run(at, ["setup", "--non-interactive"]);

    assert.equal(code, 0);
    assert.match(stdout, /^Config OK: ~\/\.openclaw\/openclaw\.json\n/);
    assert.deepEqual(snapshot(at), before);
  });

  test("two at once agree on one token", async () => {
    using at = await testHome(null);

    const both = await Promise.all([run(at, ["setup", "--json"]), run(at, ["setup", "--json"])]);

    assert.deepEqual(
      both.map(({ code }) => code),
      [0, 0],
    );
    const wrote = both.map(({ stdout }) => (JSON.parse(stdout) as { wrote: boolean }).wrote);
    assert.equal(wrote.filter(Boolean).length, 1);
    assert.equal(existsSync(`${at.configPath}.bak`), false);
  });

  test("a token of the environment is referred to and not copied", async () => {
    using at = await testHome(null);

    await run(at, ["setup"], { env: { OPENCLAW_GATEWAY_TOKEN: TOKEN } });

    assert.match(at.read(), /"token": "\$\{OPENCLAW_GATEWAY_TOKEN\}"/);
  });

  test("a configuration that is there stays byte for byte; a mode that is missing is mentioned", async () => {
    using at = await testHome(null);
    at.write("// mine\n{ logging: { level: 'warn' } }\n");

    const { code, stderr } = await run(at, ["setup"]);

    assert.equal(code, 0);
    assert.equal(at.read(), "// mine\n{ logging: { level: 'warn' } }\n");
    assert.match(stderr, /openclaw config set gateway\.mode local/);
  });

  test("a configuration that is wrong is not touched, exit 78", async () => {
    using at = await testHome(null);
    at.write("{ gateway: { mode: 5 } }");

    const { code } = await run(at, ["setup"]);

    assert.equal(code, 78);
    assert.equal(at.read(), "{ gateway: { mode: 5 } }");
    assert.equal(existsSync(join(at.stateDir, "workspace")), false);
  });

  test("a workspace of the environment is used, and one that exists keeps its mode", async () => {
    using at = await testHome(null);
    const folder = join(at.home, "work");
    mkdirSync(folder);
    chmodSync(folder, 0o755);

    const { stdout } = await run(at, ["setup"], { env: { OPENCLAW_WORKSPACE_DIR: "~/work" } });

    assert.match(stdout, /^Workspace OK: ~\/work$/m);
    assert.equal(statSync(folder).mode & 0o777, 0o755);
  });

  test("--workspace is written down; in a configuration that is there only that changes", async () => {
    using at = await testHome(null);

    const first = await run(at, ["setup", "--workspace", "work"]);
    const { gateway } = JSON.parse(at.read()) as { gateway: object };
    const second = await run(at, ["setup", "--workspace", "~/other"]);

    const after = JSON.parse(at.read()) as { gateway: object; agents: { defaults: { workspace: string } } };
    assert.match(first.stdout, /^Workspace OK: ~\/work$/m);
    assert.match(second.stdout, /^Config OK: .*\nWorkspace OK: ~\/other$/m);
    assert.deepEqual(after, { agents: { defaults: { workspace: join(at.home, "other") } }, gateway });
  });

  test("a profile gets files of its own and its workspace beside the others", async () => {
    using at = await testHome(null);

    const { stdout } = await run(at, ["--profile", "rescue", "setup"]);

    assert.equal(
      stdout,
      "Wrote ~/.openclaw-rescue/openclaw.json\nWorkspace OK: ~/.openclaw/workspace-rescue\nSessions OK: ~/.openclaw-rescue/agents/main/sessions\n",
    );
    assert.deepEqual(readdirSync(at.home).toSorted(), [".openclaw", ".openclaw-rescue"]);
  });

  test("then the gateway starts and lets us in without another word", async () => {
    using at = await testHome(null);
    await run(at, ["setup"]);
    await using gateway = await startGateway(at, ["--port", "0"]);

    const { code } = await run(at, ["health"]);

    assert.equal(code, 0);
    assert.ok(gateway.pid);
  });
});

function snapshot(at: TestHome): object {
  const files = readdirSync(at.home, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.startsWith(join(at.stateDir, "cache")))
    .map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(files.map((path) => [path, `${statSync(path).mtimeMs} ${readFileSync(path, "utf8")}`]));
}
