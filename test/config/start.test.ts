import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { eventually, startTestGateway } from "openclaw/plugin-sdk/testing";
import type { TestGateway } from "openclaw/plugin-sdk/testing";
import { createWorkshop, enabled, method, start, stateOf } from "../plugins/workshop.ts";

const TOKEN = { mode: "local", auth: { token: "test-token-0123456789abcdef" } };

interface Refusal {
  readonly exitCode: number;
  readonly lines: readonly string[];
}

/** How a start on this configuration is refused. */
async function refused(config: object | string, files: Record<string, string> = {}): Promise<Refusal> {
  using shop = createWorkshop();
  const home = join(shop.folder, "home");
  shop.write(Object.fromEntries(Object.entries(files).map(([name, text]) => [`home/.openclaw/${name}`, text])));
  const error = await startTestGateway({ config, home, bundled: shop.bundled("methods/config") }).then(
    async (gateway) => {
      await gateway[Symbol.asyncDispose]();
      return undefined;
    },
    (cause: unknown) => cause as { exitCode: number; message: string },
  );
  assert.ok(error, "it started");
  return { exitCode: error.exitCode, lines: error.message.replaceAll(`${home}/`, "").split("\n") };
}

test("R-19 an invalid configuration refuses the start with 78 and lists every issue with its place and its remedy", async () => {
  const { exitCode, lines } = await refused(`{
    gateway: {
      mode: "local",
      port: "eighteen",
      bind: "everywhere",
      auth: { token: "\${GONE_TOKEN}" },
    },
    plugins: { allow: "all", load: { paths: "here" } },
    logging: { level: "loud" },
  }`);

  assert.equal(exitCode, 78);
  assert.deepEqual(lines, [
    "config is invalid: ~/.openclaw/openclaw.json",
    '  .openclaw/openclaw.json:6 gateway.auth.token: Missing env var "GONE_TOKEN" referenced at config path: gateway.auth.token (set GONE_TOKEN in the environment or in .env of the state directory)',
    '  .openclaw/openclaw.json:5 gateway.bind: must be one of "loopback", "lan", "tailnet", "auto", "custom"',
    "  .openclaw/openclaw.json:4 gateway.port: must be integer",
    '  .openclaw/openclaw.json:9 logging.level: must be one of "silent", "fatal", "error", "warn", "info", "debug", "trace"',
    "  .openclaw/openclaw.json:8 plugins.allow: must be array",
    "  .openclaw/openclaw.json:8 plugins.load.paths: must be array",
    "mend the file, check it with: openclaw config validate, or start on the last good version with: openclaw gateway --use-last-good",
  ]);
});

test("a file that does not parse is refused with its line and column", async () => {
  const { exitCode, lines } = await refused("{\n  gateway: {\n    mode: local\n  }\n}");

  assert.equal(exitCode, 78);
  assert.equal(lines[1], "  .openclaw/openclaw.json:3 JSON5: invalid character 'l' at 3:11");
});

test("an include that is broken or missing is refused, naming the file, beside whatever else is wrong", async () => {
  const broken = await refused(`{ gateway: { $include: "./gw.json5" }, bogus: 1 }`, { "gw.json5": "{ mode: }" });
  const missing = await refused(`{ gateway: { $include: "./gone.json5" } }`);

  assert.equal(broken.exitCode, 78);
  assert.match(broken.lines[1] ?? "", /^ {2}\.openclaw\/gw\.json5:1 JSON5: invalid character '}' at 1:9$/);
  assert.match(missing.lines[1] ?? "", /openclaw\.json:1 gateway: included file .*gone\.json5 does not exist/);
});

test("an issue inside an included file is placed in that file", async () => {
  const { lines } = await refused(`{ gateway: { $include: "./gw.json5" } }`, {
    "gw.json5": `{\n  mode: "local",\n  port: true,\n}`,
  });

  assert.equal(lines[1], "  .openclaw/gw.json5:3 gateway.port: must be integer");
});

