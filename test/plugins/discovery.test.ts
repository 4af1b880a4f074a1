import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { startTestGateway } from "openclaw/plugin-sdk/testing";
import type { TestGateway } from "openclaw/plugin-sdk/testing";
import { createWorkshop, enabled, entry, method, start, stateOf } from "./workshop.ts";
import type { Workshop } from "./workshop.ts";

/** A home whose four places each hold plugin `acme`, named after the place in its description. */
function fourCopies(shop: Workshop): { bundled: string; home: string; listed: string } {
  const copy = (place: string, id: string) => shop.plugin(`${place}/${id}`, "", { id: "acme", description: place });
  copy("home/.openclaw/workspace/.openclaw/extensions", "acme");
  copy("home/.openclaw/extensions", "acme");
  // Stock plugins are imported as they are, and only those of the distribution find the SDK.
  writeFileSync(join(copy("bundled/methods", "acme"), "index.cjs"), "module.exports = () => {};");
  return {
    bundled: join(shop.folder, "bundled"),
    home: join(shop.folder, "home"),
    listed: copy("listed", "acme"),
  };
}

function placesOf(gateway: TestGateway): string[] {
  return gateway.run
    .plugins()
    .filter(({ id }) => id === "acme")
    .map(({ origin, state, reason }) => `${origin} ${state} ${reason ?? ""}`.trim());
}

test("the same id is won by load.paths, then the workspace, the state directory and the distribution", async () => {
  using shop = createWorkshop();
  const { bundled, home, listed } = fourCopies(shop);
  const workspace = join(home, ".openclaw/workspace/.openclaw/extensions/acme");
  const installs = { acme: { installPath: workspace } };
  const entries = { acme: { enabled: true } };
  const winners = [
    { plugins: { load: { paths: [listed] }, entries, installs }, origin: "config" },
    { plugins: { entries, installs }, origin: "workspace" },
    { plugins: { entries }, origin: "global" },
    { plugins: {}, origin: "bundled" },
  ];

  for (const { plugins, origin } of winners) {
    await using gateway = await start(shop, plugins, { bundled, home });
    const states = placesOf(gateway);
    assert.equal(stateOf(gateway, "acme").origin, origin);
    assert.equal(stateOf(gateway, "acme").state, "active");
    const others = states.filter((state) => !state.startsWith(origin));
    assert.equal(others.length, states.length - 1);
    for (const other of others) assert.match(other, new RegExp(`shadowed shadowed_by_${origin}$`));
  }
});

test("S-47 the same id twice has the same winner, in whatever order the folders were made", async () => {
  const winners = new Set<string>();
  for (let round = 0; round < 20; round++) {
    using shop = createWorkshop();
    const names = ["alpha", "beta", "gamma", "delta", "omega"].toSorted(() => Math.random() - 0.5);
    for (const name of names) shop.plugin(`extensions/${name}`, "", { id: "twin", description: name });
    const home = join(shop.folder, "home");
    mkdirSync(join(home, ".openclaw"), { recursive: true });
    symlinkSync(join(shop.folder, "extensions"), join(home, ".openclaw/extensions"));
    await using gateway = await start(shop, { entries: { twin: { enabled: true } } }, { home, bundled: shop.folder });
    winners.add(String(stateOf(gateway, "twin").description));
  }

  assert.deepEqual([...winners], ["alpha"]);
});

test("an entry of load.paths is a plugin's folder, an entry file in it, or a folder of plugin folders", async () => {
  using shop = createWorkshop();
  const one = shop.plugin("one", "");
  const two = shop.plugin("two", "");
  shop.plugin("many/three", "");
  shop.plugin("many/four", "");
  shop.write({ "many/notes/readme.txt": "no plugin", "many/.hidden/openclaw.plugin.json": '{"id":"hidden"}' });
  const paths = [one, join(two, "index.cjs"), join(shop.folder, "many")];

  await using gateway = await start(shop, { load: { paths }, allow: ["one", "two", "three", "four"] });

  const listed = gateway.run.plugins().filter(({ origin }) => origin === "config");
  assert.deepEqual(
    listed.map(({ id, state }) => `${id} ${state}`),
    ["four active", "one active", "three active", "two active"],
  );
});

