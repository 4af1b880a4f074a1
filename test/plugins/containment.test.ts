import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { ConnectionError } from "openclaw/plugin-sdk";
import type { GatewayClient } from "openclaw/plugin-sdk";
import { eventually, startTestGateway } from "openclaw/plugin-sdk/testing";
import type { TestGateway } from "openclaw/plugin-sdk/testing";
import { configured, createWorkshop, enabled, method, offering, reaches, start, stateOf } from "./workshop.ts";
import type { Workshop } from "./workshop.ts";

/** Everything a function can do wrong, as source of its body. */
const WAYS = {
  throws: `throw new Error("no luck");`,
  rejects: `return Promise.reject(new Error("no luck"));`,
  "rejects later": `return new Promise((_, reject) => setImmediate(() => reject(new Error("no luck"))));`,
  "throws undefined": `throw undefined;`,
  "throws a string": `throw "no luck";`,
  "throws what cannot be printed": `const o = Object.create(null); o.o = o; throw o;`,
} as const;

const LONG = { timeoutMs: 3_000 };

function page(gateway: TestGateway, path: string): Promise<Response> {
  return fetch(`http://127.0.0.1:${gateway.port}${path}`);
}

for (const [way, body] of Object.entries(WAYS)) {
  test(`F-25 a method that ${way} answers with an error, is counted, and others go on`, async () => {
    using shop = createWorkshop();
    const folder = shop.plugin("bad", `${method("bad.get", `(() => { ${body} })()`)}\n${method("bad.fine", "1")}`);
    await using gateway = await start(shop, enabled(folder));
    const client = await gateway.client();

    await assert.rejects(client.request("bad.get", {}, LONG), {
      code: "UNAVAILABLE",
      details: { code: "INTERNAL_ERROR" },
    });

    assert.equal(await client.request("bad.fine"), 1);
    assert.equal(stateOf(gateway, "bad").faults, 1);
  });

  test(`F-25 a route that ${way} answers 500, and the next request is served`, async () => {
    using shop = createWorkshop();
    const folder = shop.plugin(
      "bad",
      `gateway.route({ path: "/bad", auth: "none", handle: (exchange) => { ${body} } });
       gateway.route({ path: "/fine", auth: "none", handle: (exchange) => exchange.reply(200, "fine") });`,
      { contributes: { http: ["/bad", "/fine"].map((path) => ({ path, auth: "none" })) } },
    );
    await using gateway = await start(shop, enabled(folder));

    const { status } = await page(gateway, "/bad");

    assert.equal(status, 500);
    assert.equal(await (await page(gateway, "/fine")).text(), "fine");
    assert.equal(stateOf(gateway, "bad").faults, 1);
  });

  test(`F-25 a tap on every observer and filter that ${way} disturbs nobody`, async () => {
    using shop = createWorkshop();
    const observers = [
      "pluginState",
      "listening",
      "helloOk",
      "connected",
      "responded",
      "disconnected",
      "configChanged",
      "stopping",
      "stopped",
    ];
    const folder = shop.plugin(
      "bad",
      observers.map((name) => `gateway.hooks.${name}.tap(() => { ${body} });`).join("\n"),
      { activation: "startup" },
    );
    const good = shop.plugin(
      "good",
      `globalThis.heard = [];
       for (const name of ${JSON.stringify(observers)}) gateway.hooks[name].tap((value) => { globalThis.heard.push(name); });`,
      { activation: "startup" },
    );
    const heard = () => new Set((globalThis as { heard?: string[] }).heard);

    {
      await using gateway = await start(shop, enabled(folder, good));
      const client = await gateway.client();
      await client.request("plugins.list", {});
      await client.close();
      gateway.writeConfig({ ...configured(enabled(folder, good)), logging: { level: "debug" } });
      await eventually("configChanged", () => heard().has("configChanged") && heard().has("disconnected"));
      assert.ok(stateOf(gateway, "bad").faults >= 6);
      assert.equal(stateOf(gateway, "good").faults, 0);
    }

    assert.deepEqual([...heard()].toSorted(), observers.toSorted());
  });
}

test("a tap that returns a promise from a synchronous hook is a fault, and its rejection is caught", async () => {
  using shop = createWorkshop();
  const folder = shop.plugin("bad", `gateway.hooks.responded.tap(async () => { throw new Error("too late"); });`);
  await using gateway = await start(shop, enabled(folder));
  const client = await gateway.client();

  await client.request("plugins.list", {});

  // One for the promise, one for what it was rejected with.
  await eventually("both are counted", () => stateOf(gateway, "bad").faults === 2);
});

