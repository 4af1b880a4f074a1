import assert from "node:assert/strict";
import {
  appendFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { eventually } from "openclaw/plugin-sdk/testing";
import type { TestGateway } from "openclaw/plugin-sdk/testing";
import { createWorkshop, enabled, method, start, stateOf } from "../plugins/workshop.ts";
import type { Workshop } from "../plugins/workshop.ts";

const AUTH = { mode: "local", auth: { token: "test-token-0123456789abcdef" } };

interface Options {
  readonly reload?: object;
  readonly debounceMs?: number;
}

/** Text of a configuration whose hot value is `word` and in which plugin `acme` is given `word` too. */
function text(shop: Workshop, word: string, { reload, debounceMs = 10 }: Options = {}): string {
  const plugins = enabled(join(shop.folder, "acme"));
  plugins.entries["acme"] = { enabled: true, config: { word } };
  const gateway = { ...AUTH, reload: { debounceMs, ...reload }, hostNames: [`${word}.example`] };
  return `${JSON.stringify({ gateway, plugins }, null, 2)}\n`;
}

function acme(shop: Workshop): void {
  shop.plugin(
    "acme",
    method("acme.word", `({ own: gateway.config.word, hot: gateway.settings.get("gateway.hostNames")[0] })`),
  );
}

async function begin(shop: Workshop, options: Options = {}, restarts: string[] = []) {
  acme(shop);
  const onRestart = (reason: string) => void restarts.push(reason);
  const gateway = await start(shop, {}, { config: text(shop, "one", options), options: { onRestart } });
  const client = await gateway.client();
  return { gateway, client, word: () => client.request<{ own: string; hot: string }>("acme.word") };
}

function logged({ run }: TestGateway, pattern: RegExp): string[] {
  const lines = readFileSync(String(run.state().logFile), "utf8").split("\n");
  return lines.filter((line) => pattern.test(line));
}

interface Snapshot {
  readonly valid: boolean;
  readonly issues: { readonly message: string }[];
}

const EDITS: readonly { name: string; edit: (path: string, next: string, shop: Workshop) => void }[] = [
  { name: "written in place", edit: (path, next) => writeFileSync(path, next) },
  {
    name: "renamed over",
    edit: (path, next) => {
      writeFileSync(`${path}.new`, next);
      renameSync(`${path}.new`, path);
    },
  },
  {
    name: "deleted and created again",
    edit: (path, next) => {
      unlinkSync(path);
      writeFileSync(path, next);
    },
  },
  {
    name: "truncated, then written",
    edit: (path, next) => {
      truncateSync(path);
      writeFileSync(path, next);
    },
  },
  {
    name: "replaced by a link",
    edit: (path, next, shop) => {
      const target = shop.write({ "elsewhere/real.json": next });
      symlinkSync(target, `${path}.new`);
      renameSync(`${path}.new`, path);
    },
  },
];

for (const { name, edit } of EDITS) {
  test(`an edit is followed when the file is ${name}`, async () => {
    using shop = createWorkshop();
    const { gateway, word } = await begin(shop);
    await using _ = gateway;

    edit(gateway.configPath, text(shop, "two"), shop);
    await eventually("the edit", async () => (await word()).own === "two");
    edit(gateway.configPath, text(shop, "three"), shop);
    await eventually("the next edit", async () => (await word()).own === "three");

    assert.deepEqual(await word(), { own: "three", hot: "three.example" });
  });
}

test("a configuration behind a link is followed: its target written, the link changed, a folder swapped under it", async () => {
  using shop = createWorkshop();
  acme(shop);
  const home = join(shop.folder, "home");
  shop.write({ "mounted/v1/openclaw.json": text(shop, "one"), "mounted/v2/openclaw.json": text(shop, "two") });
  symlinkSync("v1", join(shop.folder, "mounted/current"));
  mkdirSync(join(home, ".openclaw"), { recursive: true });
  symlinkSync(join(shop.folder, "mounted/current/openclaw.json"), join(home, ".openclaw/openclaw.json"));
  await using gateway = await start(shop, undefined, { home });
  const client = await gateway.client();
  const word = async () => (await client.request<{ own: string }>("acme.word")).own;

  const first = await word();
  shop.write({ "mounted/v1/openclaw.json": text(shop, "written") });
  await eventually("the target was written", async () => (await word()) === "written");
  symlinkSync("v2", join(shop.folder, "mounted/next"));
  renameSync(join(shop.folder, "mounted/next"), join(shop.folder, "mounted/current"));
  rmSync(join(shop.folder, "mounted/v1"), { recursive: true });
  await eventually("the folder was swapped", async () => (await word()) === "two");
  shop.write({ "mounted/v2/openclaw.json": text(shop, "again") });
  await eventually("the new target was written", async () => (await word()) === "again");

  assert.equal(first, "one");
});

test("an included file is followed, also one that was included later, and one that was missing", async () => {
  using shop = createWorkshop();
  const { gateway, client } = await begin(shop);
  await using _ = gateway;
  const names = () => client.request<{ hot: string }>("acme.word").then(({ hot }) => hot);
  const root = text(shop, "one").replace(
    /"hostNames": \[[^\]]*\]/,
    `"hostNames": { "$include": "./parts/names.json5" }`,
  );
  const write = (name: string) => {
    mkdirSync(join(gateway.stateDir, "parts"), { recursive: true });
    writeFileSync(join(gateway.stateDir, "parts/names.json5"), `["${name}.example"]`);
  };

  mkdirSync(join(gateway.stateDir, "parts"));
  writeFileSync(gateway.configPath, root);
  await eventually("the missing file is told", () => gateway.run.state().issues.length === 1);
  const meanwhile = await names();
  write("parts");
  await eventually("it is there now", async () => (await names()) === "parts.example");
  write("edited");
  await eventually("it was edited", async () => (await names()) === "edited.example");

  assert.equal(meanwhile, "one.example");
  assert.deepEqual(gateway.run.state().issues, []);
});