test("a path of load.paths that is not there is told and stops nothing", async () => {
  using shop = createWorkshop();
  const there = shop.plugin("there", "");
  symlinkSync(join(shop.folder, "nowhere"), join(shop.folder, "dangling"));
  const paths = [join(shop.folder, "absent"), join(shop.folder, "dangling"), there];

  await using gateway = await start(shop, { load: { paths }, allow: ["absent", "dangling", "there"] });

  assert.equal(stateOf(gateway, "there").state, "active");
  assert.equal(stateOf(gateway, "absent").reason, "path_missing");
  assert.match(String(stateOf(gateway, "absent").error), /absent does not exist/);
  assert.equal(stateOf(gateway, "dangling").state, "invalid");
});

test("an extension folder that is a file, and a plugin folder behind a link, are no obstacle", async () => {
  using shop = createWorkshop();
  const real = shop.plugin("elsewhere/linked", "");
  const home = join(shop.folder, "home");
  mkdirSync(join(home, ".openclaw/workspace/.openclaw"), { recursive: true });
  writeFileSync(join(home, ".openclaw/workspace/.openclaw/extensions"), "not a folder");
  mkdirSync(join(home, ".openclaw/extensions"));
  symlinkSync(real, join(home, ".openclaw/extensions/linked"));

  await using gateway = await start(shop, { entries: { linked: { enabled: true } } }, { home });

  assert.equal(stateOf(gateway, "linked").state, "active");
  assert.equal(stateOf(gateway, "linked").origin, "global");
});

test("S-46 nothing that is not enabled is imported, wherever it lies", async () => {
  using shop = createWorkshop();
  const marks = join(shop.folder, "marks");
  const marking = (place: string, id: string, manifest: object = {}) => {
    const folder = shop.plugin(`${place}/${id}`, "", manifest);
    const code = `require("node:fs").appendFileSync(${JSON.stringify(marks)}, "${id}\\n");\n${entry("")}`;
    writeFileSync(join(folder, "index.cjs"), code);
    return folder;
  };
  const home = join(shop.folder, "home");
  const listed = marking("listed", "in-load-path");
  marking("home/.openclaw/extensions", "in-state-directory");
  marking("home/.openclaw/workspace/.openclaw/extensions", "in-workspace");
  marking("bundled/ops", "stock-off", { defaultEnabled: false });
  marking("bundled/ops", "stock-denied");
  marking("bundled/ops", "stock-lazy", { contributes: { methods: ["lazy.get"] } });
  marking("here/.openclaw/extensions", "in-current-directory");
  const denied = marking("listed", "switched-off");
  const chosen = marking("listed", "chosen");
  const cwd = process.cwd();
  process.chdir(join(shop.folder, "here"));
  try {
    const plugins = {
      load: { paths: [listed, denied, chosen] },
      deny: ["stock-denied"],
      // A name in the configuration is not enough in a folder that the agent can write to.
      entries: { chosen: { enabled: true }, "switched-off": { enabled: false }, "in-workspace": { enabled: true } },
    };
    await using gateway = await start(shop, plugins, { home, bundled: join(shop.folder, "bundled") });
    await gateway.client();

    const reasons = Object.fromEntries(gateway.run.plugins().map(({ id, reason }) => [id, reason]));
    assert.deepEqual(reasons, {
      chosen: undefined,
      "in-load-path": "not_enabled",
      "in-state-directory": "not_enabled",
      "in-workspace": "source_unrecorded",
      "stock-denied": "denied",
      "stock-lazy": undefined,
      "stock-off": "default_disabled",
      "switched-off": "config_disabled",
    });
  } finally {
    process.chdir(cwd);
  }

  assert.equal(readFileSync(marks, "utf8"), "chosen\n");
});