test("F-27 a method that never answers ends at its deadline: the caller is told, the handler's signal aborts", async () => {
  using shop = createWorkshop();
  const folder = shop.plugin(
    "hung",
    `gateway.method({ name: "hung.get", scope: "operator.read", params: Type.Object({}), timeoutMs: 200,
       handle: (_params, call) => new Promise((resolve) => call.signal.addEventListener("abort", () => resolve((globalThis.hungAborted = true)))) });`,
  );
  await using gateway = await start(shop, enabled(folder));
  const client = await gateway.client();

  await assert.rejects(client.request("hung.get"), {
    code: "UNAVAILABLE",
    details: { code: "TIMEOUT" },
    retryable: true,
  });

  assert.equal((globalThis as { hungAborted?: boolean }).hungAborted, true);
});

test("twenty faults within a minute take a plugin out, and the others go on", async () => {
  using shop = createWorkshop();
  const bad = shop.plugin("bad", method("bad.get", `(() => { throw new Error("no luck"); })()`), offering("bad.get"));
  const good = shop.plugin("good", method("good.get", "1"));
  await using gateway = await start(shop, enabled(bad, good));
  const client = await gateway.client();

  const codes = [];
  for (let n = 0; n < 20; n++) codes.push(await client.request("bad.get").catch(({ code }: { code: string }) => code));
  const { error } = await reaches(gateway, "bad", "failed", "too_many_faults");

  assert.deepEqual(new Set(codes), new Set(["UNAVAILABLE"]));
  assert.match(String(error), /20 faults within 60 s; last in method:bad\.get: Error: no luck/);
  await assert.rejects(client.request("bad.get"), { message: /plugin "bad" is failed/ });
  assert.equal((await gateway.client()).hello?.features.methods.includes("bad.get"), false);
  assert.equal(await client.request("good.get"), 1);
  // The operator may have another go.
  const reloaded = await client.request<{ ok: boolean }>("plugins.reload", { id: "bad" });
  assert.equal(reloaded.ok, true);
  assert.equal(stateOf(gateway, "bad").state, "active");
});

test("only the stock distro can make a plugin part of every gateway: faults take any other out", async () => {
  using shop = createWorkshop();
  const folder = shop.plugin("bad", method("bad.get", `(() => { throw new Error("no luck"); })()`), {
    ...offering("bad.get"),
    essential: true,
  });
  await using gateway = await start(shop, enabled(folder));
  const client = await gateway.client();

  for (let n = 0; n < 20; n++) await client.request("bad.get").catch(() => undefined);

  await reaches(gateway, "bad", "failed", "too_many_faults");
  assert.equal(stateOf(gateway, "bad").essential, false);
  assert.equal(stateOf(gateway, "plugins").essential, true);
});

test("a plugin that is part of every gateway is not disabled over RPC, and the file stays as it is", async () => {
  using shop = createWorkshop();
  await using gateway = await start(shop, {});
  const client = await gateway.client();
  const before = readFileSync(gateway.configPath, "utf8");

  const disabled = client.request("plugins.disable", { id: "config" });

  await assert.rejects(disabled, { code: "INVALID_REQUEST", message: /config is part of every gateway/ });
  assert.equal(readFileSync(gateway.configPath, "utf8"), before);
});

test("refusals and calls that were called off are no faults", async () => {
  using shop = createWorkshop();
  const folder = shop.plugin(
    "strict",
    `${method("strict.get", `(() => { throw new GatewayError("INVALID_REQUEST", "not like this"); })()`)}
     ${method("strict.wait", `new Promise((_, reject) => call.signal.addEventListener("abort", () => reject(call.signal.reason)))`)}`,
  );
  await using gateway = await start(shop, enabled(folder));
  const [client, leaving] = [await gateway.client(), await gateway.client()];

  await assert.rejects(client.request("strict.get"), { code: "INVALID_REQUEST", message: "not like this" });
  leaving.request("strict.wait").catch(() => undefined);
  await leaving.close();
  await assert.rejects(client.request("strict.get"), { message: "not like this" });

  assert.equal(stateOf(gateway, "strict").faults, 0);
});

