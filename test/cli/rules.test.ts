import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { root } from "../support/build.ts";
import { run, start, testHome } from "../support/command-line.ts";
import type { TestHome } from "../support/command-line.ts";

const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };

suite("rules of every command", { concurrency: 2 }, () => {
  let at: TestHome;
  before(async () => {
    at = await testHome();
  });
  after(() => at[Symbol.dispose]());

  for (const args of [["--version"], ["-V"], ["-v"], ["gateway", "--version"], ["--dev", "-V"]]) {
    test(`${args.join(" ")} prints the version and nothing else`, async () => {
      const { code, stdout, stderr } = await run(at, args);

      assert.deepEqual({ code, stdout, stderr }, { code: 0, stdout: `${version}\n`, stderr: "" });
    });
  }

  const WRONG: readonly [string, string, string?][] = [
    ["gatway", "Unknown command: gatway", "gateway"],
    ["gateway statsu", "Unknown command: gateway statsu", "status"],
    ["gateway foo", "Unknown command: gateway foo"],
    ["config", "A command is needed"],
    ["", "A command is needed"],
    ["health --jsn", "Unknown argument: --jsn", "--json"],
    ["health -x", "Unknown argument: -x"],
    ["health now", "Unknown argument: now"],
    ["gateway call", "Missing argument: <method>"],
    ["gateway call health --port 1", "Unknown argument: --port"],
    ["config path --url ws://127.0.0.1:1", "Unknown argument: --url"],
    ["gateway --prot 1", "Unknown argument: --prot", "--port"],
    ["gateway --port", "Not enough arguments following: port"],
    ["gateway --port x", "--port needs a number"],
    ["gateway --port 70000", "--port 70000 is not a port"],
    ["gateway --bind everywhere", "--bind must be one of loopback, lan, tailnet, auto, custom"],
    ["gateway --token", "Not enough arguments following: token"],
    ["health --constructor 1", "Unknown argument: --constructor"],
    ["--profile Bad! health", 'profile "Bad!" is not a name'],
    ["--profile", "--profile needs a value"],
    ["--dev --profile other health", "contradict each other"],
    ["gateway call health --params {", "--params is not JSON"],
  ];
  for (const [line, text, near] of WRONG) {
    test(`wrong usage: openclaw ${line}`, async () => {
      const { code, stdout, stderr } = await run(at, line.split(" ").filter(Boolean));

      assert.equal(code, 2, stderr);
      assert.equal(stdout, "");
      assert.ok(stderr.includes(text), stderr);
      assert.ok(near === undefined || stderr.includes(`Did you mean ${near}?`), stderr);
      assert.doesNotMatch(stderr, /^\s+at /m, "no stack");
    });
  }

  for (const line of ["gatway --json", "health --bogus --json", "--json config", "--profile Bad! health --json"]) {
    test(`one JSON value tells the wrong usage of: openclaw ${line}`, async () => {
      const { code, stdout, stderr } = await run(at, line.split(" "));

      const { ok, error } = JSON.parse(stdout) as { ok: boolean; error: { code: string } };
      assert.deepEqual({ code, ok, kind: error.code, stderr }, { code: 2, ok: false, kind: "USAGE", stderr: "" });
    });
  }

  test("a variable that cannot be used is named, exit 78", async () => {
    const env = { OPENCLAW_GATEWAY_PORT: "abc" };

    const { code, stderr } = await run(at, ["health"], { env });

    assert.equal(code, 78);
    assert.match(stderr, /OPENCLAW_GATEWAY_PORT=abc is not a port/);
  });

  test("a stack is printed with --verbose and only then", async () => {
    const plain = await run(at, ["health"]);
    const verbose = await run(at, ["health", "--verbose"]);

    assert.doesNotMatch(plain.stderr, /^\s+at /m);
    assert.match(verbose.stderr, /^\s+at /m);
    assert.equal(verbose.stdout, "");
  });

  test("a reader that goes away ends the command silently with 0", async () => {
    await using schema = await start(at, ["config", "schema"]);

    schema.closeStdout();

    const { code, stderr } = await schema.ended;
    assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
  });

  test("a .env that cannot be read is a warning", async () => {
    using other = await testHome();
    mkdirSync(join(other.stateDir, ".env"));

    const { code, stderr } = await run(other, ["config", "get", "gateway.mode"]);

    assert.equal(code, 0);
    assert.match(stderr, /cannot read .*\.env: EISDIR/);
  });

  test("nothing is made in a home by commands that only read", async () => {
    using empty = await testHome(null);

    for (const line of ["status", "config get gateway.port", "gateway status", "--help", "plugins list"])
      await run(empty, line.split(" "));

    assert.equal(existsSync(empty.stateDir), false);
  });
});

