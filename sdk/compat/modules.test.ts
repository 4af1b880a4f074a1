import assert from "node:assert/strict";
import { test } from "node:test";
import type { PluginGateway } from "../gateway.ts";
import { attachModules, establishedModules } from "./modules.ts";

const NOTHING = { has: () => false, load: () => assert.fail("loaded") };
const ZOD = { z: "the gateway's" };
const HAS_ZOD = { has: (specifier: string) => specifier === "zod", load: () => ZOD };

test("the SDK is one module under the names of every generation", () => {
  const modules = establishedModules({ own: {}, sdk: { lamp: 7 }, ofPlugin: NOTHING, ofHost: NOTHING });

  for (const name of ["openclaw/plugin-sdk", "openclaw/plugin-sdk/core", "clawdbot/plugin-sdk", "moltbot/plugin-sdk"]) {
    assert.ok(name in modules);
    assert.equal((modules[name] as { lamp: number }).lamp, 7);
  }
  assert.deepEqual(
    ["openclaw" in modules, "openclaw/plugin-sdk-x" in modules, "/plugin/index.ts" in modules],
    [false, false, false],
  );
});

test("an undeclared library comes from the gateway only when the plugin has none of its own", () => {
  const lacking = establishedModules({ own: {}, sdk: {}, ofPlugin: NOTHING, ofHost: HAS_ZOD });
  const having = establishedModules({ own: {}, sdk: {}, ofPlugin: HAS_ZOD, ofHost: HAS_ZOD });
  const nowhere = establishedModules({ own: {}, sdk: {}, ofPlugin: NOTHING, ofHost: NOTHING });

  assert.equal(lacking["zod"], ZOD);
  assert.deepEqual(
    ["zod" in lacking, "zod" in having, "zod" in nowhere, "left-pad" in lacking],
    [true, false, false, false],
  );
});

test("what is missing before there is a gateway is told once there is one", () => {
  const modules = establishedModules({ own: {}, sdk: {}, ofPlugin: NOTHING, ofHost: NOTHING });
  const told: unknown[] = [];
  const gateway = { id: "acme", diagnose: (...given: unknown[]) => void told.push(given) } as unknown as PluginGateway;

  const { thing } = modules["openclaw/plugin-sdk/later"] as { thing: () => void };
  attachModules(modules, { gateway, mount: () => () => undefined });
  assert.throws(thing, /thing is not available in this gateway \(plugin acme\)/);

  assert.deepEqual(told, [
    [
      "imports openclaw/plugin-sdk/later, which this gateway does not have; its names throw when called",
      "openclaw/plugin-sdk/later",
    ],
    ["calls thing of openclaw/plugin-sdk, which this gateway does not have", "thing"],
  ]);
});

test("a route cannot be mounted while the module loads", () => {
  const modules = establishedModules({ own: {}, sdk: {}, ofPlugin: NOTHING, ofHost: NOTHING });
  const { registerPluginHttpRoute } = modules["openclaw/plugin-sdk"] as {
    registerPluginHttpRoute(route: object): void;
  };

  assert.throws(() => registerPluginHttpRoute({ path: "/x" }), /route \/x cannot be mounted before register is called/);
});