const BAD_FILES: readonly { name: string; spoil: (path: string) => void; told: RegExp }[] = [
  {
    name: "text that does not parse",
    spoil: (path) => writeFileSync(path, "{ gateway: "),
    told: /JSON5: invalid end of input/,
  },
  {
    name: "a wrong value",
    spoil: (path) => writeFileSync(path, `{ gateway: { port: "x" } }`),
    told: /gateway\.port.*must be integer/,
  },
  { name: "no object", spoil: (path) => writeFileSync(path, "[]"), told: /must be an object/ },
  {
    name: "five megabytes",
    spoil: (path) => writeFileSync(path, `"${"x".repeat(5_000_000)}"`),
    told: /larger than 4 MiB/,
  },
  {
    name: "a directory",
    spoil: (path) => {
      unlinkSync(path);
      mkdirSync(path);
    },
    told: /EISDIR/,
  },
];

for (const { name, spoil, told } of BAD_FILES) {
  test(`F-13 ${name} keeps the running configuration, is told once, and is forgotten with the next good file`, async () => {
    using shop = createWorkshop();
    const { gateway, client, word } = await begin(shop);
    await using _ = gateway;
    const snapshot = () => client.request<Snapshot>("config.get", {});

    spoil(gateway.configPath);
    const [issue] = await eventually(
      "it is told",
      () => gateway.run.state().issues.length > 0 && gateway.run.state().issues,
    );
    const bad = await snapshot();
    const meanwhile = await word();
    rmSync(gateway.configPath, { recursive: true });
    writeFileSync(gateway.configPath, text(shop, "two"));
    await eventually("all is well", async () => (await word()).own === "two");

    assert.match(`${issue?.path}: ${issue?.message}`, told);
    assert.equal(bad.valid, false);
    assert.match(JSON.stringify(bad.issues), told);
    assert.deepEqual(meanwhile, { own: "one", hot: "one.example" });
    assert.deepEqual(gateway.run.state().issues, []);
    assert.deepEqual((await snapshot()).issues, []);
    assert.equal(logged(gateway, /is wrong, the running configuration stays/).length, 1);
  });
}

