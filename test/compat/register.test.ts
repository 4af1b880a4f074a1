import assert from "node:assert/strict";
import { homedir } from "node:os";
import { join } from "node:path";
import { mock, test } from "node:test";
import type { OpenClawPluginApi } from "openclaw/plugin-sdk";
import { Agents, Messaging } from "openclaw/plugin-sdk";
import { eventually } from "openclaw/plugin-sdk/testing";
import { fetchFrom, fixture, Folders, hostFor, startWith, stateOf } from "./support.ts";

test("the plain members say what the plugin is and what is configured", async () => {
  let api: OpenClawPluginApi | undefined;
  await using host = await hostFor((given) => void (api = given), {
    manifest: { name: "Fixture", version: "1.2.3", description: "for tests" },
    config: { lamp: 7 },
    settings: { agents: { defaults: { workspace: "/w" } } },
  });

  assert.ok(api && host);
  assert.deepEqual([api.id, api.name, api.version, api.description], ["fixture", "Fixture", "1.2.3", "for tests"]);
  assert.ok(api.source.endsWith("/index.ts"));
  assert.deepEqual(api.config, { agents: { defaults: { workspace: "/w" } } });
  assert.deepEqual(api.pluginConfig, { lamp: 7 });
  assert.equal(api.registrationMode, "full");
  assert.match(api.runtime.version, /^2026\.\d+\.\d+$/);
});

test("pluginConfig is what the user wrote: no defaults of the schema, undefined if nothing", async () => {
  using folders = new Folders();
  const schema = { type: "object", properties: { lamp: { type: "number", default: 7 } } };
  const folder = (id: string) =>
    folders.plugin(id, {
      "openclaw.plugin.json": JSON.stringify({ id, configSchema: schema }),
      "index.js": `export default (api) => api.registerGatewayMethod("${id}.config", () => ({ config: api.pluginConfig }));`,
    });

  await using gateway = await startWith([folder("bare"), folder("set")], { entries: { set: { config: {} } } });

  const client = await gateway.client();
  assert.deepEqual(await client.request("bare.config", {}), {});
  assert.deepEqual(await client.request("set.config", {}), { config: {} });
});

test("a configuration that does not fit the schema fails the one plugin", async () => {
  using folders = new Folders();
  const folder = folders.plugin("strict", {
    "openclaw.plugin.json": JSON.stringify({
      id: "strict",
      configSchema: { type: "object", properties: { lamp: { type: "number" } } },
    }),
    "index.js": "export default () => {};",
  });

  await using gateway = await startWith([folder, fixture("shape-function")], {
    entries: { strict: { config: { lamp: "on" } } },
  });

  assert.equal(stateOf(gateway, "strict").state, "invalid");
  assert.equal(stateOf(gateway, "shape-function").state, "active");
});

test("changing config or pluginConfig changes nobody else's", async () => {
  const settings = { gateway: { auth: { token: "secret" } } };
  const config = { lamp: 7 };

  await using _host = await hostFor(
    (api) => {
      Object.assign(api.config["gateway"] as object, { auth: "gone" });
      Object.assign(api.pluginConfig as object, { lamp: 8 });
    },
    { settings, config },
  );

  assert.deepEqual([settings.gateway.auth.token, config.lamp], ["secret", 7]);
});

test("the log works detached and keeps what comes after the message", async () => {
  await using host = await hostFor(({ logger: { info, warn, error, debug } }) => {
    info("one");
    warn("two", { lamp: 7 });
    error("three", new Error("boom"));
    debug?.("four", "five");
  });

  assert.deepEqual(host.log.map(({ level, message }) => `${level} ${message}`).slice(-4), [
    "info one",
    "warn two",
    "error three",
    "debug four",
  ]);
});

test("resolvePath expands the home directory and makes paths absolute", async () => {
  let resolvePath: OpenClawPluginApi["resolvePath"] = String;
  await using _host = await hostFor((api) => void ({ resolvePath } = api));

  assert.equal(resolvePath("~/notes"), join(homedir(), "notes"));
  assert.equal(resolvePath("notes"), join(process.cwd(), "notes"));
  assert.equal(resolvePath("/notes"), "/notes");
});

