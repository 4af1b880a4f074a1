import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { GatewayClient } from "openclaw/plugin-sdk";
import { eventually } from "openclaw/plugin-sdk/testing";
import { configured, createWorkshop, enabled, entry, method, offering, reaches, start, stateOf } from "./workshop.ts";
import type { Workshop } from "./workshop.ts";

const TOKEN = "test-token-0123456789abcdef";
/** Ends hanging activations early. */
const SHORT = { options: { pluginLimits: { activateMs: 150 } } };

const FAILURES: readonly { name: string; files: Record<string, string>; error: RegExp }[] = [
  {
    name: "throws",
    files: { "index.cjs": entry(`throw new Error("no luck");`) },
    error: /^Error: no luck \(index\.cjs:3\)$/,
  },
  {
    name: "rejects",
    files: { "index.cjs": entry(`await null; throw new TypeError("later");`) },
    error: /^TypeError: later \(index\.cjs:3\)$/,
  },
  { name: "throws nothing", files: { "index.cjs": entry(`throw undefined;`) }, error: /^undefined$/ },
  {
    name: "throws a circle",
    files: { "index.cjs": entry(`const o = Object.create(null); o.o = o; throw o;`) },
    error: /cannot be printed/,
  },
  {
    name: "hangs",
    files: { "index.cjs": entry(`await new Promise(() => {});`) },
    error: /activation took longer than 150 ms/,
  },
  {
    name: "hangs while it is imported",
    files: { "index.mjs": "await new Promise(() => {}); export default () => {};" },
    error: /import took longer than 150 ms/,
  },
  {
    name: "has a syntax error",
    files: { "index.ts": "export default definePlugin((;" },
    error: /ParseError.*index\.ts|Unexpected token/s,
  },
  {
    name: "imports what is not there",
    files: { "index.ts": `import "./gone.ts"; export default () => {};` },
    error: /Cannot find module.*gone\.ts/,
  },
  {
    name: "imports a library that is not installed",
    files: { "index.cjs": `require("no-such-library");` },
    error: /Cannot find module 'no-such-library'/,
  },
  {
    name: "throws at top level",
    files: { "index.mjs": `throw new Error("on import"); export default () => {};` },
    error: /^Error: on import \(index\.mjs:1\)$/,
  },
  {
    name: "exports nothing of use",
    files: { "index.mjs": "export const plugin = 1;" },
    error: /plugin export missing register\/activate/,
  },
  {
    name: "exports null",
    files: { "index.cjs": "module.exports = null;" },
    error: /plugin export missing register\/activate/,
  },
  { name: "has no entry file", files: { "readme.md": "" }, error: /has no entry file \(index\.ts or index\.js\)/ },
  {
    name: "has a package.json that is not JSON",
    files: { "package.json": "{", "index.cjs": entry("") },
    error: /package\.json is not JSON/,
  },
];

/** A plugin that serves beside the failing one. */
function witness(shop: Workshop): string {
  return shop.plugin("witness", method("witness.get", "({ fine: true })"), offering("witness.get"));
}

for (const { name, files, error } of FAILURES) {
  test(`a plugin that ${name} fails alone and says why`, async () => {
    using shop = createWorkshop();
    shop.write({ "acme/openclaw.plugin.json": '{"id":"acme"}' });
    for (const [file, text] of Object.entries(files)) shop.write({ [`acme/${file}`]: text });

    await using gateway = await start(shop, enabled(join(shop.folder, "acme"), witness(shop)), SHORT);
    const acme = await reaches(gateway, "acme", "failed");
    const client = await gateway.client();

    assert.match(String(acme.error), error);
    assert.notEqual(acme.reason, undefined);
    assert.equal(acme.generation, 0);
    assert.deepEqual(await client.request("witness.get"), { fine: true });
  });
}