/** A gateway that starts once with a good configuration, so that there is a good version to fall back on. */
async function goodVersion(home: string, bundled: string): Promise<void> {
  const config = JSON.stringify({ gateway: { ...TOKEN, hostNames: ["good.example"] } });
  await using gateway = await startTestGateway({ config, home, bundled });
  await eventually("the good version is kept", () => readdirSync(join(gateway.stateDir, "backups")).length === 1);
}

test("R-19 with --use-last-good the newest good version runs, says so, and gives way to the next good file", async () => {
  using shop = createWorkshop();
  const [home, bundled] = [join(shop.folder, "home"), shop.bundled("methods/config", "methods/plugins")];
  await goodVersion(home, bundled);
  const config = `{ gateway: { mode: "local", port: "x" } }`;

  await using gateway = await startTestGateway({ config, home, bundled, options: { useLastGood: true } });
  const client = await gateway.client();
  const snapshot = await client.request<{ valid: boolean; issues: { message: string }[] }>("config.get", {});
  const before = gateway.run.state().issues;
  gateway.writeConfig({ gateway: { reload: { debounceMs: 10 } } });
  await eventually("the file is good again", () => gateway.run.state().issues.length === 0);

  assert.equal(before.length > 0, true);
  assert.equal(snapshot.valid, false);
  assert.match(JSON.stringify(snapshot.issues), /must be integer/);
  assert.equal(readFileSync(gateway.configPath, "utf8").includes("port"), false);
});

test("with --use-last-good and no good version the start is refused all the same", async () => {
  using shop = createWorkshop();
  const options = { useLastGood: true };
  const starting = startTestGateway({ config: "{ gateway: 5 }", bundled: shop.bundled("methods/config"), options });

  await assert.rejects(starting, { exitCode: 78, message: /no good version was kept/ });
});

const WRONG_SECTIONS: readonly { name: string; section: object; error: RegExp }[] = [
  { name: "of the wrong type", section: { port: "x" }, error: /plugins\.entries\.acme\.config\.port: must be integer/ },
  {
    name: "that lacks what it must have",
    section: {},
    error: /plugins\.entries\.acme\.config: must have required property 'port'/,
  },
  {
    name: "with a variable that is not set",
    section: { port: 1, token: "${GONE}" },
    error: /plugins\.entries\.acme\.config\.token: Missing env var "GONE"/,
  },
];

const SCHEMA = {
  type: "object",
  required: ["port"],
  properties: { port: { type: "integer" }, token: { type: "string" } },
  additionalProperties: false,
};

async function isFine(gateway: TestGateway): Promise<void> {
  assert.equal(await (await gateway.client()).request("other.get"), 1);
}

for (const { name, section, error } of WRONG_SECTIONS) {
  test(`R-19 a plugin's section ${name} costs that plugin alone`, async () => {
    using shop = createWorkshop();
    const acme = shop.plugin("acme", method("acme.get", "1"), { configSchema: SCHEMA });
    const other = shop.plugin("other", method("other.get", "1"));
    const plugins = enabled(acme, other);
    plugins.entries["acme"] = { enabled: true, config: section };

    await using gateway = await start(shop, plugins);

    const { state, reason, error: text } = stateOf(gateway, "acme");
    assert.deepEqual([state, reason], ["invalid", "config_invalid"]);
    assert.match(String(text), error);
    await isFine(gateway);
  });
}

test("a variable that is missing in a section without a schema, or of a channel nobody has, is no reason to refuse", async () => {
  using shop = createWorkshop();
  const acme = shop.plugin("acme", "");
  const smoke = shop.plugin("smoke", "", { channels: ["smoke"] });
  const other = shop.plugin("other", method("other.get", "1"));
  const plugins = enabled(acme, smoke, other);
  plugins.entries["acme"] = { enabled: true, config: { token: "${GONE}" } };
  const config = {
    plugins,
    channels: { smoke: { token: "${GONE}" }, ghost: { token: "${GONE}" } },
    nobodys: { token: "${GONE}" },
  };

  await using gateway = await start(shop, {}, { config });

  assert.equal(stateOf(gateway, "acme").reason, "config_invalid");
  assert.equal(stateOf(gateway, "smoke").reason, "config_invalid");
  await isFine(gateway);
});

