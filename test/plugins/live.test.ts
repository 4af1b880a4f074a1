import assert from "node:assert/strict";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { GatewayClient, ReloadOutcome } from "openclaw/plugin-sdk";
import { eventually } from "openclaw/plugin-sdk/testing";
import { configured, createWorkshop, enabled, entry, method, offering, reaches, start, stateOf } from "./workshop.ts";

const GREETING = {
  ...offering("greet.say"),
  configSchema: { type: "object", properties: { word: { type: "string" } }, additionalProperties: false },
};
const GREET = method("greet.say", "gateway.config?.word ?? 'hello'");

/** Connections lost so far by these clients. */
function losses(...clients: GatewayClient[]): () => number {
  let lost = 0;
  for (const client of clients) client.on("disconnected", () => lost++);
  return () => lost;
}

function reload(client: GatewayClient, id: string): Promise<ReloadOutcome> {
  return client.request<ReloadOutcome>("plugins.reload", { id });
}

test("enabling, reconfiguring and disabling by editing the file shows at once, and no client is disconnected", async () => {
  using shop = createWorkshop();
  const folder = shop.plugin("greet", GREET, GREETING);
  const load = { paths: [folder] };
  await using gateway = await start(shop, { load });
  const client = await gateway.client();
  const lost = losses(client);
  const changes: { features: { methods: string[] } }[] = [];
  client.on("event", ({ event, payload }) => {
    if (event === "plugins.changed") changes.push(payload as (typeof changes)[number]);
  });
  const told = (has: boolean) =>
    eventually("plugins.changed", () => changes.at(-1)?.features.methods.includes("greet.say") === has);

  gateway.writeConfig(configured({ load, entries: { greet: { enabled: true } } }));
  await told(true);
  const first = await client.request("greet.say");
  gateway.writeConfig(configured({ load, entries: { greet: { enabled: true, config: { word: "moin" } } } }));
  await eventually("the new greeting", async () => (await client.request("greet.say")) === "moin");
  gateway.writeConfig(configured({ load, entries: { greet: { enabled: false } } }));
  await told(false);

  assert.equal(first, "hello");
  await assert.rejects(client.request("greet.say"), { message: "unknown method: greet.say" });
  const { state, reason } = stateOf(gateway, "greet");
  assert.deepEqual([state, reason], ["disabled", "config_disabled"]);
  assert.equal((await gateway.client()).hello?.features.methods.includes("greet.say"), false);
  assert.equal(lost(), 0);
});

test("allow, deny and load.paths are followed live, for the plugins they name", async () => {
  using shop = createWorkshop();
  const [one, two] = [shop.plugin("one", method("one.get", "1")), shop.plugin("two", method("two.get", "2"))];
  const load = { paths: [one, two] };
  await using gateway = await start(shop, { load, allow: ["one", "two"] });
  const client = await gateway.client();
  const lost = losses(client);
  const untouched = stateOf(gateway, "one").generation;

  gateway.writeConfig(configured({ load, allow: ["one"] }));
  await reaches(gateway, "two", "disabled", "not_allowed");
  gateway.writeConfig(configured({ load, allow: ["one", "two"], deny: ["two"] }));
  await reaches(gateway, "two", "disabled", "denied");
  gateway.writeConfig(configured({ load, allow: ["one", "two"] }));
  await reaches(gateway, "two", "active");
  gateway.writeConfig(configured({ load: { paths: [one] }, allow: ["one", "two"] }));
  await reaches(gateway, "two", "missing");
  await assert.rejects(client.request("two.get"), { message: "unknown method: two.get" });
  gateway.writeConfig(configured({ load, allow: ["one", "two"] }));
  await reaches(gateway, "two", "active");

  assert.equal(await client.request("two.get"), 2);
  assert.equal(stateOf(gateway, "one").generation, untouched);
  assert.equal(lost(), 0);
});

