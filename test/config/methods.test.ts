import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { GatewayError } from "openclaw/plugin-sdk";
import type { ConfigIssue, GatewayClient, ReloadPlan } from "openclaw/plugin-sdk";
import { eventually, startTestGateway } from "openclaw/plugin-sdk/testing";
import type { TestGateway } from "openclaw/plugin-sdk/testing";
import { startGateway, testHome, TOKEN } from "../support/command-line.ts";
import type { TestHome } from "../support/command-line.ts";
import { connectParams, RawClient } from "../wire/raw-client.ts";

const SENTINEL = "__OPENCLAW_REDACTED__";
const SECRET = "sk-very-secret-0123456789";

interface Read {
  readonly hash: string;
  readonly raw: string;
  readonly valid: boolean;
  readonly config: Record<string, never>;
}

interface Written {
  readonly ok: true;
  readonly hash: string;
  readonly plan: ReloadPlan;
  readonly restart?: object;
  readonly sentinel?: { readonly path: string; readonly payload: Record<string, unknown> };
}

const read = (client: GatewayClient) => client.request<Read>("config.get");
const fileOf = ({ configPath }: TestGateway) => readFileSync(configPath, "utf8");
const patch = async (client: GatewayClient, value: object, more: object = {}) =>
  client.request<Written>("config.patch", { raw: JSON.stringify(value), baseHash: (await read(client)).hash, ...more });

const BASED: unique symbol = Symbol("the hash of the file as it is");
const HASH_NEEDED = "config base hash required; re-run config.get and retry";
const HASH_STALE = "config changed since last load; re-run config.get and retry";

const REFUSED: readonly (readonly [string, { raw?: string; baseHash?: string | typeof BASED }, string | RegExp])[] = [
  ["config.set", { raw: "{}" }, HASH_NEEDED],
  ["config.patch", { raw: "{}" }, HASH_NEEDED],
  ["config.apply", { raw: "{}" }, HASH_NEEDED],
  ["config.set", { raw: "{}", baseHash: "zz" }, HASH_STALE],
  ["config.patch", { raw: "{logging:{level:'info'}}", baseHash: "zz" }, HASH_STALE],
  ["config.apply", { raw: "{}", baseHash: "zz" }, HASH_STALE],
  ["config.set", { raw: "{oops", baseHash: BASED }, "SyntaxError: JSON5: invalid end of input at 1:6"],
  ["config.patch", { raw: "{oops", baseHash: BASED }, "SyntaxError: JSON5: invalid end of input at 1:6"],
  ["config.apply", { raw: "{oops", baseHash: BASED }, "SyntaxError: JSON5: invalid end of input at 1:6"],
  ["config.patch", { raw: "[1]", baseHash: BASED }, "config.patch raw must be an object"],
  ["config.patch", { raw: "null", baseHash: BASED }, "config.patch raw must be an object"],
  ["config.patch", { raw: '{gateway:{port:"abc"}}', baseHash: BASED }, "invalid config"],
  ["config.patch", { raw: "{nope:1}", baseHash: BASED }, "invalid config"],
  ["config.set", { raw: '{gateway:{port:"abc"},nope:1}', baseHash: BASED }, "invalid config"],
  [
    "config.patch",
    { raw: `{gateway:{remote:{token:"${SENTINEL}"}}}`, baseHash: BASED },
    `config write rejected: "gateway.remote.token" is redacted; set an explicit value instead of ${SENTINEL}`,
  ],
  [
    "config.set",
    { raw: `{gateway:{mode:"local",remote:{password:"${SENTINEL}"}}}`, baseHash: BASED },
    `config write rejected: "gateway.remote.password" is redacted; set an explicit value instead of ${SENTINEL}`,
  ],
  ["config.get", { raw: "{}" }, "invalid config.get params: at root: unexpected property 'raw'"],
  ["config.set", {}, "invalid config.set params: must have required property 'raw'"],
  ["config.apply", { raw: "" }, "invalid config.apply params: at /raw: must NOT have fewer than 1 characters"],
  ["config.patch", { raw: "{}", baseHash: "" }, /at \/baseHash: must NOT have fewer than 1 characters$/],
  ["config.validate", { raw: "{oops" }, "SyntaxError: JSON5: invalid end of input at 1:6"],
];

