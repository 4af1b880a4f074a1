import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { root } from "../support/build.ts";
import { run, start, startGateway, testHome } from "../support/command-line.ts";
import type { TestHome } from "../support/command-line.ts";

const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };

/** Arguments that let Node take itself for one that is too old. What it starts knows nothing of them. */
const OLD = [
  "--import",
  `data:text/javascript,Object.defineProperty(process,"versions",{value:{...process.versions,node:"20.19.0"}})`,
];

suite("the launcher on a Node that is too old", { concurrency: 2 }, () => {
  test("runs the command on the project's own Node and ends as that ends", async () => {
    using at = await testHome();

    const good = await run(at, ["config", "get", "gateway.mode"], { nodeArgs: OLD });
    const wrong = await run(at, ["config", "get", "no.such.key"], { nodeArgs: OLD });

    assert.deepEqual([good.code, good.stdout, wrong.code], [0, "local\n", 1]);
  });

  test("passes signals on: a gateway stops cleanly with 0", async () => {
    using at = await testHome();
    await using gateway = await startGateway(at, [], { nodeArgs: OLD });

    gateway.kill("SIGTERM");

    assert.equal((await gateway.ended).code, 0);
  });

  test("ends with 128 and the signal's number when the command died of one", async () => {
    using at = await testHome();
    await using gateway = await startGateway(at, [], { nodeArgs: OLD });
    const [, pid] = await gateway.prints(/\(PID (\d+)\)/);
    assert.notEqual(Number(pid), gateway.pid);

    process.kill(Number(pid), "SIGKILL");

    assert.equal((await gateway.ended).code, 137);
  });

  test("passes standard input on", async () => {
    using at = await testHome();
    await using gateway = await startGateway(at);

    const { stdout } = await run(at, ["gateway", "call", "health", "--params", "-"], { nodeArgs: OLD, input: "{}" });

    assert.equal((JSON.parse(stdout) as { ok: boolean }).ok, true);
    assert.ok(gateway.pid);
  });

  test("knows its version without any help", async () => {
    using at = await testHome();
    const launcher = lonely(at);

    const { code, stdout } = await run(at, ["--version"], { nodeArgs: OLD, launcher });

    assert.deepEqual([code, stdout], [0, `${version}\n`]);
  });

  test("says in one line which Node it needs where there is none of its own", async () => {
    using at = await testHome();
    const launcher = lonely(at);

    const { code, stdout, stderr } = await run(at, ["health"], { nodeArgs: OLD, launcher });

    assert.deepEqual(
      [code, stdout, stderr],
      [78, "", "openclaw needs Node 22.22 or newer; this is 20.19.0 (in this folder alone: npm install node@24)\n"],
    );
  });
});

suite("the launcher", { concurrency: 2 }, () => {
  test("says in one line that nothing is built", async () => {
    using at = await testHome();
    const launcher = lonely(at);

    const { code, stderr } = await run(at, ["health"], { launcher });

    assert.deepEqual([code, stderr], [78, "openclaw is not built yet; run: npm run build\n"]);
  });

  test("works from any directory", async () => {
    using at = await testHome();
    await using command = await start(at, ["config", "path"], { cwd: "/" });

    assert.equal((await command.ended).stdout, `${at.configPath}\n`);
  });
});

/** A copy of the launcher with nothing beside it but the package's name and version. */
function lonely(at: TestHome): string {
  const folder = join(at.home, "package");
  mkdirSync(folder);
  for (const name of ["openclaw.mjs", "package.json"]) copyFileSync(join(root, name), join(folder, name));
  return join(folder, "openclaw.mjs");
}