/** A plugin with one gate, which has the permission for it. */
function gate(shop: Workshop, hook: string, body: string, id = "gate"): string {
  return shop.plugin(id, `gateway.hooks.${hook}.tap((...args) => { ${body} });`, { permissions: ["auth"] });
}

async function refusal(client: Promise<GatewayClient>): Promise<string> {
  const error = await client.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  assert.ok(error instanceof ConnectionError, "the client was let in");
  return error.message;
}

const BROKEN = { ...WAYS, "answers true": "return true;", "answers a number": "return 1;" };

for (const [way, body] of Object.entries(BROKEN)) {
  test(`gates fail closed: authenticate ${way}`, async () => {
    using shop = createWorkshop();
    await using gateway = await start(shop, enabled(gate(shop, "authenticate", body)));

    assert.match(await refusal(gateway.client()), /unauthorized: authentication failed/);
  });

  test(`gates fail closed: authorize, event and upgrade ${way}`, async () => {
    using shop = createWorkshop();
    const folder = shop.plugin(
      "gate",
      `globalThis.armGates = () => { globalThis.gatesAreBroken = true; };
       globalThis.gatesAreBroken = false;
       for (const name of ["authorize", "event", "upgrade"])
         gateway.hooks[name].tap(() => { if (!globalThis.gatesAreBroken) return undefined; ${body} });
       const told = gateway.event("gate.told");
       globalThis.tellGate = () => told({});`,
      { permissions: ["auth"] },
    );
    await using gateway = await start(shop, enabled(folder));
    const client = await gateway.client();
    const events: string[] = [];
    client.on("event", ({ event }) => events.push(event));
    const { armGates, tellGate } = globalThis as unknown as { armGates: () => void; tellGate: () => void };

    tellGate();
    await eventually("the event", () => events.includes("gate.told"));
    await client.request("plugins.list", {});
    armGates();
    tellGate();
    // A gate of synchronous kind cannot say "later".
    await assert.rejects(client.request("plugins.list", {}), { code: "UNAVAILABLE", message: "authorization failed" });
    await refusal(gateway.client());

    assert.deepEqual(
      events.filter((event) => event === "gate.told"),
      ["gate.told"],
    );
  });
}

test("a gate that says null has said nothing: the gate behind it decides", async () => {
  using shop = createWorkshop();
  const lax = gate(shop, "authorize", "return null;", "lax");
  const strict = gate(
    shop,
    "authorize",
    `if (args[0].method === "plugins.list") return { message: "not you" };`,
    "strict",
  );
  await using gateway = await start(shop, enabled(lax, strict));
  const client = await gateway.client();

  await assert.rejects(client.request("plugins.list", {}), { code: "INVALID_REQUEST", message: "not you" });
});

test("a filter that says null leaves the value as it is", async () => {
  using shop = createWorkshop();
  const folder = shop.plugin("filter", `gateway.hooks.helloOk.tap(() => null);`, { activation: "startup" });
  await using gateway = await start(shop, enabled(folder));

  assert.equal((await gateway.client()).hello?.protocol, 3);
});

test("S-49 what a manifest does not permit is refused, counted and listed", async () => {
  using shop = createWorkshop();
  const deeds = {
    config: `gateway.use(require("openclaw/plugin-sdk").Config);`,
    plugins: `gateway.use(require("openclaw/plugin-sdk").Plugins);`,
    gateway: `gateway.use(require("openclaw/plugin-sdk").Gateway);`,
    authenticate: `gateway.hooks.authenticate.tap(() => ({ ok: true }));`,
    authorize: `gateway.hooks.authorize.tap(() => undefined);`,
    upgrade: `gateway.hooks.upgrade.tap(() => "taken");`,
    event: `gateway.hooks.event.tap(() => undefined);`,
    guard: `gateway.hooks.method.for("config.set").tap({ stage: -1 }, (call) => ({ stolen: call.params }));`,
    mount: `gateway.hooks.http.for("/v1").tap({ stage: -1, auth: "gateway" }, () => true);`,
  };
  const folders = Object.entries(deeds).map(([id, body]) => shop.plugin(`by-${id}`, body));
  await using gateway = await start(shop, enabled(...folders));

  for (const id of Object.keys(deeds)) {
    const { state, reason, error, faults } = stateOf(gateway, `by-${id}`);
    assert.deepEqual([state, reason, faults], ["failed", "permission_denied", 1], id);
    assert.match(String(error), new RegExp(`plugin "by-${id}" may not use .*; its manifest lacks permission "`));
  }
});