test("what is refused says why, and writes nothing", async (t) => {
  await using gateway = await startTestGateway();
  const client = await gateway.client();
  const before = fileOf(gateway);
  const { hash } = await read(client);

  for (const [method, { baseHash, ...params }, text] of REFUSED) {
    await t.test(
      `${method} ${JSON.stringify(params)} with ${baseHash === BASED ? "the" : "another"} hash`,
      async () => {
        const based =
          baseHash === BASED
            ? { ...params, baseHash: hash }
            : { ...params, ...(baseHash !== undefined && { baseHash }) };
        const error = await client.request(method, based).then(
          () => assert.fail("it was accepted"),
          (refusal: unknown) => refusal,
        );

        assert.ok(error instanceof GatewayError);
        assert.equal(error.code, "INVALID_REQUEST");
        if (typeof text === "string") assert.equal(error.message, text);
        else assert.match(error.message, text);
        if (text === "invalid config") {
          const issues = error.details?.["issues"] as ConfigIssue[];
          assert.ok(issues.length > 0 && issues.every(({ path, message }) => path !== "" && message !== ""));
        }
        assert.equal(fileOf(gateway), before);
      },
    );
  }
});

test("a broken file is not patched", async () => {
  await using gateway = await startTestGateway();
  const client = await gateway.client();
  gateway.writeConfig("{ gateway: { mode: 'local', port: 'abc' } }");

  await assert.rejects(patch(client, { logging: { level: "info" } }), (error: GatewayError) => {
    assert.equal(error.message, "invalid config; fix before patching");
    const issues = error.details?.["issues"] as ConfigIssue[];
    assert.equal(issues[0]?.path, "gateway.port");
    return true;
  });
});

test("what is read can be written back and changes no byte", async () => {
  const text = `// mine\n{ gateway: { mode: "local", auth: { token: "test-token-0123456789abcdef" } },\n  agents: { defaults: { timeoutSeconds: 60 } }, // slow\n  models: { providers: { x: { apiKey: "${SECRET}", models: [{ id: "m", maxTokens: 2048 }] } } } }\n`;
  await using gateway = await startTestGateway({ config: text });
  const client = await gateway.client();

  const { raw, hash, config } = await read(client);
  assert.ok(!JSON.stringify([raw, config]).includes(SECRET));
  assert.match(raw, /"maxTokens": 2048|maxTokens: 2048/);
  const { plan } = await client.request<Written>("config.set", { raw, baseHash: hash });

  assert.equal(fileOf(gateway), text);
  assert.deepEqual(plan, { hot: [], plugins: [], restart: [], none: [] });
});

test("a form that sends the whole object keeps the secrets it never saw", async () => {
  await using gateway = await startTestGateway({ config: { models: { providers: { x: { apiKey: SECRET } } } } });
  const client = await gateway.client();
  const { config, hash } = await read(client);

  const raw = JSON.stringify({ ...config, logging: { level: "debug" } });
  await client.request("config.set", { raw, baseHash: hash });

  const written = JSON.parse(fileOf(gateway)) as { models: object; logging: object };
  assert.deepEqual(written.models, { providers: { x: { apiKey: SECRET } } });
  assert.deepEqual(written.logging, { level: "debug" });
});

test("a patch merges, removes what is null and replaces lists", async () => {
  await using gateway = await startTestGateway({
    config: { agents: { defaults: { timeoutSeconds: 60, userTimezone: "UTC" }, list: [{ id: "a" }, { id: "b" }] } },
  });
  const client = await gateway.client();

  await patch(client, { agents: { defaults: { timeoutSeconds: null, model: "x/y" }, list: [{ id: "c" }] } });

  assert.deepEqual((JSON.parse(fileOf(gateway)) as { agents: object }).agents, {
    defaults: { userTimezone: "UTC", model: "x/y" },
    list: [{ id: "c" }],
  });
});