test("a slot hands a service from one provider to another while its user goes on", async () => {
  using shop = createWorkshop();
  const provider = (id: string) =>
    shop.plugin(id, `gateway.provide(defineService("weather"), { today: () => "${id}" });`, { provides: ["weather"] });
  const user = shop.plugin(
    "user",
    `const weather = gateway.use(defineService("weather"));\n${method("user.ask", "weather.today()")}`,
    { requires: ["weather"] },
  );
  const all = enabled(provider("sun"), provider("rain"), user);
  await using gateway = await start(shop, { ...all, slots: { weather: "sun" } });
  const client = await gateway.client();
  const { generation } = stateOf(gateway, "user");

  const before = await client.request("user.ask");
  gateway.writeConfig(configured({ ...all, slots: { weather: "rain" } }));
  await reaches(gateway, "sun", "disabled", "slot_weather");
  const after = await eventually("the other provider", () => client.request("user.ask"));

  assert.deepEqual([before, after], ["sun", "rain"]);
  assert.equal(stateOf(gateway, "user").generation, generation);
});

test("R-27 four clients calling through fifty swaps meet no gap, and every answer is whole", async () => {
  using shop = createWorkshop();
  const folder = shop.plugin("busy", "");
  const version = (n: number) =>
    writeFileSync(join(folder, "index.cjs"), entry(method("busy.get", `(await null, { n: ${n} })`)));
  version(0);
  await using gateway = await start(shop, enabled(folder));
  const clients = await Promise.all(Array.from({ length: 4 }, () => gateway.client()));
  const operator = await gateway.client();
  const lost = losses(...clients);
  const seen = new Set<number>();
  let over = false;
  let calls = 0;
  const traffic = clients.map(async (client) => {
    while (!over) {
      const { n } = await client.request<{ n: number }>("busy.get");
      seen.add(n);
      calls++;
    }
  });

  for (let n = 1; n <= 50; n++) {
    version(n);
    const { ok, error } = await reload(operator, "busy");
    assert.ok(ok, error);
    await eventually(`an answer of version ${n}`, () => seen.has(n));
  }
  over = true;
  await Promise.all(traffic);

  assert.equal(seen.size, 51);
  assert.equal(lost(), 0);
  assert.equal(stateOf(gateway, "busy").generation, 51);
  assert.ok(calls > 200, `${calls} calls`);
});

test("a running call finishes on the generation that began it, with its timers and events", async () => {
  using shop = createWorkshop();
  const code = (n: number) => `
    const told = gateway.event("long.told");
    gateway.own("connection", () => { globalThis.closed${n} = true; });
    ${method(
      "long.run",
      `(await new Promise((resolve) => (globalThis.finish = resolve)), await new Promise((resolve) => gateway.setTimeout(resolve, 1)), told(${n}), { n: ${n}, open: !globalThis.closed${n} })`,
    )}
    ${method("long.quick", String(n))}`;
  const folder = shop.plugin("long", code(1));
  await using gateway = await start(shop, enabled(folder));
  const [client, operator] = [await gateway.client(), await gateway.client()];
  const told: unknown[] = [];
  client.on("event", ({ event, payload }) => void (event === "long.told" && told.push(payload)));

  const running = client.request("long.run");
  await eventually("the call runs", () => (globalThis as { finish?: () => void }).finish);
  writeFileSync(join(folder, "index.cjs"), entry(code(2)));
  await reload(operator, "long");
  const quick = await client.request("long.quick");
  (globalThis as { finish?: () => void }).finish?.();

  assert.equal(quick, 2);
  assert.deepEqual(await running, { n: 1, open: true });
  assert.deepEqual(told, [1]);
  await eventually("the old connection is closed", () => (globalThis as { closed1?: boolean }).closed1);
});

const BAD_VERSIONS: readonly { name: string; text: string; error: RegExp }[] = [
  { name: "a syntax error", text: "module.exports = (((", error: /ParseError|Unexpected token/ },
  { name: "a throw", text: entry(`${method("good.get", "2")}\nthrow new Error("no luck");`), error: /no luck/ },
  {
    name: "a hang",
    text: entry(`${method("good.get", "2")}\nawait new Promise(() => {});`),
    error: /took longer than 150 ms/,
  },
  {
    name: "a name that another plugin has",
    text: entry(`${method("good.get", "2")}\n${method("other.get", "2")}`),
    error: /method "other\.get" belongs to plugin "other"; "good" cannot take it/,
  },
  {
    name: "a name that it has twice",
    text: entry(`${method("good.get", "2")}\n${method("good.get", "3")}`),
    error: /method "good\.get" belongs to plugin "good"; "good" cannot take it/,
  },
  { name: "no export", text: "module.exports = {};", error: /missing register\/activate/ },
];