test("S-47 an entry file outside the plugin's folder is refused, by .. as by a link", async () => {
  using shop = createWorkshop();
  const mark = join(shop.folder, "ran");
  shop.write({ "outside.cjs": `require("node:fs").writeFileSync(${JSON.stringify(mark)}, "");\n${entry("")}` });
  const dotted = shop.plugin("dotted", "", { main: "../outside.cjs" });
  const linked = shop.plugin("linked", "", { main: "main.cjs" });
  symlinkSync(join(shop.folder, "outside.cjs"), join(linked, "main.cjs"));
  const parent = shop.plugin("parent", "", { main: "deep/main.cjs" });
  symlinkSync(shop.folder, join(parent, "deep"));
  const listed = shop.plugin("listed", "");
  shop.write({ "listed/package.json": JSON.stringify({ openclaw: { extensions: ["./../outside.cjs"] } }) });
  const absent = shop.plugin("absent", "", { main: "gone.cjs" });
  const folders = [dotted, linked, parent, listed, absent];

  await using gateway = await start(shop, enabled(...folders));

  const reasons = folders.map((folder) => stateOf(gateway, folder.slice(shop.folder.length + 1)).reason);
  assert.deepEqual(reasons.slice(0, 4), ["entry_outside", "entry_outside", "entry_missing", "entry_outside"]);
  assert.equal(reasons[4], "entry_missing");
  assert.match(String(stateOf(gateway, "dotted").error), /outside\.cjs leads outside .*dotted/);
  assert.equal(existsSync(mark), false);
});

const TROUBLES: readonly { id: string; files: Record<string, string>; reason: string; error: RegExp }[] = [
  { id: "bare", files: { "index.cjs": "" }, reason: "manifest_missing", error: /a plugin folder needs this file/ },
  { id: "garbage", files: { "openclaw.plugin.json": "{ id: x" }, reason: "manifest_invalid", error: /is not JSON/ },
  { id: "nameless", files: { "openclaw.plugin.json": "{}" }, reason: "manifest_invalid", error: /'id'/ },
  { id: "list", files: { "openclaw.plugin.json": "[]" }, reason: "manifest_invalid", error: /must be object/ },
  {
    id: "misshapen",
    files: { "openclaw.plugin.json": '{"id":"misshapen","requires":"store"}' },
    reason: "manifest_invalid",
    error: /: requires: must be array/,
  },
  {
    id: "odd-name",
    files: { "openclaw.plugin.json": '{"id":"../../etc"}' },
    reason: "manifest_invalid",
    error: /: id: must be 1 to 64 letters/,
  },
  {
    id: "any-time",
    files: { "openclaw.plugin.json": '{"id":"any-time","activation":"sometimes"}' },
    reason: "manifest_invalid",
    error: /: activation: must be one of "startup", "lazy"$/,
  },
  {
    id: "scoped",
    files: { "openclaw.plugin.json": '{"id":"scoped","contributes":{"methods":{"scoped.get":"operator.raed"}}}' },
    reason: "manifest_invalid",
    error: /contributes\.methods\.scoped\.get: "operator\.raed" is no scope; use one of operator\.read, /,
  },
  {
    id: "needy",
    files: {
      "openclaw.plugin.json": '{"id":"needy","configSchema":{"type":"object","required":["token"]}}',
      "index.cjs": "module.exports = () => {};",
    },
    reason: "config_invalid",
    error: /^plugins\.entries\.needy\.config: .*'token' \(set plugins\.entries\.needy\.config\.token\)$/,
  },
  {
    id: "kernel",
    files: { "openclaw.plugin.json": '{"id":"kernel"}' },
    reason: "manifest_invalid",
    error: /"kernel" is reserved/,
  },
  {
    id: "huge",
    files: { "openclaw.plugin.json": JSON.stringify({ id: "huge", description: "x".repeat(1_100_000) }) },
    reason: "manifest_invalid",
    error: /larger than 1 MiB/,
  },
  {
    id: "no-range",
    files: { "openclaw.plugin.json": '{"id":"no-range","engines":{"openclaw":"soon"}}' },
    reason: "engines_invalid",
    error: /"soon" is not a version range/,
  },
  {
    id: "from-the-future",
    files: { "openclaw.plugin.json": '{"id":"from-the-future","engines":{"openclaw":">=99"}}' },
    reason: "engines",
    error: /needs plugin SDK >=99, this gateway has \d/,
  },
];

test("a manifest that cannot be used costs its plugin alone, and the list says why", async () => {
  using shop = createWorkshop();
  for (const { id, files } of TROUBLES) {
    for (const [name, text] of Object.entries(files)) shop.write({ [`${id}/${name}`]: text });
  }
  const sound = shop.plugin("sound", "");
  const folders = TROUBLES.map(({ id }) => join(shop.folder, id));

  await using gateway = await start(shop, enabled(...folders, sound));

  for (const { id, reason, error } of TROUBLES) {
    const plugin = stateOf(gateway, id);
    assert.equal(plugin.state, "invalid", id);
    assert.equal(plugin.reason, reason, id);
    assert.match(String(plugin.error), error);
  }
  assert.equal(stateOf(gateway, "sound").state, "active");
});