test("the section of a plugin that is off is checked, and what is wrong with it is a warning", async () => {
  using shop = createWorkshop();
  const acme = shop.plugin("acme", "", { configSchema: SCHEMA });
  const plugins = {
    load: { paths: [acme] },
    entries: { acme: { enabled: false, config: { port: "x", token: "${GONE}" } } },
  };

  await using gateway = await start(shop, plugins);
  const { warnings, valid } = await (
    await gateway.client()
  ).request<{ warnings: { path: string }[]; valid: boolean }>("config.get", {});

  assert.equal(stateOf(gateway, "acme").reason, "config_disabled");
  assert.equal(valid, true);
  assert.deepEqual(
    warnings.map(({ path }) => path),
    ["plugins.entries.acme.config.port", "plugins.entries.acme.config.token"],
  );
});

test("unknown keys are warned about with the nearest known one, and stay in the file", async () => {
  using shop = createWorkshop();
  const acme = shop.plugin("acme", "", { configSchema: SCHEMA });
  const config = `{
    gateway: { mode: "local", auth: { token: "${TOKEN.auth.token}" }, prot: 1 },
    gatway: {},
    channels: { ghostchat: {} },
    plugins: { load: { paths: ["${acme}"] }, entries: { acme: { enabled: true, config: { port: 1, tokne: "x" } } } },
    twice: 1,
    twice: 2,
  }`;

  await using gateway = await start(shop, {}, { config });
  const { warnings } = await (
    await gateway.client()
  ).request<{
    warnings: { path: string; message: string; hint?: string; line: number }[];
  }>("config.get", {});

  assert.deepEqual(
    warnings.map(({ path, message, hint, line }) => `${line} ${path}: ${message}${hint ? ` (${hint})` : ""}`),
    [
      "4 channels: unknown channel id: ghostchat",
      '2 gateway.prot: Unrecognized key: "prot" (did you mean "port"?)',
      '3 gatway: Unrecognized key: "gatway" (did you mean "gateway"?)',
      '5 plugins.entries.acme.config.tokne: Unrecognized key: "tokne" (did you mean "token"?)',
      '7 twice: Unrecognized key: "twice"',
      '7 twice: key "twice" stands here twice; the last one counts',
    ],
  );
  assert.equal(readFileSync(gateway.configPath, "utf8"), config);
  assert.equal(stateOf(gateway, "acme").state, "active");
});

test("nothing rewrites the file at start", async () => {
  using shop = createWorkshop();
  const config = `// mine\n{ gateway: { mode: 'local', auth: { token: "\${T}" } }, meta: { lastTouchedVersion: "0" } }\n`;
  const home = join(shop.folder, "home");
  const env = { HOME: home, T: TOKEN.auth.token };

  await using gateway = await start(shop, {}, { config, home, options: { env } });
  await (await gateway.client()).request("config.get", {});

  assert.equal(readFileSync(gateway.configPath, "utf8"), config);
  assert.deepEqual(
    readdirSync(gateway.stateDir).filter((name) => name.includes(".bak")),
    [],
  );
});

test("ten good versions are kept, each once", async () => {
  using shop = createWorkshop();
  await using gateway = await start(shop, {});
  const versions = () => readdirSync(join(gateway.stateDir, "backups")).filter((name) => name.endsWith(".json"));
  const config = (n: number) => ({ gateway: { reload: { debounceMs: 0 }, hostNames: [`v${n}.example`] } });

  for (let n = 0; n < 12; n++) {
    gateway.writeConfig(config(n));
    await eventually(`version ${n} is kept`, () =>
      versions().some((name) =>
        readFileSync(join(gateway.stateDir, "backups", name), "utf8").includes(`v${n}.example`),
      ),
    );
  }

  await eventually("the oldest are gone", () => versions().length === 10);
  writeFileSync(gateway.configPath, readFileSync(gateway.configPath));
  assert.equal(versions().length, 10);
});