for (const { name, text, error } of BAD_VERSIONS) {
  test(`F-22 a new version with ${name} changes nothing and is told`, async () => {
    using shop = createWorkshop();
    const good = entry(`${method("good.get", "1")}\ngateway.own("socket", () => { globalThis.goodClosed = true; });`);
    const folder = shop.plugin("good", "");
    writeFileSync(join(folder, "index.cjs"), good);
    const other = shop.plugin("other", method("other.get", "1"));
    const options = { pluginLimits: { activateMs: 150 } };
    await using gateway = await start(shop, enabled(folder, other), { options });
    const client = await gateway.client();
    const lost = losses(client);

    writeFileSync(join(folder, "index.cjs"), text);
    const outcome = await reload(client, "good");
    const answer = await client.request("good.get");
    const failed = stateOf(gateway, "good");
    writeFileSync(join(folder, "index.cjs"), good);
    const mended = await reload(client, "good");

    assert.equal(outcome.ok, false);
    assert.match(String(outcome.error), error);
    assert.equal(answer, 1);
    assert.deepEqual([failed.state, failed.reason, failed.generation], ["active", "reload_failed", 1]);
    assert.match(String(failed.error), error);
    assert.equal(mended.ok, true);
    const { state, reason, error: gone, generation } = stateOf(gateway, "good");
    assert.deepEqual([state, reason, gone, generation], ["active", undefined, undefined, 2]);
    assert.equal(await client.request("other.get"), 1);
    assert.equal(lost(), 0);
  });
}

test("a plugin's section that becomes wrong keeps the running generation and its values, until it is right", async () => {
  using shop = createWorkshop();
  const schema = {
    type: "object",
    properties: { enabled: { type: "boolean" }, port: { type: "integer" }, allowFrom: { type: "array" } },
  };
  const folder = shop.plugin(
    "smoke",
    method(
      "smoke.get",
      `({ port: gateway.settings.get("channels.smoke.port"), from: gateway.settings.get("channels.smoke.allowFrom") })`,
    ),
    { channels: ["smoke"], channelSchemas: { smoke: schema } },
  );
  const config = (smoke: object) => ({ ...configured(enabled(folder)), channels: { smoke } });
  await using gateway = await start(shop, {}, { config: config({ port: 1, allowFrom: ["ann"] }) });
  const client = await gateway.client();
  const read = () => client.request("smoke.get");
  const right = { port: 1, from: ["ann"] };

  const before = await read();
  gateway.writeConfig(config({ port: "x", allowFrom: ["bob"] }));
  const wrong = await reaches(gateway, "smoke", "active", "config_invalid");
  const meanwhile = await read();
  gateway.writeConfig(config({ port: 1, allowFrom: 5 }));
  await eventually("the hot value is wrong", () => /allowFrom/.test(String(stateOf(gateway, "smoke").error)));
  const hot = await read();
  gateway.writeConfig(config({ port: 1, allowFrom: ["ann"] }));
  await eventually("all is well", () => stateOf(gateway, "smoke").reason === undefined);
  const unchanged = stateOf(gateway, "smoke").generation;
  gateway.writeConfig(config({ port: 2, allowFrom: ["bob"] }));
  await eventually("the new section", async () => ((await read()) as { port: number }).port === 2);

  assert.deepEqual([before, meanwhile, hot], [right, right, right]);
  assert.match(String(wrong.error), /channels\.smoke\.port: must be integer/);
  assert.equal(unchanged, 1);
  assert.deepEqual(await read(), { port: 2, from: ["bob"] });
});

