import assert from "node:assert/strict";
import { test } from "node:test";
import type { GatewayClient, KernelHooks } from "openclaw/plugin-sdk";
import { eventually } from "openclaw/plugin-sdk/testing";
import type { TestGateway } from "openclaw/plugin-sdk/testing";
import { createHooks } from "../../kernel/hooks.ts";
import { configured, createWorkshop, enabled, start } from "./workshop.ts";

const HOOKS = createHooks();
const KEYED = ["http", "unrouted", "method"] as const;
type Name = keyof KernelHooks;

/** Taps every hook and writes down what it was called with; offers one of everything that has a key. */
const LISTENER = `
  const heard = (globalThis.heard = []);
  for (const name of ${JSON.stringify(Object.keys(HOOKS))}) {
    if (${JSON.stringify(KEYED)}.includes(name)) continue;
    gateway.hooks[name].tap((...args) => { heard.push({ name, args }); });
  }
  const note = (name) => (...args) => { heard.push({ name, args }); };
  gateway.hooks.method.for("all.get").tap({ scope: "operator.read" }, (call) => { note("method")(call); return 1; });
  gateway.hooks.http.for("/all").tap({ auth: "none" }, (exchange) => { note("http")(exchange); exchange.reply(200, "all"); return true; });
  gateway.hooks.unrouted.for("all").tap({ auth: "gateway" }, (exchange) => { note("unrouted")(exchange); exchange.reply(200, "rest"); return true; });
  const told = gateway.event("all.told");
  globalThis.tellAll = () => told({ hello: "there" });`;

const MANIFEST = {
  permissions: ["auth"],
  activation: "startup",
  contributes: { http: [{ path: "/all", auth: "none" }], methods: ["all.get"], events: ["all.told"] },
};

interface Heard {
  readonly name: Name;
  readonly args: readonly unknown[];
}

interface Scene {
  readonly gateway: TestGateway;
  readonly client: GatewayClient;
  readonly folder: string;
  readonly other: string;
}

interface Scenario {
  /** What makes the hook fire, exactly once for what `concerns` it. */
  readonly act: (scene: Scene) => unknown;
  readonly concerns?: (args: readonly unknown[], scene: Scene) => boolean;
  readonly check: (args: readonly unknown[], scene: Scene) => void;
}

/** The token of the test gateway stands in every request that needs one. */
const fetchPage = ({ gateway }: Scene, path: string, headers = {}) =>
  fetch(`http://127.0.0.1:${gateway.port}${path}`, { headers }).then((response) => response.text());

const SCENARIOS: Readonly<Record<Name, Scenario>> = {
  pluginState: {
    act: ({ gateway, folder, other }) =>
      gateway.writeConfig(configured({ ...enabled(folder, other), deny: ["other"] })),
    concerns: ([plugin]) => (plugin as { id: string }).id === "other",
    check: ([plugin, previous]) => {
      assert.equal((plugin as { state: string }).state, "disabled");
      assert.equal(previous, "active");
    },
  },
  listening: {
    act: () => undefined,
    check: ([info], { gateway }) => assert.deepEqual(info, { host: "127.0.0.1", port: gateway.port }),
  },
  http: {
    act: (scene) => fetchPage(scene, "/all"),
    check: ([exchange]) => assert.equal((exchange as { url: URL }).url.pathname, "/all"),
  },
  unrouted: {
    act: (scene) => fetchPage(scene, "/no/route", { authorization: `Bearer ${scene.gateway.token}` }),
    check: ([exchange]) => assert.equal((exchange as { url: URL }).url.pathname, "/no/route"),
  },
  bearer: {
    act: (scene) => fetchPage(scene, "/no/route", { authorization: "Bearer of-somebody-else" }),
    check: ([attempt]) => assert.deepEqual(attempt, { secret: "of-somebody-else", path: "/no/route" }),
  },
  upgrade: {
    act: ({ gateway }) => gateway.client(),
    check: ([request]) => assert.equal((request as { url: URL }).url.pathname, "/"),
  },
  authenticate: {
    act: ({ gateway }) => gateway.client(),
    check: ([attempt]) => {
      assert.equal((attempt as { sharedAuth: boolean }).sharedAuth, true);
      assert.equal((attempt as { role: string }).role, "operator");
    },
  },
  helloOk: {
    act: ({ gateway }) => gateway.client(),
    check: ([hello, client]) => {
      assert.equal((hello as { type: string }).type, "hello-ok");
      assert.equal((client as { role: string }).role, "operator");
    },
  },
  connected: {
    act: ({ gateway }) => gateway.client(),
    check: ([client]) => assert.match((client as { connId: string }).connId, /./),
  },
  authorize: {
    act: ({ client }) => client.request("all.get"),
    check: ([call]) => assert.equal((call as { method: string }).method, "all.get"),
  },
  method: {
    act: ({ client }) => client.request("all.get", { some: "thing" }),
    check: ([call]) => assert.deepEqual((call as { params: object }).params, { some: "thing" }),
  },
  responded: {
    act: ({ client }) => client.request("all.get"),
    check: ([call, outcome]) => {
      assert.equal((call as { method: string }).method, "all.get");
      assert.equal((outcome as { ok: boolean }).ok, true);
      assert.ok((outcome as { durationMs: number }).durationMs >= 0);
    },
  },
  event: {
    act: () => (globalThis as unknown as { tellAll: () => void }).tellAll(),
    concerns: ([envelope]) => (envelope as { event: string }).event === "all.told",
    check: ([envelope]) => assert.deepEqual(envelope, { event: "all.told", payload: { hello: "there" } }),
  },
  disconnected: {
    act: async ({ gateway }) => (await gateway.client()).close(),
    check: ([client, code, reason]) => {
      assert.match((client as { connId: string }).connId, /./);
      assert.deepEqual([code, reason], [1000, ""]);
    },
  },
  configChanged: {
    act: ({ gateway, folder, other }) =>
      gateway.writeConfig({ ...configured(enabled(folder, other)), logging: { level: "debug" } }),
    check: ([change]) => {
      const { paths, before, after } = change as { paths: string[]; before: object; after: { logging: object } };
      assert.deepEqual(paths, ["logging.level"]);
      assert.equal("logging" in before, false);
      assert.deepEqual(after.logging, { level: "debug" });
    },
  },
  stopping: {
    act: ({ gateway }) => gateway.run.stop("the end", 1_500),
    check: ([stop]) => assert.deepEqual(stop, { reason: "the end", restartExpectedMs: 1_500, budgetMs: 15_000 }),
  },
  stopped: { act: ({ gateway }) => gateway.run.stop("the end"), check: (args) => assert.deepEqual(args, []) },
};