test("meta and wizard are no change to anybody", async () => {
  await using gateway = await startTestGateway();
  const client = await gateway.client();
  const { hash, config } = await read(client);

  const raw = JSON.stringify({ ...config, meta: { lastTouchedAt: "now" }, wizard: { lastRunMode: "local" } });
  const { plan } = await client.request<Written>("config.set", { raw, baseHash: hash });

  assert.deepEqual(plan, { hot: [], plugins: [], restart: [], none: ["meta.lastTouchedAt", "wizard.lastRunMode"] });
  assert.ok((await read(client)).valid, "the same client goes on");
});

for (const [method, kind] of [
  ["config.patch", "config-patch"],
  ["config.apply", "config-apply"],
] as const) {
  test(`${method} leaves a note and says when the restart comes`, async () => {
    await using gateway = await startTestGateway();
    const client = await gateway.client();
    const { raw, hash } = await read(client);
    const sent = method === "config.patch" ? '{"logging":{"level":"debug"}}' : raw;

    const more = { sessionKey: "agent:main:main", note: "as asked", restartDelayMs: 90_000 };
    const { restart, sentinel } = await client.request<Written>(method, { raw: sent, baseHash: hash, ...more });

    const { pid } = process;
    assert.deepEqual(restart, { ok: true, pid, signal: "SIGUSR1", delayMs: 60_000, reason: method, mode: "emit" });
    const { ts, ...payload } = sentinel?.payload ?? {};
    assert.ok(Number.isInteger(ts));
    assert.deepEqual(payload, {
      kind,
      status: "ok",
      sessionKey: "agent:main:main",
      message: "as asked",
      doctorHint: "Run: openclaw doctor --non-interactive",
      stats: { mode: method, root: gateway.configPath },
    });
    assert.equal(sentinel?.path, join(gateway.stateDir, "restart-sentinel.json"));
    assert.deepEqual(JSON.parse(readFileSync(sentinel.path, "utf8")), { version: 1, payload: sentinel.payload });
  });
}

test("a reload of the plugin that reads notes leaves alone what is meant for the next start", async () => {
  await using gateway = await startTestGateway();
  const client = await gateway.client();
  const { sentinel } = await patch(client, { logging: { level: "debug" } }, { restartDelayMs: 60_000 });

  await client.request("plugins.reload", { id: "system" });

  assert.ok(existsSync(String(sentinel?.path)));
  assert.deepEqual((await client.request<{ queuedSystemEvents: string[] }>("status")).queuedSystemEvents, []);
});

test("config.set leaves no note and restarts nothing by itself", async () => {
  await using gateway = await startTestGateway();
  const client = await gateway.client();
  const { raw, hash } = await read(client);

  const written = await client.request<Written>("config.set", { raw, baseHash: hash });

  assert.equal(written.restart, undefined);
  assert.ok(!existsSync(join(gateway.stateDir, "restart-sentinel.json")));
});

test("config.validate says what is wrong with a text without writing it", async () => {
  await using gateway = await startTestGateway();
  const client = await gateway.client();
  const validate = (raw: string) =>
    client.request<{ valid: boolean; issues: ConfigIssue[] }>("config.validate", { raw });
  const before = fileOf(gateway);

  assert.deepEqual(await validate("{ gateway: { mode: 'local' } }"), { valid: true, issues: [] });
  const wrong = await validate("{ gateway: { mode: 'local', bind: 'everywhere' }, loging: {} }");

  assert.deepEqual([wrong.valid, wrong.issues.map(({ path }) => path)], [false, ["gateway.bind", "loging"]]);
  assert.equal(wrong.issues[1]?.hint, 'did you mean "logging"?');
  assert.equal(fileOf(gateway), before);
});