test("R-28 the code of a plugin runs once for each activation, whatever kind of module it is", async () => {
  using shop = createWorkshop();
  const marks = join(shop.folder, "marks");
  const mark = (name: string) => `require("node:fs").appendFileSync(${JSON.stringify(marks)}, "${name} ");`;
  const kinds = { cjs: "index.cjs", js: "index.js", mjs: "index.mjs", ts: "index.ts" };
  const folders = Object.entries(kinds).map(([id, file]) => {
    shop.write({ [`${id}/openclaw.plugin.json`]: JSON.stringify({ id }) });
    const head =
      file.endsWith("js") && !file.endsWith("mjs")
        ? ""
        : `import { createRequire } from "node:module"; const require = createRequire(import.meta.url);`;
    const body = `${mark(id)}\nthrow new Error("after the mark");`;
    shop.write({ [`${id}/${file}`]: `${head}\n${body}` });
    return join(shop.folder, id);
  });

  await using gateway = await start(shop, enabled(...folders));
  for (const id of Object.keys(kinds)) await reaches(gateway, id, "failed");

  assert.deepEqual(readFileSync(marks, "utf8").trim().split(" ").toSorted(), ["cjs", "js", "mjs", "ts"]);
});

test("what a plugin has added by the time it fails is taken back", async () => {
  using shop = createWorkshop();
  const folder = shop.plugin(
    "half",
    `globalThis.halfway = { ticks: 0, disposed: false };
     ${method("half.get", "1")}
     gateway.setInterval(() => globalThis.halfway.ticks++, 1);
     gateway.own("socket", () => { globalThis.halfway.disposed = true; });
     throw new Error("half way");`,
  );
  const halfway = () => (globalThis as { halfway?: { ticks: number; disposed: boolean } }).halfway;

  await using gateway = await start(shop, enabled(folder));
  await reaches(gateway, "half", "failed");
  const client = await gateway.client();

  await eventually("the socket is closed", () => halfway()?.disposed);
  assert.equal(client.hello?.features.methods.includes("half.get"), false);
  await assert.rejects(client.request("half.get"), { message: "unknown method: half.get" });
  assert.equal(halfway()?.ticks, 0);
});

test("what a plugin adds after it was given up is refused, and it stays failed", async () => {
  using shop = createWorkshop();
  const folder = shop.plugin(
    "late",
    `globalThis.late = {};
     await new Promise((resolve) => (globalThis.late.wake = resolve));
     try { ${method("late.get", "1")} } catch (error) { globalThis.late.error = error.message; }`,
  );
  const late = () => (globalThis as { late?: { wake?: () => void; error?: string } }).late;

  await using gateway = await start(shop, enabled(folder), SHORT);
  await reaches(gateway, "late", "failed");
  late()?.wake?.();

  const error = await eventually("the late registration", () => late()?.error);
  assert.match(error, /plugin "late" is closed; cannot add method late\.get/);
  assert.equal(stateOf(gateway, "late").state, "failed");
});

test("a service that nobody provides fails its user, who comes up once somebody does", async () => {
  using shop = createWorkshop();
  const user = shop.plugin(
    "user",
    `const weather = gateway.use(defineService("weather"));\n${method("user.ask", "weather.today()")}`,
    {
      requires: ["weather"],
    },
  );
  const provider = shop.plugin("provider", `gateway.provide(defineService("weather"), { today: () => "sun" });`, {
    provides: ["weather"],
  });
  const alone = { ...enabled(user, provider), entries: { user: { enabled: true } } };

  await using gateway = await start(shop, alone);
  const before = stateOf(gateway, "user");
  gateway.writeConfig(configured(enabled(user, provider)));
  await reaches(gateway, "user", "active");

  assert.equal(before.state, "failed");
  assert.equal(before.reason, "missing_dependency");
  assert.equal(before.error, 'requires service "weather", which no enabled plugin provides');
  assert.equal(await (await gateway.client()).request("user.ask"), "sun");
});