/** Owns a TCP port, which only one generation can hold. */
const PORT_HOLDER = `
  const server = require("node:net").createServer((socket) => socket.end(gateway.config.greeting));
  await new Promise((resolve, reject) => server.once("error", reject).listen(gateway.config.port, "127.0.0.1", resolve));
  gateway.own("port", () => new Promise((resolve) => server.close(resolve)));
  if (gateway.config.greeting === "bad") throw new Error("not this one");
  ${method("holder.greeting", "gateway.config.greeting")}`;

test("a plugin that holds what only one may hold is stopped first, and comes back if its successor fails", async () => {
  using shop = createWorkshop();
  const folder = shop.plugin("holder", PORT_HOLDER, { reload: "stop-first" });
  const port = await freePort();
  const plugins = (greeting: string) => ({
    load: { paths: [folder] },
    entries: { holder: { enabled: true, config: { port, greeting } } },
  });
  await using gateway = await start(shop, plugins("first"));
  const client = await gateway.client();
  const lost = losses(client);

  const first = await dial(port);
  gateway.writeConfig(configured(plugins("second")));
  await eventually("the second", async () => (await dial(port)) === "second");
  gateway.writeConfig(configured(plugins("bad")));
  const kept = await reaches(gateway, "holder", "active", "reload_failed");
  const afterwards = await dial(port);
  writeFileSync(join(folder, "index.cjs"), "((");
  const broken = await reload(client, "holder");

  assert.deepEqual([first, afterwards], ["first", "second"]);
  assert.match(String(kept.error), /not this one/);
  assert.equal(await client.request("holder.greeting"), "second");
  // Code that does not even load is no reason to stop what runs.
  assert.equal(broken.ok, false);
  assert.equal(await dial(port), "second");
  assert.equal(lost(), 0);
});

test("a call that comes in the gap of a stopped-first plugin waits for the next generation", async () => {
  using shop = createWorkshop();
  const code = (n: number) => `
    if (${n} === 2) await new Promise((resolve) => (globalThis.openGap = resolve));
    gateway.provide(defineService("gap"), { now: () => ${n} });
    ${method("gap.get", String(n))}`;
  const folder = shop.plugin("gap", code(1), { reload: "stop-first", provides: ["gap"], ...offering("gap.get") });
  const user = shop.plugin(
    "user",
    `const gap = gateway.use(defineService("gap"));\n${method("user.get", "gap.now()")}`,
  );
  await using gateway = await start(shop, enabled(folder, user));
  const [client, operator] = [await gateway.client(), await gateway.client()];

  const before = [await client.request("gap.get"), await client.request("user.get")];
  writeFileSync(join(folder, "index.cjs"), entry(code(2)));
  const reloading = reload(operator, "gap");
  await reaches(gateway, "gap", "draining");
  const waiting = client.request("gap.get");
  // A handle finds no provider in between; who uses it is told to come back.
  await assert.rejects(client.request("user.get"), { code: "UNAVAILABLE", retryable: true });
  const features = (await gateway.client()).hello?.features.methods.includes("gap.get");
  (await eventually("the gap", () => (globalThis as { openGap?: () => void }).openGap))();

  assert.deepEqual(before, [1, 1]);
  assert.equal(await waiting, 2);
  assert.equal(features, true);
  assert.equal((await reloading).ok, true);
  assert.equal(await client.request("user.get"), 2);
});

test("a stopped-first plugin whose old code does not come back either has failed, with both reasons", async () => {
  using shop = createWorkshop();
  const folder = shop.plugin(
    "fragile",
    `globalThis.fragile = (globalThis.fragile ?? 0) + 1;
     if (globalThis.fragile > 1) throw new Error("attempt " + globalThis.fragile);`,
    { reload: "stop-first" },
  );
  await using gateway = await start(shop, enabled(folder));
  const client = await gateway.client();

  const outcome = await reload(client, "fragile");

  assert.equal(outcome.ok, false);
  const { state, error } = stateOf(gateway, "fragile");
  assert.equal(state, "failed");
  assert.match(String(error), /attempt 2; and the previous generation did not come back: Error: attempt 3/);
});