test("the schema and its hints come from the manifests of all plugins, also of those that are off", async () => {
  await using gateway = await startTestGateway({ config: { plugins: { entries: { agents: { enabled: false } } } } });
  const client = await gateway.client();

  const { schema, uiHints, version, generatedAt } = await client.request<{
    schema: { properties: Record<string, object> };
    uiHints: Record<string, Record<string, unknown>>;
    version: string;
    generatedAt: string;
  }>("config.schema");

  for (const section of ["gateway", "plugins", "logging", "agents", "models", "session"])
    assert.ok(schema.properties[section], section);
  assert.deepEqual(uiHints["gateway.auth.token"], { label: "Gateway token", sensitive: true, reload: "restart" });
  assert.deepEqual(uiHints["models.providers.*.apiKey"], { label: "API key", sensitive: true, reload: "hot" });
  assert.equal(uiHints["meta"]?.["reload"], "none");
  assert.equal(uiHints["session"]?.["group"], "Sessions");
  assert.equal(version, gateway.run.state().version);
  assert.ok(!Number.isNaN(Date.parse(generatedAt)));
});

/** security.md S-53. */
test("every change is recorded: who, which paths, from which version to which, and no value", async () => {
  await using gateway = await startTestGateway();
  const client = await gateway.client();
  const { hash } = await read(client);

  const { hash: after } = await patch(client, { gateway: { remote: { token: SECRET } }, logging: { level: "debug" } });
  await client.request("config.set", { raw: "{}", baseHash: hash }).catch(() => undefined);

  const lines = readFileSync(join(gateway.stateDir, "logs", "config-audit.jsonl"), "utf8")
    .trim()
    .split("\n");
  assert.equal(lines.length, 1, "what is refused is no change");
  const { ts, paths, ...record } = JSON.parse(lines[0] as string) as { ts: string; paths: string[] };
  assert.ok(!Number.isNaN(Date.parse(ts)));
  assert.deepEqual(paths.toSorted(), ["gateway.remote.token", "logging.level"]);
  assert.deepEqual(record, { actor: "test", before: hash, after });
  assert.ok(!lines[0]?.includes(SECRET));
});

test("a patch restarts the gateway in its process, and its session is told", async () => {
  using at = await testHome();
  await using gateway = await startGateway(at);
  await using client = await openTo(at);
  const { payload } = await client.request("config.get");
  const wanted = {
    raw: '{"logging":{"level":"debug"}}',
    baseHash: payload?.["hash"],
    note: "louder",
    restartDelayMs: 0,
  };

  const answer = await client.request("config.patch", wanted);
  const shutdown = await client.event("shutdown");

  assert.equal(answer.ok, true, JSON.stringify(answer));
  assert.deepEqual(shutdown.payload, { reason: "gateway restarting", restartExpectedMs: 1_500 });
  assert.deepEqual(await client.closed(), { code: 1012, reason: "service restart" });
  const queued = await eventually("the gateway is back", async () => {
    await using again = await openTo(at);
    const texts = (await again.request("status")).payload?.["queuedSystemEvents"] as string[];
    return texts.length > 0 && texts;
  });
  assert.deepEqual(queued, ["The gateway has restarted after config.patch (ok): louder"]);
  assert.ok(!existsSync(join(at.stateDir, "restart-sentinel.json")));
  assert.equal(
    (JSON.parse(readFileSync(join(at.stateDir, "gateway.json"), "utf8")) as { pid: number }).pid,
    gateway.pid,
  );
});

async function openTo({ port }: TestHome): Promise<RawClient> {
  const client = await RawClient.open(`ws://127.0.0.1:${port}`);
  await client.challenge();
  const { ok, error } = await client.connect(connectParams(TOKEN));
  assert.equal(ok, true, JSON.stringify(error));
  return client;
}