test("a provider that fails fails its users with the reason, and nobody else", async () => {
  using shop = createWorkshop();
  const provider = shop.plugin("provider", `throw new Error("no sky");`, { provides: ["weather"] });
  const user = shop.plugin("user", "", { requires: ["weather"] });

  await using gateway = await start(shop, enabled(provider, user, witness(shop)));

  const failed = await reaches(gateway, "user", "failed", "missing_dependency");
  assert.match(String(failed.error), /requires service "weather" of plugin "provider", which failed: no sky/);
  assert.deepEqual(await (await gateway.client()).request("witness.get"), { fine: true });
});

test("plugins that require each other come up side by side", async () => {
  using shop = createWorkshop();
  const one = (id: string, other: string) =>
    shop.plugin(
      id,
      `gateway.provide(defineService("${id}"), { name: () => "${id}" });
       const other = gateway.use(defineService("${other}"));
       ${method(`${id}.other`, "other.name()")}`,
      { provides: [id], requires: [other] },
    );
  const [hen, egg, chick] = [one("hen", "egg"), one("egg", "chick"), one("chick", "hen")];

  await using gateway = await start(shop, enabled(hen, egg, chick));
  const client = await gateway.client();

  assert.equal(await client.request("hen.other"), "egg");
  assert.equal(await client.request("egg.other"), "chick");
  assert.equal(await client.request("chick.other"), "hen");
});

test("lazy: first uses at the same time activate once, and the list tells the time it took", async () => {
  using shop = createWorkshop();
  const mark = join(shop.folder, "ran");
  const folder = shop.plugin(
    "lazy",
    `require("node:fs").appendFileSync(${JSON.stringify(mark)}, "x");
     await new Promise((resolve) => setImmediate(resolve));
     ${method("lazy.get", "({ n: 1 })")}`,
    offering("lazy.get"),
  );

  await using gateway = await start(shop, enabled(folder));
  const client = await gateway.client();
  const before = stateOf(gateway, "lazy");
  const ranBefore = existsSync(mark);
  const answers = await Promise.all(Array.from({ length: 20 }, () => client.request("lazy.get")));

  assert.deepEqual([before.state, before.activation, before.loadMs], ["ready", "lazy", undefined]);
  assert.equal(ranBefore, false);
  assert.equal(answers.length, 20);
  assert.equal(readFileSync(mark, "utf8"), "x");
  const after = stateOf(gateway, "lazy");
  assert.deepEqual([after.state, after.generation], ["active", 1]);
  assert.ok((after.loadMs ?? -1) >= 0);
});

test("lazy: an HTTP route that the manifest announces activates its plugin", async () => {
  using shop = createWorkshop();
  const folder = shop.plugin(
    "page",
    `gateway.route({ path: "/page", auth: "none", handle: (exchange) => exchange.reply(200, "here") });`,
    { contributes: { http: [{ path: "/page", auth: "none" }] } },
  );

  await using gateway = await start(shop, enabled(folder));
  const before = stateOf(gateway, "page").state;
  const response = await fetch(`http://127.0.0.1:${gateway.port}/page`);

  assert.equal(before, "ready");
  assert.equal(await response.text(), "here");
  assert.equal(stateOf(gateway, "page").state, "active");
});

test("lazy: what a service's own table is asked for activates the plugin that announces it", async () => {
  using shop = createWorkshop();
  const teller = shop.plugin(
    "teller",
    `const { KeyedHook } = require("openclaw/plugin-sdk");
     const Tales = defineService("tales", () => ({ tale: new KeyedHook(["listener"], "tales.tale", "commands") }));
     const { tale } = gateway.provide(Tales, {});
     ${method("teller.tell", `(await (await tale.resolve("wolf")).hook.promise("me"))`)}`,
    { provides: ["tales"], ...offering("teller.tell") },
  );
  const wolf = shop.plugin(
    "wolf",
    `const { KeyedHook } = require("openclaw/plugin-sdk");
     const Tales = defineService("tales", () => ({ tale: new KeyedHook(["listener"], "tales.tale", "commands") }));
     gateway.hooks.of(Tales).tale.for("wolf").tap({}, (listener) => "howl, " + listener);`,
    { requires: ["tales"], contributes: { commands: ["wolf"] } },
  );

  await using gateway = await start(shop, enabled(teller, wolf));
  const before = stateOf(gateway, "wolf").state;
  const told = await (await gateway.client()).request("teller.tell");

  assert.equal(before, "ready");
  assert.equal(told, "howl, me");
  assert.equal(stateOf(gateway, "wolf").state, "active");
});