test("a plugin that asks for a restart of the gateway is not reloaded in place", async () => {
  using shop = createWorkshop();
  const folder = shop.plugin("rooted", method("rooted.get", "1"), { reload: "restart" });
  await using gateway = await start(shop, enabled(folder));
  const client = await gateway.client();

  const { ok, error } = await reload(client, "rooted");

  assert.equal(ok, false);
  assert.match(String(error), /asks for a restart of the gateway/);
  assert.equal(await client.request("rooted.get"), 1);
});

test("S-46 disabling takes everything back within 5 s: methods, routes, events, timers, services and taps", async () => {
  using shop = createWorkshop();
  const folder = shop.plugin(
    "lots",
    `const state = (globalThis.lots = { ticks: 0, heard: 0, aborted: false, disposed: [] });
     ${method("lots.get", "1")}
     gateway.route({ path: "/lots", auth: "none", handle: (exchange) => exchange.reply(200, "x") });
     const told = gateway.event("lots.told");
     globalThis.emitLots = () => told({});
     gateway.provide(defineService("lots"), { get: () => 1 });
     gateway.setInterval(() => state.ticks++, 1);
     gateway.hooks.responded.tap(() => { state.heard++; });
     gateway.signal.addEventListener("abort", () => { state.aborted = true; });
     gateway.own("first", () => { state.disposed.push("first"); });
     gateway.own("second", async () => { state.disposed.push("second"); });`,
    { contributes: { http: [{ path: "/lots", auth: "none" }] }, activation: "startup", provides: ["lots"] },
  );
  const user = shop.plugin(
    "user",
    `const lots = gateway.use(defineService("lots"));\n${method("user.get", "lots.get()")}`,
  );
  type Lots = { ticks: number; heard: number; aborted: boolean; disposed: string[] };
  const lots = () => (globalThis as unknown as { lots: Lots }).lots;
  const load = { paths: [folder, user] };
  await using gateway = await start(shop, enabled(folder, user));
  const client = await gateway.client();
  const events: string[] = [];
  client.on("event", ({ event }) => events.push(event));
  const page = () => fetch(`http://127.0.0.1:${gateway.port}/lots`).then(({ status }) => status);

  const before = [await client.request("lots.get"), await client.request("user.get"), await page()];
  await eventually("the timer runs", () => lots().ticks > 0);
  const startedAt = performance.now();
  gateway.writeConfig(configured({ load, entries: { user: { enabled: true } } }));
  await reaches(gateway, "lots", "disabled");
  await eventually("all is disposed", () => lots().disposed.length === 2);
  const tookMs = performance.now() - startedAt;
  const { ticks, heard } = lots();
  (globalThis as { emitLots?: () => void }).emitLots?.();

  assert.deepEqual(before, [1, 1, 200]);
  assert.ok(tookMs < 5_000, `${tookMs} ms`);
  assert.deepEqual(lots().disposed, ["second", "first"]);
  assert.equal(lots().aborted, true);
  await assert.rejects(client.request("lots.get"), { message: "unknown method: lots.get" });
  await assert.rejects(client.request("user.get"), {
    code: "UNAVAILABLE",
    details: { code: "SERVICE_MISSING", service: "lots" },
  });
  assert.equal(await page(), 404);
  assert.deepEqual([lots().ticks, lots().heard], [ticks, heard]);
  assert.equal(events.includes("lots.told"), false);
  assert.equal((await gateway.client()).hello?.features.events.includes("lots.told"), false);
});