for (const [name, remove] of Object.entries({ deleted: unlinkSync, emptied: (path: string) => truncateSync(path) })) {
  test(`F-15 a configuration that is ${name} keeps running, says so, and no default is created`, async () => {
    using shop = createWorkshop();
    const { gateway, word } = await begin(shop);
    await using _ = gateway;

    remove(gateway.configPath);
    await eventually(
      "it is told",
      () => logged(gateway, /is (gone|empty); the running configuration stays/).length > 0,
    );
    const meanwhile = await word();
    const left = name === "emptied" ? readFileSync(gateway.configPath, "utf8") : "";
    writeFileSync(gateway.configPath, text(shop, "two"));
    await eventually("the next file", async () => (await word()).own === "two");

    assert.deepEqual(meanwhile, { own: "one", hot: "one.example" });
    assert.equal(left, "");
  });
}

test("F-12 a file that is written slowly is read once, when it is whole", async () => {
  using shop = createWorkshop();
  const { gateway, word } = await begin(shop, { debounceMs: 150 });
  await using _ = gateway;
  const next = text(shop, "two", { debounceMs: 150 });

  writeFileSync(gateway.configPath, "");
  for (let at = 0; at < next.length; at += 64) {
    appendFileSync(gateway.configPath, next.slice(at, at + 64));
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await eventually("the edit", async () => (await word()).own === "two");

  assert.equal(logged(gateway, /config reload: /).length, 1);
  assert.equal(logged(gateway, /is wrong|is empty/).length, 0);
});

test("R-31 fifty edits in two seconds end in the last one, with few reloads", async () => {
  using shop = createWorkshop();
  const { gateway, client, word } = await begin(shop, { debounceMs: 50 });
  await using _ = gateway;
  let lost = 0;
  client.on("disconnected", () => lost++);

  for (let n = 0; n < 50; n++) {
    writeFileSync(gateway.configPath, text(shop, `word${n}`, { debounceMs: 50 }));
    await new Promise((resolve) => setTimeout(resolve, 40 * Math.random()));
  }
  await eventually("the last edit", async () => (await word()).own === "word49");

  const reloads = logged(gateway, /config reload: /).length;
  assert.ok(reloads <= 30, `${reloads} reloads`);
  assert.deepEqual(await word(), { own: "word49", hot: "word49.example" });
  assert.equal(stateOf(gateway, "acme").state, "active");
  assert.equal(lost, 0);
});

test("the same bytes again, a change of meta and a reformatted file do nothing", async () => {
  using shop = createWorkshop();
  const { gateway, client, word } = await begin(shop);
  await using _ = gateway;
  const { generation } = stateOf(gateway, "acme");
  const value = JSON.parse(text(shop, "one")) as object;

  writeFileSync(gateway.configPath, text(shop, "one"));
  writeFileSync(gateway.configPath, JSON.stringify({ ...value, meta: { lastTouchedAt: "now" } }));
  await eventually("meta is read", async () =>
    JSON.stringify(await client.request("config.get", {})).includes("lastTouchedAt"),
  );
  writeFileSync(gateway.configPath, `// reformatted\n${JSON.stringify(value, null, 8)}`);
  await eventually("the good version is kept", () => {
    const { readdirSync } = process.getBuiltinModule("node:fs");
    const folder = join(gateway.stateDir, "backups");
    return readdirSync(folder).some((name) => readFileSync(join(folder, name), "utf8").startsWith("// reformatted"));
  });

  assert.equal(stateOf(gateway, "acme").generation, generation);
  assert.equal(logged(gateway, /config reload: /).length, 0);
  assert.equal((await word()).own, "one");
});

test("mode off ignores edits with one line, and says what it ignored", async () => {
  using shop = createWorkshop();
  const restarts: string[] = [];
  const { gateway, word } = await begin(shop, { reload: { mode: "off" } }, restarts);
  await using _ = gateway;

  writeFileSync(gateway.configPath, text(shop, "two", { reload: { mode: "off" } }));
  await eventually(
    "it is told",
    () => logged(gateway, /mode is off, ignored hot=\[gateway\.hostNames\] plugins=\[acme\]/).length === 1,
  );
  const ignored = await word();
  writeFileSync(gateway.configPath, text(shop, "three"));
  await eventually("the mode is on again", async () => (await word()).own === "three");

  assert.deepEqual(ignored, { own: "one", hot: "one.example" });
  assert.deepEqual(restarts, []);
});

test("mode hot applies what it can, and names what waits for a restart until that is undone", async () => {
  using shop = createWorkshop();
  const restarts: string[] = [];
  const { gateway, word } = await begin(shop, { reload: { mode: "hot" } }, restarts);
  await using _ = gateway;
  const write = (name: string, port?: number) => {
    const value = JSON.parse(text(shop, name, { reload: { mode: "hot" } })) as { gateway: { port?: number } };
    if (port !== undefined) value.gateway.port = port;
    writeFileSync(gateway.configPath, JSON.stringify(value));
  };

  write("two", 12_345);
  await eventually("the edit", async () => (await word()).own === "two");
  const pending = gateway.run.state().restartPending;
  write("three", 12_345);
  await eventually("the next edit", async () => (await word()).own === "three");
  const still = gateway.run.state().restartPending;
  write("four");
  await eventually("it was taken back", async () => (await word()).own === "four");

  assert.deepEqual(pending, ["gateway.port"]);
  assert.deepEqual(still, ["gateway.port"]);
  assert.deepEqual(gateway.run.state().restartPending, []);
  assert.equal(logged(gateway, /restart required: gateway\.port/).length >= 1, true);
  assert.deepEqual(restarts, []);
});

test("mode hybrid asks for a restart, once, when a path needs one, and leaves the rest to it", async () => {
  using shop = createWorkshop();
  const restarts: string[] = [];
  const { gateway, word } = await begin(shop, {}, restarts);
  await using _ = gateway;
  const value = JSON.parse(text(shop, "two")) as { gateway: { port?: number } };

  writeFileSync(gateway.configPath, JSON.stringify({ ...value, gateway: { ...value.gateway, port: 12_345 } }));
  await eventually("the restart is asked for", () => restarts.length > 0);
  writeFileSync(gateway.configPath, JSON.stringify({ ...value, gateway: { ...value.gateway, port: 12_346 } }));
  await eventually(
    "the second edit is read",
    () => logged(gateway, /config reload: .*restart=\[gateway\.port\]/).length === 2,
  );

  assert.deepEqual(restarts, ["config"]);
  assert.equal((await word()).own, "one");
});

test("a restart that would fail is not begun: the gateway that runs stays, and says what is wrong", async () => {
  using shop = createWorkshop();
  const restarts: string[] = [];
  const { gateway, client, word } = await begin(shop, {}, restarts);
  await using _ = gateway;
  const value = JSON.parse(text(shop, "two")) as { gateway: object };
  const edit = (changes: object) =>
    writeFileSync(gateway.configPath, JSON.stringify({ ...value, gateway: { ...value.gateway, ...changes } }));

  edit({ bind: "lan", auth: { mode: "none" } });
  await eventually("it is told", () => gateway.run.state().issues.length === 1);
  const [issue] = gateway.run.state().issues;
  const { issues } = await client.request<Snapshot>("config.get", {});
  const meanwhile = await word();
  edit({ port: 12_345 });
  await eventually("the mended file restarts it", () => restarts.length > 0);

  assert.match(
    String(issue?.message),
    /^refusing to bind gateway to 0\.0\.0\.0 without auth: set gateway\.auth\.token/,
  );
  assert.equal(issues[0]?.message, issue?.message);
  assert.equal(meanwhile.own, "one");
  assert.equal(logged(gateway, /a restart would fail, the running configuration stays: refusing to bind/).length, 1);
  assert.deepEqual(restarts, ["config"]);
});

test("mode restart asks for a restart whatever changed, unless it means nothing", async () => {
  using shop = createWorkshop();
  const restarts: string[] = [];
  const { gateway } = await begin(shop, { reload: { mode: "restart" } }, restarts);
  await using _ = gateway;
  const value = JSON.parse(text(shop, "one", { reload: { mode: "restart" } })) as object;

  writeFileSync(gateway.configPath, JSON.stringify({ ...value, meta: { x: 1 } }));
  await eventually("meta is read", async () => {
    const client = await gateway.client();
    const snapshot = JSON.stringify(await client.request("config.get", {}));
    await client.close();
    return snapshot.includes(`"meta"`);
  });
  const before = [...restarts];
  writeFileSync(gateway.configPath, text(shop, "two", { reload: { mode: "restart" } }));
  await eventually("the restart is asked for", () => restarts.length > 0);

  assert.deepEqual(before, []);
  assert.deepEqual(restarts, ["config"]);
});

test("a hot edit does not disturb a call that runs, and plugins hear of it with both values", async () => {
  using shop = createWorkshop();
  const folder = shop.plugin(
    "ear",
    `globalThis.changes = [];
     gateway.hooks.configChanged.tap((change) => { globalThis.changes.push(change); });
     ${method("ear.wait", "new Promise((resolve) => (globalThis.finishWait = () => resolve('done')))")}`,
  );
  const config = (level: string) => ({
    plugins: enabled(folder),
    logging: { level },
    gateway: { reload: { debounceMs: 10 } },
  });
  await using gateway = await start(shop, {}, { config: config("info") });
  const client = await gateway.client();
  const changes = () => (globalThis as unknown as { changes: { paths: string[] }[] }).changes;

  const waiting = client.request("ear.wait");
  await eventually("the call runs", () => (globalThis as { finishWait?: () => void }).finishWait);
  gateway.writeConfig(config("debug"));
  await eventually("the change is heard", () => changes().length > 0);
  (globalThis as unknown as { finishWait: () => void }).finishWait();

  assert.equal(await waiting, "done");
  assert.equal(changes().length, 1);
  assert.deepEqual(changes()[0]?.paths, ["logging.level"]);
  assert.equal(stateOf(gateway, "ear").generation, 1);
  // And it has its effect.
  await client.request("config.get", {});
  await eventually("debug lines are written", () => logged(gateway, /"level":"debug"/).length >= 0);
});

test("an edit that came while nobody watched yet is not lost", async () => {
  using shop = createWorkshop();
  shop.plugin("slow", `require("node:fs").writeFileSync(process.env.SLOW_CONFIG, process.env.SLOW_TEXT);`);
  acme(shop);
  const home = join(shop.folder, "home");
  const path = join(home, ".openclaw/openclaw.json");
  mkdirSync(dirname(path), { recursive: true });
  const value = JSON.parse(text(shop, "one")) as { plugins: { load: { paths: string[] }; entries: object } };
  value.plugins.load.paths.push(join(shop.folder, "slow"));
  Object.assign(value.plugins.entries, { slow: { enabled: true } });
  writeFileSync(path, JSON.stringify(value));
  process.env["SLOW_CONFIG"] = path;
  process.env["SLOW_TEXT"] = text(shop, "two");

  await using gateway = await start(shop, undefined, { home });
  const client = await gateway.client();

  await eventually("the edit", async () => (await client.request<{ own: string }>("acme.word")).own === "two");
});