for (const name of Object.keys(HOOKS) as Name[]) {
  test(`hook ${name} fires exactly once in its scenario`, async () => {
    const scenario = SCENARIOS[name];
    assert.ok(scenario, `hook ${name} has no scenario here`);
    using shop = createWorkshop();
    const [folder, other] = [shop.plugin("all", LISTENER, MANIFEST), shop.plugin("other", "")];
    await using gateway = await start(shop, enabled(folder, other));
    const scene = { gateway, client: await gateway.client(), folder, other };
    const heard = (globalThis as unknown as { heard: Heard[] }).heard;
    // A start fires this one, everything else is counted from here.
    if (name !== "listening") heard.length = 0;

    await scenario.act(scene);
    const mine = () => heard.filter((one) => one.name === name && (scenario.concerns?.(one.args, scene) ?? true));
    await eventually(`hook ${name}`, () => mine().length > 0);
    // Whatever would fire twice has done so by the time a later call is answered.
    if (!name.startsWith("stop")) await scene.client.request("plugins.list", {});

    const fired = mine().filter(({ args }) => (args[0] as { method?: string } | undefined)?.method !== "plugins.list");
    assert.equal(fired.length, 1);
    scenario.check(fired[0]?.args ?? [], scene);
  });
}

test("a generation that comes after the port was opened hears of it too, once", async () => {
  using shop = createWorkshop();
  const folder = shop.plugin(
    "late",
    `(globalThis.told ??= []).push(0); gateway.hooks.listening.tap(({ port }) => { globalThis.told.push(port); });`,
  );
  await using gateway = await start(shop, {});
  const told = () => (globalThis as { told?: number[] }).told ?? [];

  gateway.writeConfig(configured(enabled(folder)));
  await eventually("the plugin hears", () => told().length === 2);
  await (await gateway.client()).request("plugins.reload", { id: "late" });

  assert.deepEqual(told(), [0, gateway.port, 0, gateway.port]);
});

test("taps of a hook outlive the generation that fires it: a service's table stays when its provider is replaced", async () => {
  using shop = createWorkshop();
  const service = `const { SyncHook } = require(${JSON.stringify(new URL("../../node_modules/tapable/lib/index.js", import.meta.url).pathname)});
    const Bell = defineService("bell", () => ({ rung: new SyncHook(["times"], "bell.rung") }));`;
  const bell = shop.plugin(
    "bell",
    `${service}
     const { rung } = gateway.provide(Bell, {});
     gateway.method({ name: "bell.ring", scope: "operator.read", params: Type.Object({}), handle: () => { rung.call(1); return "rung"; } });`,
    { provides: ["bell"] },
  );
  const ear = shop.plugin(
    "ear",
    `${service} globalThis.rings = []; gateway.hooks.of(Bell).rung.tap((times) => { globalThis.rings.push(times); });`,
  );
  await using gateway = await start(shop, enabled(bell, ear));
  const client = await gateway.client();

  await client.request("bell.ring");
  await client.request("plugins.reload", { id: "bell" });
  await client.request("bell.ring");

  assert.deepEqual((globalThis as { rings?: number[] }).rings, [1, 1]);
});
