import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import { run, startGateway, testHome, TOKEN } from "../support/command-line.ts";
import type { Running, TestHome } from "../support/command-line.ts";

type State = "up" | "down" | "invalid";
type Codes = Readonly<Record<State, number>>;

const ALWAYS: Codes = { up: 0, down: 0, invalid: 0 };
const NEEDS_GATEWAY: Codes = { up: 0, down: 1, invalid: 1 };
const NEEDS_CONFIG: Codes = { up: 0, down: 0, invalid: 78 };

/** Exit codes of every command while a gateway runs, while none does, and with a configuration that is wrong. */
const COMMANDS: readonly [string, Codes][] = [
  ["health", NEEDS_GATEWAY],
  ["health --format seed", NEEDS_GATEWAY],
  ["gateway health", NEEDS_GATEWAY],
  ["gateway call health", NEEDS_GATEWAY],
  ["gateway call no.such.method", { up: 1, down: 1, invalid: 1 }],
  ["gateway probe", NEEDS_GATEWAY],
  ["gateway status", NEEDS_GATEWAY],
  ["gateway status --deep", NEEDS_GATEWAY],
  ["gateway status --no-probe", ALWAYS],
  ["gateway status --exit-zero", ALWAYS],
  ["status", ALWAYS],
  ["status --all", ALWAYS],
  ["status --deep", ALWAYS],
  ["status --require-gateway", NEEDS_GATEWAY],
  ["config get gateway.port", ALWAYS],
  ["config get gateway", ALWAYS],
  ["config get no.such.key", { up: 1, down: 1, invalid: 78 }],
  ["config path", ALWAYS],
  ["config plan gateway.shutdownTimeoutMs 1000", ALWAYS],
  ["config schema", ALWAYS],
  ["config set gateway.bind nowhere", { up: 2, down: 2, invalid: 2 }],
  ['config set gateway.bind "nowhere"', { up: 1, down: 1, invalid: 1 }],
  ["config unset no.such.key", { up: 1, down: 1, invalid: 1 }],
  ["config validate", NEEDS_CONFIG],
  ["plugins list", ALWAYS],
  ["plugins info system", ALWAYS],
  ["plugins info no-such-plugin", { up: 1, down: 1, invalid: 1 }],
  ["plugins doctor", ALWAYS],
  ["plugins reload system", { up: 0, down: 1, invalid: 78 }],
  ["setup", NEEDS_CONFIG],
];

suite("every command in every state", { concurrency: 2 }, () => {
  const homes = new Map<State, TestHome>();
  const said: string[] = [];
  let gateway: Running;

  before(async () => {
    homes.set("up", await testHome());
    homes.set("down", await testHome());
    homes.set("invalid", await testHome({ gateway: { shutdownTimeoutMs: "soon" } }));
    gateway = await startGateway(homes.get("up") as TestHome);
  });
  after(async () => {
    await gateway[Symbol.asyncDispose]();
    for (const home of homes.values()) home[Symbol.dispose]();
    assert.equal(said.join("").includes(TOKEN), false, "no command prints the token");
  });

  for (const state of ["up", "down", "invalid"] as const) {
    for (const [line, codes] of COMMANDS) {
      test(`${state}: ${line} --json prints one JSON value and ends with ${codes[state]}`, async () => {
        const { code, stdout, stderr } = await run(homes.get(state) as TestHome, [...line.split(" "), "--json"]);
        said.push(stdout, stderr);

        const value = JSON.parse(stdout) as { ok?: boolean; error?: { code: string; message: string } };
        assert.equal(code, codes[state], stdout + stderr);
        assert.doesNotMatch(stderr, /^\s+at /m);
        if (code !== 0 && value.error) {
          assert.equal(value.ok, false);
          assert.match(value.error.code, /^[A-Z_]+$/);
          assert.ok(value.error.message.length > 0);
        }
      });
    }
  }

  for (const line of [
    "health",
    "gateway status",
    "gateway probe",
    "status --all",
    "config get gateway",
    "plugins list",
  ]) {
    test(`${line} prints text without the token`, async () => {
      const { stdout, stderr } = await run(homes.get("up") as TestHome, line.split(" "));
      said.push(stdout, stderr);

      assert.ok(stdout.length > 0);
      assert.doesNotMatch(stdout, /\u001b/, "no colours where there is no terminal");
    });
  }

  test("each problem of the configuration is told once, with its place", async () => {
    const { code, stdout, stderr } = await run(homes.get("invalid") as TestHome, ["config", "validate"]);

    assert.deepEqual({ code, stdout }, { code: 78, stdout: "" });
    assert.match(
      stderr,
      /^config is invalid: ~\/\.openclaw\/openclaw\.json\n {2}\S+openclaw\.json:8 gateway\.shutdownTimeoutMs: must be integer\n$/,
    );
  });

  test("a command that needs a sound configuration lists what is wrong as JSON too", async () => {
    const { stdout } = await run(homes.get("invalid") as TestHome, ["setup", "--json"]);

    const { error } = JSON.parse(stdout) as { error: { code: string; issues: { path: string }[] } };
    assert.equal(error.code, "CONFIG_INVALID");
    assert.deepEqual(
      error.issues.map(({ path }) => path),
      ["gateway.shutdownTimeoutMs"],
    );
  });
});