test("a plugin may guard its own methods, and with the permission those of others", async () => {
  using shop = createWorkshop();
  const own = shop.plugin(
    "own",
    `gateway.hooks.method.for("own.get").tap({ stage: -1 }, () => { throw new GatewayError("INVALID_REQUEST", "guarded"); });
     ${method("own.get", "1")}`,
    offering("own.get"),
  );
  const other = shop.plugin(
    "other",
    `gateway.hooks.method.for("plugins.list").tap({ stage: -1 }, () => { throw new GatewayError("INVALID_REQUEST", "not now"); });`,
    { permissions: ["auth"] },
  );
  await using gateway = await start(shop, enabled(own, other));
  const client = await gateway.client();

  await assert.rejects(client.request("own.get"), { message: "guarded" });
  await assert.rejects(client.request("plugins.list", {}), { message: "not now" });
});

test("names of the kernel, of the distribution and of others cannot be taken, active or not; both owners are named", async () => {
  using shop = createWorkshop();
  const thefts: readonly (readonly [string, string, RegExp])[] = [
    [
      "method",
      method("health", "({ ok: true })"),
      /method "health" belongs to plugin "system"; "thief-method" cannot take it/,
    ],
    ["lazy", method("config.get", "1"), /method "config\.get" belongs to plugin "config"; "thief-lazy" cannot take it/],
    [
      "owned",
      method("victim.get", "1"),
      /method "victim\.get" belongs to plugin "victim"; "thief-owned" cannot take it/,
    ],
    [
      "event",
      `gateway.event("presence");`,
      /event "presence" belongs to plugin "system"; "thief-event" cannot take it/,
    ],
    [
      "kernel-event",
      `gateway.event("shutdown");`,
      /event "shutdown" belongs to "kernel"; "thief-kernel-event" cannot take it/,
    ],
    [
      "service",
      `gateway.provide(defineService("system"), {});`,
      /service "system" belongs to plugin "system"; "thief-service" cannot take it/,
    ],
    [
      "kernel-service",
      `gateway.provide(require("openclaw/plugin-sdk").Config, {});`,
      /service "config" belongs to the kernel; "thief-kernel-service" cannot take it/,
    ],
    [
      "route",
      `gateway.route({ path: "/victim", auth: "gateway", handle() {} });`,
      /http "\/victim" belongs to plugin "victim"; "thief-route" cannot take it/,
    ],
  ];
  const victim = shop.plugin("victim", "", {
    contributes: { methods: ["victim.get"], http: [{ path: "/victim", auth: "gateway" }] },
  });
  const thieves = thefts.map(([name, body]) => shop.plugin(`thief-${name}`, body));
  await using gateway = await startTestGateway({ config: configured(enabled(victim, ...thieves)) });

  for (const [name, , error] of thefts) {
    const plugin = await reaches(gateway, `thief-${name}`, "failed");
    assert.match(String(plugin.error), error);
  }
  assert.equal(typeof (await (await gateway.client()).request<{ ok: boolean }>("health", {})).ok, "boolean");
});

test("announcing a stock name in a manifest takes nothing either", async () => {
  using shop = createWorkshop();
  const thief = shop.plugin("thief", method("plugins.list", `({ plugins: [] })`), {
    contributes: { methods: { "plugins.list": "operator.read" } },
  });
  await using gateway = await start(shop, enabled(thief));
  const { plugins } = await (await gateway.client()).request<{ plugins: unknown[] }>("plugins.list", {});

  assert.ok(plugins.length > 0);
  assert.notEqual(stateOf(gateway, "thief").state, "active");
});

test("a method that does not say who may call it is refused, and so is a route that does not say who may reach it", async () => {
  using shop = createWorkshop();
  const cases = {
    scopeless: [
      `gateway.method({ name: "x.get", params: Type.Object({}), handle: () => 1 });`,
      /method "x\.get" needs a scope: one of operator/,
    ],
    "odd-scope": [
      `gateway.method({ name: "x.get", scope: "root", params: Type.Object({}), handle: () => 1 });`,
      /needs a scope/,
    ],
    bare: [`gateway.hooks.method.for("x.get").tap(() => 1);`, /needs a scope/],
    authless: [`gateway.route({ path: "/x", handle() {} });`, /route \/x needs auth/],
    "secretly-public": [
      `gateway.route({ path: "/x", auth: "none", handle() {} });`,
      /or auth "none" here and in contributes\.http/,
    ],
  } as const;
  const folders = Object.entries(cases).map(([id, [body]]) => shop.plugin(id, body));
  await using gateway = await start(shop, enabled(...folders));

  for (const [id, [, error]] of Object.entries(cases))
    assert.match(String((await reaches(gateway, id, "failed")).error), error);
});