test("lazy: a plugin that fails on first use answers with the reason, and again without running again", async () => {
  using shop = createWorkshop();
  const mark = join(shop.folder, "ran");
  const folder = shop.plugin(
    "lazy",
    `require("node:fs").appendFileSync(${JSON.stringify(mark)}, "x"); throw new Error("no luck");`,
    offering("lazy.get"),
  );

  await using gateway = await start(shop, enabled(folder));
  const client = await gateway.client();
  const refusal = { code: "UNAVAILABLE", details: { code: "PLUGIN_FAILED" } };

  await assert.rejects(client.request("lazy.get"), { ...refusal, message: /no luck/ });
  await assert.rejects(client.request("lazy.get"), { ...refusal, message: /plugin "lazy" is failed: Error: no luck/ });
  assert.equal(readFileSync(mark, "utf8"), "x");
  assert.equal(stateOf(gateway, "lazy").reason, "activate_failed");
});

test("S-49 a method that a manifest with methods does not list is refused, and the list says why", async () => {
  using shop = createWorkshop();
  const body = `${method("vague.promised", "1")} ${method("vague.extra", "1")}`;
  const folder = shop.plugin("vague", body, offering("vague.promised"));
  await using gateway = await start(shop, enabled(folder));
  const client = await gateway.client();

  await assert.rejects(client.request("vague.promised"), { details: { code: "PLUGIN_FAILED" } });
  await assert.rejects(client.request("vague.extra"), { message: /^unknown method: vague\.extra/ });

  const { state, reason, error, faults } = stateOf(gateway, "vague");
  assert.deepEqual({ state, reason, faults }, { state: "failed", reason: "permission_denied", faults: 1 });
  assert.match(String(error), /may not offer method "vague\.extra"; its manifest lacks it in contributes\.methods/);
});

test("a method announced and not registered is unknown, and that is told", async () => {
  using shop = createWorkshop();
  const folder = shop.plugin("vague", "", offering("vague.promised"));

  await using gateway = await start(shop, enabled(folder));
  const client = await gateway.client();

  await assert.rejects(client.request("vague.promised"), { message: "unknown method: vague.promised" });
  const { diagnostics, contributes } = stateOf(gateway, "vague");
  assert.deepEqual(diagnostics, ['method "vague.promised" is declared in the manifest of "vague" but not registered']);
  assert.deepEqual(contributes["methods"], ["vague.promised"]);
});

test("R-20 the gateway answers while a plugin takes its time to start", async () => {
  using shop = createWorkshop();
  const home = join(shop.folder, "home");
  const slow = shop.plugin("slow", `await new Promise((resolve) => (globalThis.wakeSlow = resolve));`);
  const wake = () => (globalThis as { wakeSlow?: () => void }).wakeSlow;

  const starting = start(shop, enabled(slow, witness(shop)), { home });
  await eventually("the plugin is being activated", wake);
  const { url } = JSON.parse(readFileSync(join(home, ".openclaw/gateway.json"), "utf8")) as { url: string };
  const client = new GatewayClient({
    url,
    token: TOKEN,
    client: { id: "test", version: "1", platform: "test", mode: "test" },
  });
  const startedAt = performance.now();
  await client.connect();
  const answer = await client.request("witness.get");
  const waitedMs = performance.now() - startedAt;
  await client.close();
  wake()?.();
  await using gateway = await starting;

  assert.deepEqual(answer, { fine: true });
  // A first client waits a moment for plugins that shape its first answer.
  assert.ok(waitedMs < 1_500, `${waitedMs} ms`);
  assert.equal(stateOf(gateway, "slow").state, "active");
});
