import assert from "node:assert/strict";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { run, startGateway, testHome, TOKEN } from "../support/command-line.ts";
import type { TestHome } from "../support/command-line.ts";

const config = (at: TestHome, ...args: string[]) => run(at, ["config", ...args]);

/** With comments, references, an include and odd spacing: what people write. */
const WRITTEN = `// mine
{
  gateway: {
    mode: "local", // never remote
    port: 18789,
    auth: { token: "\${OPENCLAW_GATEWAY_TOKEN}" },
  },
  /* levels */
  logging: { $include: "./logging.json5" },
  update: { note: "$\${LITERAL}" },
}
`;
const INCLUDED = "{ level: 'info' /* enough */ }\n";
const ENV = { OPENCLAW_GATEWAY_TOKEN: TOKEN };

async function written(): Promise<TestHome> {
  const at = await testHome(null);
  at.write(WRITTEN);
  writeFileSync(join(at.stateDir, "logging.json5"), INCLUDED, { mode: 0o600 });
  return at;
}

test("the section of a channel without a schema of its own is known", async () => {
  using at = await testHome({ channels: { webchat: { allowFrom: ["ann"] }, webchatt: {} } });

  const { code, stderr } = await run(at, ["config", "validate"]);

  assert.equal(code, 0);
  assert.deepEqual(
    stderr.split("\n").map((line) => line.replace(/^.*channels: /, "")),
    ['unknown channel id: webchatt (did you mean "webchat"?)', ""],
  );
});

test("a slip of the pen is told where a section is open to others too, and a writer may not add one", async () => {
  using at = await testHome({
    agents: { default: { model: "a/b" }, list: [{ id: "main", modell: "a/b" }] },
    tools: { denny: ["exec"], byProvider: { "a/b": { alow: [] } } },
    models: { providers: { lab: { baseURL: "http://127.0.0.1:1", somethingOfOthers: 1 } } },
  });

  const { code, stderr } = await run(at, ["config", "validate"]);
  const written = await config(at, "set", "agents.defaults.modle", "a/b");

  assert.equal(code, 0);
  assert.deepEqual(
    stderr
      .trim()
      .split("\n")
      .map((line) => line.replace(/^.*?((?:agents|tools|models)\.)/, "$1")),
    [
      'agents.default: Unrecognized key: "default" (did you mean "defaults"?)',
      'agents.list.0.modell: Unrecognized key: "modell" (did you mean "model"?)',
      'models.providers.lab.baseURL: Unrecognized key: "baseURL" (did you mean "baseUrl"?)',
      'tools.byProvider.a/b.alow: Unrecognized key: "alow" (did you mean "allow"?)',
      'tools.denny: Unrecognized key: "denny" (did you mean "deny"?)',
    ],
  );
  assert.equal(written.code, 1);
  assert.match(written.stderr, /agents\.defaults\.modle: Unrecognized key: "modle" \(did you mean "model"\?\)/);
});