test("the configuration a plugin sees is frozen, at every depth", async () => {
  using shop = createWorkshop();
  const folder = shop.plugin(
    "meddler",
    `const attempt = (deed) => { try { deed(); return "done"; } catch (error) { return error.constructor.name; } };
     ${method(
       "meddler.try",
       `[
         attempt(() => { "use strict"; gateway.config.list.push(1); }),
         attempt(() => { "use strict"; gateway.config.deep.er = 1; }),
         attempt(() => { "use strict"; gateway.settings.get("gateway").auth.token = "mine"; }),
         attempt(() => { "use strict"; gateway.settings.get("plugins.entries").meddler.enabled = false; }),
       ]`,
     )}`,
  );
  const entry = { enabled: true, config: { list: [], deep: { er: 0 } } };
  await using gateway = await start(shop, { load: { paths: [folder] }, entries: { meddler: entry } });

  const outcomes = await (await gateway.client()).request("meddler.try");

  assert.deepEqual(outcomes, ["TypeError", "TypeError", "TypeError", "TypeError"]);
  assert.ok((await gateway.client()).hello, "the token is what it was");
});

test("a plugin that logs or throws anything at all costs no line but its own", async () => {
  using shop = createWorkshop();
  const folder = shop.plugin(
    "chatty",
    `const circle = {}; circle.circle = circle;
     gateway.log.info("circle", circle);
     gateway.log.warn("big", { n: 10n });
     gateway.log.error(new Error("an error as a message"));
     gateway.log.info(undefined);
     gateway.log.info({ an: "object" }, null);
     gateway.log.error("a getter", { get trap() { throw new Error("trap"); } });
     ${method("chatty.get", "1")}`,
  );
  await using gateway = await start(shop, enabled(folder));

  assert.equal(stateOf(gateway, "chatty").state, "active", stateOf(gateway, "chatty").error);
  assert.equal(await (await gateway.client()).request("chatty.get"), 1);
});

test("an answer that JSON cannot hold is an error of that call alone", async () => {
  using shop = createWorkshop();
  const folder = shop.plugin(
    "odd",
    `const circle = {}; circle.circle = circle;
     ${method("odd.circle", "circle")}\n${method("odd.big", "10n")}\n${method("odd.nothing", "undefined")}\n${method("odd.null", "null")}`,
  );
  await using gateway = await start(shop, enabled(folder));
  const client = await gateway.client();

  await assert.rejects(client.request("odd.circle"), { code: "UNAVAILABLE" });
  await assert.rejects(client.request("odd.big"), { code: "UNAVAILABLE" });
  assert.equal(await client.request("odd.nothing"), undefined);
  assert.equal(await client.request("odd.null"), null);
});

test("a disk that refuses fails the calls that write with a reason, switches nobody off, and they work again after", async () => {
  using shop = createWorkshop();
  const refused = `globalThis.diskIsBack ? 1 : Promise.reject(Object.assign(new Error("EROFS: read-only file system, open 'x'"), { code: "EROFS", path: "x" }))`;
  const folder = shop.plugin("writer", method("writer.write", refused), offering("writer.write"));
  await using gateway = await start(shop, enabled(folder));
  const client = await gateway.client();

  for (let i = 0; i < 30; i++) {
    await assert.rejects(client.request("writer.write"), {
      code: "UNAVAILABLE",
      message: "the gateway cannot use its disk: its file system is read-only; mount it writable (the log says where)",
      retryable: true,
    });
  }
  (globalThis as { diskIsBack?: boolean }).diskIsBack = true;

  assert.equal(await client.request("writer.write"), 1);
  const { state, faults, diagnostics } = stateOf(gateway, "writer");
  assert.deepEqual({ state, faults, count: diagnostics.length }, { state: "active", faults: 0, count: 1 });
});
