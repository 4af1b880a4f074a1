import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { startTestGateway } from "openclaw/plugin-sdk/testing";
import { createWorkshop, enabled, method, offering, reaches, start, stateOf } from "./workshop.ts";
import type { Workshop } from "./workshop.ts";

interface Rule {
  readonly name: string;
  readonly plugins: object;
  /** State and reason of the plugin `extra`, which is outside the distribution, and of the stock plugin. */
  readonly extra: string;
  readonly stock: string;
}

const ON = { entries: { extra: { enabled: true } } };

const RULES: readonly Rule[] = [
  { name: "a stock plugin runs, another needs to be named", plugins: {}, extra: "not_enabled", stock: "active" },
  { name: "enabled by its entry", plugins: ON, extra: "active", stock: "active" },
  {
    name: "an entry without enabled is no choice",
    plugins: { entries: { extra: { config: {} } } },
    extra: "not_enabled",
    stock: "active",
  },
  {
    name: "allow names it, and leaves the distribution alone",
    plugins: { allow: ["extra"] },
    extra: "active",
    stock: "active",
  },
  {
    name: "allow with -stock is the whole list",
    plugins: { allow: ["extra", "-stock"] },
    extra: "active",
    stock: "not_allowed",
  },
  {
    name: "allow without it, though its entry is on",
    plugins: { ...ON, allow: ["other"] },
    extra: "not_allowed",
    stock: "active",
  },
  {
    name: "deny wins over allow and entry",
    plugins: { ...ON, allow: ["extra"], deny: ["extra", "stock"] },
    extra: "denied",
    stock: "denied",
  },
  {
    name: "entry off wins over allow",
    plugins: { allow: ["extra"], entries: { extra: { enabled: false }, stock: { enabled: false } } },
    extra: "config_disabled",
    stock: "config_disabled",
  },
  { name: "chosen for a slot", plugins: { slots: { memory: "extra" } }, extra: "active", stock: "active" },
  { name: "all off", plugins: { ...ON, enabled: false }, extra: "plugins_disabled", stock: "plugins_disabled" },
];

/** A distribution with an essential plugin, a plain one and a channel. */
function distribution(shop: Workshop): string {
  const make = (path: string, manifest: object) => {
    shop.plugin(`distro/${path}`, "", manifest);
    shop.write({ [`distro/${path}/index.cjs`]: "module.exports = () => {};" });
  };
  make("methods/core", { essential: true });
  make("methods/stock", {});
  make("channels/pigeon", { channels: ["pigeon"] });
  return join(shop.folder, "distro");
}

for (const { name, plugins, extra, stock } of RULES) {
  test(`which plugins run: ${name}`, async () => {
    using shop = createWorkshop();
    const folder = shop.plugin("extra", "");

    await using gateway = await start(shop, { load: { paths: [folder] }, ...plugins }, { bundled: distribution(shop) });

    const seen = (id: string) => (({ state, reason }) => (state === "active" ? state : reason))(stateOf(gateway, id));
    assert.equal(seen("extra"), extra);
    assert.equal(seen("stock"), stock);
    assert.equal(seen("core"), "active", "an essential plugin stays");
  });
}

test("safe mode keeps the distribution without its channels", async () => {
  using shop = createWorkshop();
  const folder = shop.plugin("extra", "");
  const bundled = distribution(shop);

  await using gateway = await start(shop, enabled(folder), { bundled, options: { safeMode: true } });

  assert.deepEqual(
    gateway.run.plugins().map(({ id, state, reason }) => `${id} ${reason ?? state}`),
    ["core active", "extra safe_mode", "pigeon safe_mode", "stock active"],
  );
});

test("OPENCLAW_SKIP_CHANNELS keeps every channel out, wherever it comes from", async () => {
  using shop = createWorkshop();
  const own = shop.plugin("smoke", "", { channels: ["smoke"] });
  const other = shop.plugin("extra", "");
  const bundled = distribution(shop);

  for (const name of ["OPENCLAW_SKIP_CHANNELS", "OPENCLAW_SKIP_PROVIDERS"]) {
    const options = { env: { HOME: shop.folder, [name]: "1" } };
    await using gateway = await start(shop, enabled(own, other), { bundled, options });
    assert.equal(stateOf(gateway, "smoke").reason, "channels_skipped");
    assert.equal(stateOf(gateway, "pigeon").reason, "channels_skipped");
    assert.equal(stateOf(gateway, "extra").state, "active");
  }
});

test("ids that the configuration names and nobody found are listed as missing", async () => {
  using shop = createWorkshop();
  const plugins = {
    entries: { ghost: { enabled: true } },
    allow: ["phantom", "-stock"],
    deny: ["spectre"],
    slots: { memory: "none", store: "shade" },
  };

  await using gateway = await start(shop, plugins);

  const missing = gateway.run.plugins().filter(({ state }) => state === "missing");
  assert.deepEqual(
    missing.map(({ id, reason, error }) => [id, reason, error]),
    ["ghost", "phantom", "shade", "spectre"].map((id) => [id, "not_found", `plugin not found: ${id}`]),
  );
});