test("a service survives the replacement of its provider, and calls that run finish on the old one", async () => {
  using shop = createWorkshop();
  const code = (n: number) => `
    let open = true;
    gateway.own("store", () => { open = false; });
    gateway.provide(defineService("store"), {
      get: () => ${n},
      slow: async () => (await new Promise((resolve) => (globalThis.finishSlow = resolve)), { n: ${n}, open }),
    });`;
  const provider = shop.plugin("provider", code(1), { provides: ["store"] });
  const user = shop.plugin(
    "user",
    `const store = gateway.use(defineService("store"));
     ${method("user.get", "store.get()")}
     ${method("user.slow", "store.slow()")}`,
    { requires: ["store"] },
  );
  await using gateway = await start(shop, enabled(provider, user));
  const client = await gateway.client();

  const slow = client.request("user.slow");
  const finish = await eventually("the slow call", () => (globalThis as { finishSlow?: () => void }).finishSlow);
  writeFileSync(join(provider, "index.cjs"), entry(code(2)));
  const { ok } = await reload(client, "provider");
  const after = await client.request("user.get");
  finish();

  assert.equal(ok, true);
  assert.equal(after, 2);
  assert.deepEqual(await slow, { n: 1, open: true });
  assert.equal(stateOf(gateway, "user").generation, 1);
});

test("a provider that is disabled and enabled again serves the users that stayed, though it is lazy", async () => {
  using shop = createWorkshop();
  const provider = shop.plugin("provider", `gateway.provide(defineService("store"), { get: () => 7 });`, {
    provides: ["store"],
    activation: "lazy",
    contributes: {},
  });
  const user = shop.plugin(
    "user",
    `const store = gateway.use(defineService("store"));\n${method("user.get", "store.get()")}`,
    {
      requires: ["store"],
    },
  );
  const load = { paths: [provider, user] };
  await using gateway = await start(shop, enabled(provider, user));
  const client = await gateway.client();

  const before = await client.request("user.get");
  gateway.writeConfig(configured({ load, entries: { user: { enabled: true } } }));
  await reaches(gateway, "provider", "disabled");
  await assert.rejects(client.request("user.get"), { code: "UNAVAILABLE" });
  gateway.writeConfig(configured(enabled(provider, user)));
  await reaches(gateway, "provider", "active");

  assert.equal(before, 7);
  assert.equal(await client.request("user.get"), 7);
  assert.equal(stateOf(gateway, "user").generation, 1);
});

test("R-31 edits that come during a swap are folded into one that follows it", async () => {
  using shop = createWorkshop();
  const folder = shop.plugin(
    "slow",
    `const { word } = gateway.config ?? {};
     (globalThis.words ??= []).push(word);
     if (word === "second") await new Promise((resolve) => (globalThis.goOn = resolve));
     ${method("slow.word", "word")}
     ${method("slow.configured", "gateway.settings.get('plugins.entries.slow.config.word')")}`,
  );
  const write = (word: string) =>
    gateway.writeConfig(
      configured({ load: { paths: [folder] }, entries: { slow: { enabled: true, config: { word } } } }),
    );
  await using gateway = await start(shop, {
    load: { paths: [folder] },
    entries: { slow: { enabled: true, config: { word: "first" } } },
  });
  const client = await gateway.client();
  const words = () => (globalThis as { words?: string[] }).words ?? [];

  write("second");
  const goOn = await eventually("the swap has begun", () => (globalThis as { goOn?: () => void }).goOn);
  for (const word of ["third", "fourth", "fifth"]) {
    write(word);
    await eventually("the edit runs", async () => (await client.request("slow.configured")) === word);
  }
  const during = await client.request("slow.word");
  goOn();
  await eventually("the last edit counts", async () => (await client.request("slow.word")) === "fifth");

  assert.equal(during, "first");
  assert.deepEqual(words(), ["first", "second", "fifth"]);
});

test("a plugin that hangs holds up nobody else's change", async () => {
  using shop = createWorkshop();
  const stuck = shop.plugin("stuck", "if (gateway.config?.hang) await new Promise(() => {});");
  const quick = shop.plugin("quick", method("quick.word", "gateway.config?.word ?? 'none'"));
  const plugins = (hang: boolean, word: string) => ({
    load: { paths: [stuck, quick] },
    entries: { stuck: { enabled: true, config: { hang } }, quick: { enabled: true, config: { word } } },
  });
  await using gateway = await start(shop, plugins(false, "one"));
  const client = await gateway.client();

  gateway.writeConfig(configured(plugins(true, "two")));
  await eventually("the first change", async () => (await client.request("quick.word")) === "two");
  gateway.writeConfig(configured(plugins(true, "three")));
  await eventually("the second change", async () => (await client.request("quick.word")) === "three");
  const hanging = stateOf(gateway, "stuck").state;
  gateway.writeConfig(
    configured({ ...plugins(true, "three"), entries: { quick: { enabled: true, config: { word: "four" } } } }),
  );
  await reaches(gateway, "stuck", "disabled");

  assert.equal(hanging, "active", "the old generation serves meanwhile");
  await eventually("the third change", async () => (await client.request("quick.word")) === "four");
});