suite("help", { concurrency: 2 }, () => {
  test("lists the commands of plugins without running any of them", async () => {
    using at = await testHome({ plugins: { entries: { toy: { enabled: true } } } });
    const marker = pluginWithCommand(at);

    const help = await run(at, ["--help"]);
    const group = await run(at, ["toy", "--help"]);

    assert.equal(help.code, 0);
    assert.match(help.stdout, /openclaw toy <command> +greet/);
    assert.match(group.stdout, /openclaw toy greet <name> +greet somebody/);
    assert.equal(existsSync(marker), false);
  });

  test("a plugin's command is imported when it runs, with its flags and arguments", async () => {
    using at = await testHome({ plugins: { entries: { toy: { enabled: true } } } });
    const marker = pluginWithCommand(at);

    const { code, stdout } = await run(at, ["toy", "--loud", "greet", "you"]);

    assert.deepEqual({ code, stdout }, { code: 3, stdout: "HELLO YOU\n" });
    assert.equal(existsSync(marker), true);
  });

  test("a command of the stock distro cannot be taken by another plugin", async () => {
    using at = await testHome({ plugins: { entries: { toy: { enabled: true } } } });
    const marker = pluginWithCommand(at, "config path");

    const { code, stdout } = await run(at, ["config", "path"]);

    assert.equal(code, 0);
    assert.doesNotMatch(stdout, /hello/i);
    assert.equal(existsSync(marker), false);
  });

  test("tells the flags of a command, its own apart from those of every command", async () => {
    using at = await testHome();

    const { stdout } = await run(at, ["gateway", "call", "--help"]);

    assert.match(stdout, /^openclaw gateway call <method> \[flags\]\n\ncall a method of the running gateway\n/);
    assert.match(stdout, /Options:\n +--params [^]*Gateway:\n +--url [^]*Every command:\n +--json /);
  });

  test("says of the gateway itself what it does and which commands stand under it", async () => {
    using at = await testHome();

    const { stdout } = await run(at, ["gateway", "-h"]);

    for (const name of ["call <method>", "health", "probe", "run", "status"])
      assert.ok(stdout.includes(`openclaw gateway ${name} `));
    for (const flag of ["--port", "--bind", "--force", "--dev", "--use-last-good"]) assert.ok(stdout.includes(flag));
  });
});

/** Its code leaves a mark wherever it is imported. */
function pluginWithCommand(at: TestHome, name = "toy greet <name>"): string {
  const folder = join(at.stateDir, "extensions", "toy");
  const marker = join(at.home, "imported");
  const mark = `require("node:fs").writeFileSync(${JSON.stringify(marker)}, "");`;
  mkdirSync(folder, { recursive: true });
  const cli = [{ name, summary: "greet somebody", module: "./greet.ts" }];
  writeFileSync(join(folder, "openclaw.plugin.json"), JSON.stringify({ id: "toy", contributes: { cli } }));
  writeFileSync(join(folder, "index.ts"), `${mark} export default () => {};`);
  writeFileSync(
    join(folder, "greet.ts"),
    `${mark}
    import { defineCommand } from "openclaw/plugin-sdk";
    export default defineCommand({
      options: { loud: { type: "boolean", describe: "in capitals" } },
      async run({ args, print }) {
        const text = \`hello \${args.name}\`;
        print({ text }, args.loud ? text.toUpperCase() : text);
        return 3;
      },
    });`,
  );
  return marker;
}