suite("config get", { concurrency: 2 }, () => {
  test("refuses what is no path, and prints nothing in its place", async () => {
    using at = await written();

    for (const path of ["", "gateway..port", "gateway."]) {
      const { code, stdout, stderr } = await run(at, ["config", "get", path], { env: ENV });

      assert.deepEqual([code, stdout, stderr.split("\n")[0]], [2, "", `not a config path: "${path}"`]);
    }
  });

  test("prints a scalar as it is and anything else as JSON", async () => {
    using at = await written();

    const [mode, port, logging, quoted] = await Promise.all(
      [
        ["get", "gateway.mode"],
        ["get", "gateway.port"],
        ["get", "logging"],
        ["get", "gateway.mode", "--json"],
      ].map((args) => run(at, ["config", ...args], { env: ENV })),
    );

    assert.deepEqual([mode?.stdout, port?.stdout, quoted?.stdout], ["local\n", "18789\n", '"local"\n']);
    assert.deepEqual(JSON.parse(logging?.stdout ?? ""), { level: "info" });
  });

  test("a path that holds nothing is an error", async () => {
    using at = await testHome();

    const { code, stdout, stderr } = await config(at, "get", "gateway.nope");

    assert.deepEqual(
      { code, stdout, stderr },
      { code: 1, stdout: "", stderr: "Config path not found: gateway.nope\n" },
    );
  });

  test("the port is told although nobody has set it", async () => {
    using at = await testHome(null);

    const { code, stdout } = await config(at, "get", "gateway.port");

    assert.deepEqual({ code, stdout }, { code: 0, stdout: "18789\n" });
  });

  test("--effective tells what counts: environment and defaults", async () => {
    using at = await testHome();
    const env = { OPENCLAW_GATEWAY_PORT: "4321" };

    const port = await run(at, ["config", "get", "gateway.port", "--effective"], { env });
    const bind = await run(at, ["config", "get", "gateway.bind", "--effective"]);
    const unset = await run(at, ["config", "get", "gateway.bind"]);

    assert.deepEqual([port.stdout, bind.stdout, unset.code], ["4321\n", "loopback\n", 1]);
  });

  test("a secret is hidden unless it is asked for", async () => {
    using at = await testHome();

    const hidden = await config(at, "get", "gateway.auth.token");
    const shown = await config(at, "get", "gateway.auth.token", "--show-secrets");

    assert.deepEqual([hidden.code, hidden.stdout], [0, "__OPENCLAW_REDACTED__\n"]);
    assert.match(hidden.stderr, /--show-secrets/);
    assert.equal(shown.stdout, `${TOKEN}\n`);
  });

  test("a value of a broken file is still told, with what is wrong beside it", async () => {
    using at = await testHome(null);
    at.write('{ gateway: { mode: "local", port: "x" } }');

    const { code, stdout, stderr } = await config(at, "get", "gateway.mode");

    assert.deepEqual([code, stdout], [0, "local\n"]);
    assert.equal(stderr.split("\n").length, 2);
    assert.match(stderr, /gateway\.port: must be integer/);
  });
});