test("every member is an own property and works when destructured", async () => {
  let members: string[] = [];
  await using host = await hostFor((api) => {
    members = Object.keys(api);
    const { registerTool, registerCommand, registerGatewayMethod, registerHttpRoute, registerHttpHandler } = api;
    const { registerService, registerCli, registerHook, registerChannel, on } = api;
    registerTool({ name: "t", description: "", parameters: {}, execute: () => "" });
    registerCommand({ name: "c", handler: () => ({ text: "" }) });
    registerGatewayMethod("m", () => 1);
    registerHttpRoute({ path: "/p", handler: () => undefined });
    registerHttpHandler(() => false);
    registerService({ id: "s", start: () => undefined, stop: () => undefined });
    registerCli(() => undefined, { commands: ["word"] });
    registerHook("gateway:startup", () => undefined, { name: "h" });
    registerChannel({ id: "chat", config: { listAccountIds: () => [], resolveAccount: () => ({}) } });
    on("gateway_start", () => undefined);
  });

  assert.ok(members.includes("registerChannel") && members.includes("runtime"));
  assert.ok(host.hooksOf(Agents).tool.offers.has("t"));
  assert.ok(host.hooksOf(Messaging).command.offers.has("c"));
  assert.ok(host.hooksOf(Messaging).channel.offers.has("chat"));
  assert.deepEqual(host.notes.merge({}), {
    tools: ["t"],
    commands: ["c"],
    methods: ["m"],
    http: ["/p"],
    httpHandlers: ["fixture#1"],
    services: ["s"],
    cli: ["word"],
    eventHooks: ["h"],
    channels: ["chat"],
    hooks: ["gateway_start"],
  });
});

test("register is called once", async () => {
  let calls = 0;
  await using host = await hostFor(() => void calls++);

  await host.hooks.listening.promise({ host: "127.0.0.1", port: 1 });

  assert.equal(calls, 1);
});

const HALF_WAY = `export default (api) => {
  api.registerGatewayMethod("half.method", () => true);
  api.registerHttpRoute({ path: "/half", handler: (_, res) => res.end("half") });
  api.registerHttpHandler((_, res) => { res.end("half"); return true; });
  api.registerService({ id: "half", start() { globalThis.halfStarted = true; }, stop() {} });
  api.on("gateway_start", () => { globalThis.halfStarted = true; });
  throw new Error("half way");
};`;

test("register that throws half-way takes back everything and fails alone", async () => {
  using folders = new Folders();

  await using gateway = await startWith([folders.plugin("half", { "index.js": HALF_WAY }), fixture("shape-function")]);

  const client = await gateway.client();
  assert.deepEqual(
    [stateOf(gateway, "half").state, stateOf(gateway, "half").error],
    ["failed", "Error: half way (index.js:7)"],
  );
  await assert.rejects(client.request("half.method", {}), { message: "unknown method: half.method" });
  assert.equal((await fetchFrom(gateway, "/half")).status, 404);
  assert.equal((globalThis as { halfStarted?: boolean }).halfStarted, undefined);
  assert.ok(await client.request("shape-function.who", {}));
});

test("a rejected register fails the same way", async () => {
  using folders = new Folders();
  const code = HALF_WAY.replace("(api) =>", "async (api) =>");

  await using gateway = await startWith([folders.plugin("half", { "index.js": code })]);

  assert.equal(stateOf(gateway, "half").error, "Error: half way (index.js:7)");
  assert.equal((await fetchFrom(gateway, "/half")).status, 404);
});

test("register that returns a promise is awaited, and told that others would not", async () => {
  using folders = new Folders();
  const folder = folders.plugin("slow", {
    "index.js": `export default async (api) => {
      await new Promise((resolve) => setImmediate(resolve));
      api.registerGatewayMethod("slow.method", () => "here");
    };`,
  });

  await using gateway = await startWith([folder]);

  assert.equal(await (await gateway.client()).request("slow.method", {}), "here");
  assert.match(stateOf(gateway, "slow").diagnostics[0] ?? "", /^register returned a promise; /);
});

test("register that never answers fails alone when its time is up", async () => {
  using folders = new Folders();
  const never = folders.plugin("never", { "index.js": "export default () => new Promise(() => {});" });
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    const starting = startWith([never, fixture("shape-function")]);
    // The gateway waits 5 s for its plugins, the plugin has 30 s: time passes while real work goes on.
    let isStarted = false;
    void starting.then(() => (isStarted = true));
    await passTime(25_000, () => isStarted);
    const gateway = await starting;
    assert.equal(stateOf(gateway, "shape-function").state, "active");
    assert.equal(stateOf(gateway, "never").state, "activating");

    await passTime(30_000);

    const { state, error, diagnostics } = stateOf(gateway, "never");
    assert.deepEqual([state, error], ["failed", "Error: activation took longer than 30000 ms"]);
    assert.match(diagnostics[0] ?? "", /^register returned a promise; /);
    mock.timers.reset();
    await gateway[Symbol.asyncDispose]();
  } finally {
    mock.timers.reset();
  }
});

/** Lets time pass ten times as fast as it does, so that real work keeps up with it. */
async function passTime(ms: number, isEnough = () => false): Promise<void> {
  for (let passed = 0; passed < ms && !isEnough(); passed += 10) {
    const next = performance.now() + 1;
    while (performance.now() < next) await new Promise((resolve) => setImmediate(resolve));
    mock.timers.tick(10);
  }
}