test("F-23 an old generation that never drains is closed at its limit, and the list says so", async () => {
  using shop = createWorkshop();
  const folder = shop.plugin(
    "sticky",
    `${method("sticky.hang", "new Promise(() => {})")}\n${method("sticky.get", "1")}`,
  );
  const options = { pluginLimits: { drainMs: 100, disposeMs: 100 } };
  await using gateway = await start(shop, enabled(folder), { options });
  const client = await gateway.client();

  client.request("sticky.hang").catch(() => undefined);
  await client.request("sticky.get");
  const { ok, durationMs } = await reload(client, "sticky");
  const closed = await reaches(gateway, "sticky", "active", "close_incomplete");

  assert.equal(ok, true);
  assert.ok(durationMs < 100, "the new generation did not wait");
  assert.deepEqual(closed.diagnostics, ["1 calls still running after 100 ms"]);
  assert.equal(await client.request("sticky.get"), 1);
});

test("F-24 disposers that throw, reject or hang are passed over, and the plugin is a zombie when it is disabled", async () => {
  using shop = createWorkshop();
  const folder = shop.plugin(
    "messy",
    `globalThis.messyDone = false;
     gateway.own("good", () => { globalThis.messyDone = true; });
     gateway.own("thrower", () => { throw new Error("stuck"); });
     gateway.own("rejecter", async () => { throw new Error("late"); });
     gateway.own("hanger", () => new Promise(() => {}));`,
  );
  const options = { pluginLimits: { disposeMs: 50 } };
  await using gateway = await start(shop, enabled(folder), { options });

  gateway.writeConfig(configured({ load: { paths: [folder] } }));
  const zombie = await reaches(gateway, "messy", "zombie", "close_incomplete");

  assert.deepEqual(zombie.diagnostics, [
    "hanger did not close within 50 ms",
    "rejecter failed to close: late",
    "thrower failed to close: stuck",
  ]);
  assert.equal((globalThis as { messyDone?: boolean }).messyDone, true);
  assert.ok((await gateway.client()).hello);
});

test("a method that is edited into the manifest is announced after a reload", async () => {
  using shop = createWorkshop();
  const folder = shop.plugin("grows", method("grows.one", "1"), offering("grows.one"));
  await using gateway = await start(shop, enabled(folder));
  const client = await gateway.client();
  await client.request("grows.one");

  shop.plugin("grows", method("grows.one", "1") + method("grows.two", "2"), {
    version: "2.0.0",
    ...offering("grows.one", "grows.two"),
  });
  const { ok } = await reload(client, "grows");
  const { version, contributes, diagnostics } = stateOf(gateway, "grows");
  writeFileSync(join(folder, "openclaw.plugin.json"), "{ half");
  const broken = await reload(client, "grows");

  assert.equal(ok, true);
  assert.equal(version, "2.0.0");
  assert.deepEqual(contributes["methods"], ["grows.one", "grows.two"]);
  assert.deepEqual(diagnostics, []);
  assert.match(String(broken.error), /is not JSON/);
  assert.equal(await client.request("grows.two"), 2, "a manifest that does not parse stops nothing that runs");
  assert.equal(stateOf(gateway, "grows").state, "active");
});

async function freePort(): Promise<number> {
  const { createServer } = await import("node:net");
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}

/** What the server on `port` says. */
async function dial(port: number): Promise<string> {
  const { connect } = await import("node:net");
  const socket = connect(port, "127.0.0.1");
  let said = "";
  for await (const chunk of socket) said += String(chunk);
  return said;
}