suite("config set", { concurrency: 2 }, () => {
  test("changes one value and no other byte: comments, references and includes stay", async () => {
    using at = await written();

    const { code, stdout } = await run(at, ["config", "set", "gateway.port", "19555"], { env: ENV });

    assert.deepEqual([code, stdout], [0, "Updated gateway.port. (takes effect at next start)\n"]);
    assert.equal(at.read(), WRITTEN.replace("18789", "19555"));
  });

  test("a value of an included file is changed there", async () => {
    using at = await written();

    await run(at, ["config", "set", "logging.level", "debug"], { env: ENV });

    assert.equal(at.read(), WRITTEN);
    assert.equal(readFileSync(join(at.stateDir, "logging.json5"), "utf8"), INCLUDED.replace("info", "debug"));
  });

  test("a reference is not written over unless that is said", async () => {
    using at = await written();

    const refused = await run(at, ["config", "set", "gateway.auth.token", "another-token-0123456789"], { env: ENV });
    const untouched = at.read();
    const replaced = await run(
      at,
      ["config", "set", "gateway.auth.token", "another-token-0123456789", "--replace-ref"],
      { env: ENV },
    );

    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /set by reference \(\$\{OPENCLAW_GATEWAY_TOKEN\}\); pass --replace-ref/);
    assert.equal(untouched, WRITTEN);
    assert.equal(replaced.code, 0);
    assert.equal(at.read(), WRITTEN.replace('"${OPENCLAW_GATEWAY_TOKEN}"', '"another-token-0123456789"'));
  });

  test("the placeholder of a hidden secret keeps the secret", async () => {
    using at = await testHome();
    const before = at.read();

    const { code } = await config(at, "set", "gateway.auth.token", "__OPENCLAW_REDACTED__");

    assert.equal(code, 0);
    assert.equal(at.read(), before);
  });

  test("what would be invalid is refused, and the file stays as it is", async () => {
    using at = await testHome();
    const before = at.read();

    const value = await config(at, "set", "gateway.bind", "everywhere");
    const key = await config(at, "set", "gateway.prot", "1");

    assert.deepEqual([value.code, key.code], [1, 1]);
    assert.match(value.stderr, /^Error: Config validation failed: gateway\.bind: must be one of "loopback", /);
    assert.match(
      key.stderr,
      /^Error: Config validation failed: gateway\.prot: Unrecognized key: "prot" \(did you mean "port"\?\)\n$/,
    );
    assert.equal(at.read(), before);
  });

  test("a disk that does not take the edit is told with the file, here and over RPC, and costs no plugin", async () => {
    using at = await testHome();
    const before = at.read();
    // Even the super-user cannot put anything in the place of a folder that holds something.
    for (const n of [3, 4]) mkdirSync(join(at.stateDir, `openclaw.json.bak.${n}`, "taken"), { recursive: true });
    await using gateway = await startGateway(at);

    const line = await config(at, "set", "logging.keepDays", "3");
    const rpc = await run(at, ["gateway", "call", "config.get"]);
    const { hash } = JSON.parse(rpc.stdout) as { hash: string };
    const params = JSON.stringify({ raw: "{ logging: { keepDays: 3 } }", baseHash: hash });
    const patched = await run(at, ["gateway", "call", "config.patch", "--params", params]);
    const listed = await run(at, ["plugins", "info", "config", "--json"]);

    const text = new RegExp(`^cannot write ${at.configPath}: E[A-Z]+\\n$`);
    assert.deepEqual([line.code, patched.code], [1, 1]);
    assert.match(line.stderr, text);
    assert.match(patched.stderr, text);
    assert.equal((JSON.parse(listed.stdout) as { faults: number }).faults, 0);
    assert.equal(at.read(), before);
    assert.ok(gateway.pid);
  });

  test("a broken file can be mended step by step, but not broken further", async () => {
    using at = await testHome(null);
    at.write('{ gateway: { mode: "elsewhere", port: "x" } }\n');

    const worse = await config(at, "set", "gateway.bind", "nowhere");
    const first = await config(at, "set", "gateway.port", "18789");
    const second = await config(at, "set", "gateway.mode", "local");
    const check = await config(at, "validate");

    assert.deepEqual([worse.code, first.code, second.code, check.code], [1, 0, 0, 0]);
    assert.equal(at.read(), '{ gateway: { mode: "local", port: 18789 } }\n');
  });

  test("a text that is no JSON5 at all is named with its line", async () => {
    using at = await testHome(null);
    at.write('{\n  gateway: { mode "local" } }\n');

    const { code, stderr } = await config(at, "set", "gateway.port", "1234");

    assert.equal(code, 1);
    assert.match(stderr, /^cannot change gateway\.port: .*openclaw\.json: unexpected .* at 2:19\n/);
  });

  test("what is right and would be no start is written with a warning", async () => {
    using at = await testHome(null);
    at.write('{ gateway: { mode: "local", auth: { token: "too-short" } } }\n');

    const { code, stderr } = await config(at, "set", "gateway.bind", "lan");

    assert.equal(code, 0);
    assert.match(stderr, /^warning: gateway: a start from here would fail: gateway\.auth\.token is too short: 24 /);
  });

  test("values are JSON5, else text; --json takes nothing else", async () => {
    using at = await testHome();

    const list = await config(at, "set", "gateway.hostNames", "['a.example', 'b.example']");
    const text = await config(at, "set", "gateway.controlUi.basePath", "/ui");
    const strict = await config(at, "set", "gateway.controlUi.basePath", "/ui", "--json");
    const number = await config(at, "set", "gateway.shutdownTimeoutMs", "0");

    assert.deepEqual([list.code, text.code, strict.code, number.code], [0, 0, 2, 0]);
    assert.match(strict.stdout, /"code": "USAGE"/);
    const { gateway } = JSON.parse(at.read()) as { gateway: Record<string, unknown> };
    assert.deepEqual(
      [gateway["hostNames"], gateway["controlUi"], gateway["shutdownTimeoutMs"]],
      [["a.example", "b.example"], { basePath: "/ui" }, 0],
    );
  });

  test("brackets name elements and keys with dots; lists get no holes", async () => {
    using at = await testHome();

    const first = await config(at, "set", "gateway.hostNames[0]", "a.example");
    const hole = await config(at, "set", "gateway.hostNames[5]", "b.example");
    const dotted = await config(at, "set", 'update["a.b"].c', "1");
    const wrong = await config(at, "set", "gateway..port", "1");
    const read = await config(at, "get", 'update["a.b"].c');

    assert.deepEqual([first.code, hole.code, dotted.code, wrong.code, read.stdout], [0, 1, 0, 1, "1\n"]);
    assert.match(hole.stderr, /has only 1 elements and cannot have holes/);
    assert.match(wrong.stderr, /"gateway\.\.port" is not a path/);
    const { gateway, update } = JSON.parse(at.read()) as { gateway: { hostNames: string[] }; update: object };
    assert.deepEqual([gateway.hostNames, update], [["a.example"], { "a.b": { c: 1 } }]);
  });

  test("a second time the same value changes nothing", async () => {
    using at = await testHome();
    const before = at.read();

    const { stdout } = await config(at, "set", "gateway.mode", "local");

    assert.equal(stdout, "Updated gateway.mode. (it has this value already)\n");
    assert.equal(at.read(), before);
  });

  test("the version before is kept, and the file is for its owner alone", async () => {
    using at = await testHome();
    const before = at.read();
    chmodSync(at.configPath, 0o644);

    await config(at, "set", "gateway.shutdownTimeoutMs", "1000");

    assert.equal(readFileSync(`${at.configPath}.bak`, "utf8"), before);
  });

  test("a gateway that runs applies the edit, and its effect is told before", async () => {
    using at = await testHome();
    await using gateway = await startGateway(at);

    const hot = await config(at, "set", "gateway.shutdownTimeoutMs", "1000");
    await gateway.prints(/config reload: hot=\[gateway\.shutdownTimeoutMs\]/);
    const plugin = await config(at, "plan", "plugins.entries.system.config", "{}");
    const restart = await config(at, "set", "gateway.hostNames", "[]", "--json");
    const inPlace = await config(at, "plan", "gateway.bind", "lan");

    assert.equal(hot.stdout, "Updated gateway.shutdownTimeoutMs. (applied hot)\n");
    assert.equal(plugin.stdout, "plugin system restarts\n  plugins: system\n");
    assert.equal((JSON.parse(restart.stdout) as { effect: string }).effect, "applied hot");
    assert.equal(inPlace.stdout, "the gateway restarts in place\n  restart: gateway.bind\n");
  });

  test("a change that needs it restarts the gateway in place", async () => {
    using at = await testHome();
    await using gateway = await startGateway(at);

    const { stdout } = await config(at, "set", "gateway.auth.token", "another-token-0123456789");
    await gateway.prints(/ready [^]*ready /);

    assert.match(stdout, /\(the gateway restarts in place\)/);
    assert.equal((await run(at, ["health"])).code, 0);
    assert.doesNotMatch(gateway.stdout() + gateway.stderr(), /another-token/);
  });
});