test("the list is made of manifests: nothing runs for it, and nothing is missing from it", async () => {
  using shop = createWorkshop();
  const mark = join(shop.folder, "ran");
  const folder = shop.plugin("complete", "", {
    name: "Complete",
    description: "Has everything",
    version: "3.2.1",
    engines: { openclaw: "^1.0.0" },
    channels: ["smoke"],
    contributes: {
      methods: { "complete.get": "operator.read" },
      events: ["complete.changed"],
      http: [{ path: "/complete", auth: "gateway" }],
      cli: [{ name: "complete do <what>", summary: "does", module: "./do.ts" }],
      tools: ["complete"],
    },
    later: "a key of another host",
  });
  writeFileSync(join(folder, "index.cjs"), `require("node:fs").writeFileSync(${JSON.stringify(mark)}, "");`);

  await using gateway = await start(shop, enabled(folder));
  const client = await gateway.client();
  const { plugins } = await client.request<{ plugins: Record<string, unknown>[] }>("plugins.list", {});

  assert.deepEqual(
    plugins.find(({ id }) => id === "complete"),
    {
      id: "complete",
      name: "Complete",
      description: "Has everything",
      version: "3.2.1",
      group: "config",
      origin: "config",
      source: folder,
      essential: false,
      enabled: true,
      state: "ready",
      activation: "lazy",
      generation: 0,
      contributes: {
        methods: ["complete.get"],
        events: ["complete.changed"],
        http: ["/complete"],
        cli: ["complete do <what>"],
        channels: ["smoke"],
        tools: ["complete"],
      },
      diagnostics: [],
      unsupported: [],
      faults: 0,
    },
  );
  assert.ok(client.hello?.features.methods.includes("complete.get"));
  assert.ok(client.hello?.features.events.includes("complete.changed"));
  assert.equal(existsSync(mark), false);
});

test("both examples of this repository are found, checked and listed", async () => {
  const examples = new URL("../../examples/", import.meta.url).pathname;

  await using gateway = await startTestGateway({
    config: { plugins: { load: { paths: [examples] }, allow: ["hello-method", "pigeon"] } },
  });

  assert.equal(stateOf(gateway, "hello-method").state, "ready");
  assert.notEqual(stateOf(gateway, "pigeon").state, "invalid");
  const client = await gateway.client();
  assert.deepEqual(await client.request("hello.greet", { name: "Ann" }), { text: "Hello, Ann!" });
});

test("links that lead in a circle cost the plugin they stand for and no other", async () => {
  using shop = createWorkshop();
  const whole = shop.plugin("paths/whole", method("whole.get", "1"));
  mkdirSync(join(shop.folder, "paths", "circular"));
  symlinkSync("openclaw.plugin.json", join(shop.folder, "paths", "circular", "openclaw.plugin.json"));
  symlinkSync("loop", join(shop.folder, "paths", "loop"));

  await using gateway = await start(shop, { ...enabled(whole), load: { paths: [join(shop.folder, "paths")] } });

  assert.equal(await (await gateway.client()).request("whole.get"), 1);
});

test("a plugin from outside imports every module of the SDK that a stock plugin can", async () => {
  using shop = createWorkshop();
  const { exports } = JSON.parse(readFileSync(join(import.meta.dirname, "../../package.json"), "utf8")) as {
    exports: Record<string, unknown>;
  };
  const names = Object.keys(exports)
    .filter((path) => path.startsWith("./plugin-sdk/"))
    .map((path) => path.replace("./", "openclaw/"));
  const sizes = `[${names.map((name) => `Object.keys(require("${name}")).length`).join(", ")}]`;
  const folder = shop.plugin("reader", method("reader.sizes", sizes));

  await using gateway = await start(shop, enabled(folder));

  const found = await (await gateway.client()).request<number[]>("reader.sizes");
  assert.ok(names.length >= 6);
  assert.ok(found.every((size) => size > 0));
  assert.deepEqual(stateOf(gateway, "reader").diagnostics, []);
});