test("what is registered after register has returned works", async () => {
  using folders = new Folders();
  const folder = folders.plugin("late", {
    "index.js": `export default (api) => {
      api.registerService({
        id: "late",
        start() {
          api.registerGatewayMethod("late.method", () => "late");
          api.registerHttpRoute({ path: "/late", handler: (_, res) => res.end("late") });
        },
        stop() {},
      });
    };`,
  });

  await using gateway = await startWith([folder]);

  const client = await gateway.client();
  await eventually("the late route", async () => (await fetchFrom(gateway, "/late")).status === 200);
  assert.equal(await client.request("late.method", {}), "late");
});

test("registering on a closed plugin throws and says so", async () => {
  let api: OpenClawPluginApi | undefined;
  const host = await hostFor((given) => void (api = given));

  await host.close();

  assert.throws(() => api?.registerGatewayMethod("m", () => 1), /plugin "fixture" is closed; cannot add method m/);
  assert.throws(() => api?.on("gateway_stop", () => undefined), /plugin "fixture" is closed/);
});

const GENERATION = (n: number, extra = "") => `export default (api) => {
  api.registerGatewayMethod("turning.generation", () => ${n});
  api.registerHttpRoute({ path: "/turning", handler: (_, res) => res.end("${n}") });
  api.registerHttpHandler((req, res) => req.url === "/turning/handler" && (res.end("${n}"), true));
  api.registerService({
    id: "turning",
    start() { (globalThis.turning ??= []).push("start ${n}"); },
    stop() { globalThis.turning.push("stop ${n}"); },
  });
  ${extra}
};`;

test("a reload under traffic answers every request and leaves nothing behind", async () => {
  using folders = new Folders();
  const extra = `api.registerGatewayMethod("turning.old", () => true); api.registerHttpRoute({ path: "/old", handler: (_, r) => r.end() });`;
  const folder = folders.plugin("turning", { "index.js": GENERATION(1, extra) });
  await using gateway = await startWith([folder]);
  const client = await gateway.client();
  const lives = () => (globalThis as { turning?: string[] }).turning ?? [];
  await eventually("the first service", () => lives().includes("start 1"));
  let isOver = false;
  const answers = new Set<unknown>();
  const traffic = (async () => {
    while (!isOver) {
      answers.add(await client.request("turning.generation", {}));
      answers.add(await (await fetchFrom(gateway, "/turning")).text());
      answers.add(await (await fetchFrom(gateway, "/turning/handler")).text());
    }
  })();

  await eventually("traffic", () => answers.has(1) && answers.has("1"));
  folders.plugin("turning", { "index.js": GENERATION(2) });
  await gateway.run.sourceChanged(join(folder, "index.js"));
  await eventually("the swap", () => answers.has(2) && answers.has("2"));
  isOver = true;
  await traffic;
  await eventually("the old service's end", () => lives().includes("stop 1"));

  assert.deepEqual(answers, new Set([1, "1", 2, "2"]));
  assert.deepEqual(lives().toSorted(), ["start 1", "start 2", "stop 1"]);
  await assert.rejects(client.request("turning.old", {}), { message: "unknown method: turning.old" });
  assert.equal((await fetchFrom(gateway, "/old")).status, 404);
  const { state, contributes } = stateOf(gateway, "turning");
  assert.deepEqual(
    [state, contributes["methods"], contributes["http"]],
    ["active", ["turning.generation"], ["/turning"]],
  );
});

test("a reload that fails leaves the old generation serving", async () => {
  using folders = new Folders();
  const folder = folders.plugin("turning", { "index.js": GENERATION(1) });
  await using gateway = await startWith([folder]);

  folders.plugin("turning", { "index.js": GENERATION(2, `throw new Error("not today");`) });
  await gateway.run.sourceChanged(join(folder, "index.js"));

  assert.equal(await (await gateway.client()).request("turning.generation", {}), 1);
  assert.equal(await (await fetchFrom(gateway, "/turning")).text(), "1");
  const { state, error, diagnostics } = stateOf(gateway, "turning");
  assert.equal(state, "active");
  assert.match(error ?? "", /not today/);
  assert.equal(new Set(diagnostics).size, diagnostics.length);
});

test("a disabled plugin leaves no method, route or service", async () => {
  using folders = new Folders();
  (globalThis as { turning?: string[] }).turning = [];
  const folder = folders.plugin("turning", { "index.js": GENERATION(1) });
  await using gateway = await startWith([folder]);
  const lives = () => (globalThis as { turning?: string[] }).turning ?? [];
  await eventually("the service", () => lives().includes("start 1"));

  gateway.writeConfig({ plugins: { load: { paths: [folder] }, entries: { turning: { enabled: false } } } });
  await eventually("the end", () => lives().includes("stop 1"));

  assert.equal(stateOf(gateway, "turning").state, "disabled");
  assert.equal((await fetchFrom(gateway, "/turning")).status, 404);
});