suite("config unset, validate, path, schema", { concurrency: 2 }, () => {
  test("unset removes the key and leaves the rest alone", async () => {
    using at = await written();

    const { code, stdout } = await run(at, ["config", "unset", "gateway.port"], { env: ENV });

    assert.deepEqual([code, stdout], [0, "Removed gateway.port. (takes effect at next start)\n"]);
    assert.equal(at.read(), WRITTEN.replace("    port: 18789,\n", ""));
  });

  test("validate takes another file, and tells warnings apart from errors", async () => {
    using at = await testHome();
    const other = join(at.home, "other.json");
    writeFileSync(other, "{ gateway: { prot: 1 } }");

    const { code, stdout, stderr } = await config(at, "validate", "--file", "other.json");

    assert.deepEqual([code, stdout], [0, "Config OK: ~/other.json\n"]);
    assert.match(
      stderr,
      /^warning: \S+other\.json:1 gateway\.prot: Unrecognized key: "prot" \(did you mean "port"\?\)\n$/,
    );
  });

  test("validate without a file says how to get one", async () => {
    using at = await testHome(null);

    const { code, stderr } = await config(at, "validate");

    assert.deepEqual([code, stderr], [78, "no config file at ~/.openclaw/openclaw.json\nHint: openclaw setup\n"]);
  });

  test("path is absolute, because scripts use it", async () => {
    using at = await testHome();

    const own = await config(at, "path");
    const named = await run(at, ["config", "path"], { env: { OPENCLAW_CONFIG_PATH: "~/elsewhere.json" } });

    assert.deepEqual([own.stdout, named.stdout], [`${at.configPath}\n`, `${join(at.home, "elsewhere.json")}\n`]);
  });

  test("schema is the JSON Schema of the file, with the parts of plugins", async () => {
    using at = await testHome();

    const { stdout } = await config(at, "schema");

    const schema = JSON.parse(stdout) as { type: string; properties: Record<string, object> };
    assert.equal(schema.type, "object");
    assert.ok("gateway" in schema.properties && "plugins" in schema.properties);
  });
});