test("a service has one provider: the first that was found, or the one the slot names", async () => {
  using shop = createWorkshop();
  const provider = (id: string) =>
    shop.plugin(id, `gateway.provide(defineService("weather"), { today: () => "${id}" });`, { provides: ["weather"] });
  const [sun, rain] = [provider("sun"), provider("rain")];
  const user = shop.plugin(
    "user",
    `const weather = gateway.use(defineService("weather"));\n${method("user.ask", "weather.today()")}`,
    {
      requires: ["weather"],
    },
  );
  const all = enabled(sun, rain, user);
  const ask = async (plugins: object) => {
    await using gateway = await start(shop, plugins);
    const states = ["sun", "rain"].map((id) => stateOf(gateway, id)).map(({ state, reason }) => reason ?? state);
    const answer = await (await gateway.client()).request("user.ask").catch(({ message }: Error) => message);
    return { answer, states };
  };

  assert.deepEqual(await ask(all), { answer: "sun", states: ["active", "slot_weather"] });
  assert.deepEqual(await ask({ ...all, slots: { weather: "rain" } }), {
    answer: "rain",
    states: ["slot_weather", "active"],
  });
  assert.deepEqual(await ask({ ...all, slots: { weather: "none" } }), {
    answer: "unknown method: user.ask",
    states: ["slot_weather", "slot_weather"],
  });
});

test("a service of the stock distro is given away by a slot alone, not by a plugin that claims it", async () => {
  using shop = createWorkshop();
  shop.plugin("bundled/methods/house", "", { provides: ["weather"], activation: "lazy" });
  const liar = shop.plugin("liar", `throw new Error("no sky");`, { provides: ["weather"] });
  const states = async (plugins: object) => {
    await using gateway = await start(shop, plugins);
    return ["house", "liar"].map((id) => stateOf(gateway, id)).map(({ state, reason }) => reason ?? state);
  };

  assert.deepEqual(await states(enabled(liar)), ["ready", "slot_weather"]);
  assert.deepEqual(await states({ ...enabled(liar), slots: { weather: "liar" } }), ["slot_weather", "activate_failed"]);
});

test("a memory plugin runs only when the slot names it", async () => {
  using shop = createWorkshop();
  const folder = shop.plugin("elephant", "", { kind: "memory" });

  await using without = await start(shop, enabled(folder));
  await using chosen = await start(shop, { ...enabled(folder), slots: { memory: "elephant" } });

  assert.equal(stateOf(without, "elephant").reason, "slot_memory");
  assert.equal(stateOf(chosen, "elephant").state, "active");
});

test("a workspace extension needs an entry and a recorded install of that very folder", async () => {
  using shop = createWorkshop();
  const home = join(shop.folder, "home");
  const folder = shop.plugin("home/.openclaw/workspace/.openclaw/extensions/tool", "");
  const entries = { tool: { enabled: true } };
  const reasonWith = async (installs: object) => {
    await using gateway = await start(shop, { entries, installs }, { home });
    return stateOf(gateway, "tool").reason ?? stateOf(gateway, "tool").state;
  };

  assert.equal(await reasonWith({}), "source_unrecorded");
  assert.equal(await reasonWith({ tool: { installPath: join(shop.folder, "elsewhere") } }), "source_unrecorded");
  assert.equal(await reasonWith({ tool: { installPath: folder } }), "active");
  assert.equal(await reasonWith({ tool: { sourcePath: folder } }), "active");
});

test("a required plugin that does not run keeps the gateway from being ready, and is named", async () => {
  using shop = createWorkshop();
  const folder = shop.plugin("vital", `throw new Error("no luck");`);
  const plugins = { load: { paths: [folder] }, entries: { vital: { enabled: true, required: true } } };

  await using gateway = await start(shop, plugins);
  await reaches(gateway, "vital", "failed");

  const { issues } = gateway.run.state();
  assert.equal(issues.length, 1);
  assert.match(issues[0]?.message ?? "", /required plugin is failed: .*no luck/);
});

test("the whole distribution starts without a plugin that failed or is invalid", async () => {
  await using gateway = await startTestGateway();

  const bad = gateway.run.plugins().filter(({ state }) => !["active", "ready", "disabled"].includes(state));

  assert.deepEqual(bad, []);
});

test("what a disabled plugin announces is not offered", async () => {
  using shop = createWorkshop();
  const folder = shop.plugin("quiet", method("quiet.get", "1"), offering("quiet.get"));

  await using gateway = await start(shop, { load: { paths: [folder] } });
  const client = await gateway.client();

  assert.equal(client.hello?.features.methods.includes("quiet.get"), false);
  await assert.rejects(client.request("quiet.get"), { message: "unknown method: quiet.get" });
});
