import assert from "node:assert/strict";
import { test } from "node:test";
import { fixture, Folders, startWith, stateOf } from "./support.ts";

const SHAPES = ["shape-function", "shape-object-register", "shape-object-activate", "shape-module"];

test("the four module shapes load", async () => {
  await using gateway = await startWith(SHAPES.map(fixture));

  const client = await gateway.client();

  for (const shape of SHAPES) {
    assert.equal(stateOf(gateway, shape).state, "active");
    assert.equal((await client.request<{ id: string }>(`${shape}.who`, {})).id, shape);
  }
});

test("an exported object finds itself as this, and its words fill what manifest and package leave out", async () => {
  await using gateway = await startWith([fixture("shape-object-register")]);

  const who = await (await gateway.client()).request("shape-object-register.who", {});

  assert.deepEqual(who, {
    id: "shape-object-register",
    name: "Registered object",
    description: "says hello",
    greeting: "hello",
  });
});

test("every entry of a package runs under the one id, and the package describes the plugin", async () => {
  await using gateway = await startWith([fixture("two-entries")]);

  const client = await gateway.client();

  assert.equal(await client.request("two.second", {}), "two-entries");
  assert.deepEqual(await client.request("two.first", {}), {
    id: "two-entries",
    name: "@example/two-entries",
    version: "3.2.1",
    description: "two entries under one id",
    source: `${fixture("two-entries")}/src/first.js`,
  });
});

test("a name that two entries of one package register belongs to the first", async () => {
  await using gateway = await startWith([fixture("two-entries")]);

  assert.equal(await (await gateway.client()).request("two.shared", {}), "first");
  assert.deepEqual(stateOf(gateway, "two-entries").diagnostics, [
    'method "two.shared" belongs to plugin "two-entries"; it was not registered again',
  ]);
});

const METHOD = (id: string) => `api.registerGatewayMethod("${id}.ping", ({ respond }) => respond(true, "pong"));`;

for (const [file, text] of [
  ["index.ts", `import type { A } from "x"; export default (api: A) => { METHOD };`],
  ["index.mts", "export default (api) => { METHOD };"],
  ["index.js", "export default (api) => { METHOD };"],
  ["index.mjs", "const later = await Promise.resolve(1); export default (api) => { METHOD };"],
  ["index.cjs", "module.exports = (api) => { METHOD };"],
] as const) {
  test(`an entry ${file} loads`, async () => {
    using folders = new Folders();
    const folder = folders.plugin("entry", { [file]: text.replace("METHOD", METHOD("entry")) });

    await using gateway = await startWith([folder]);

    assert.equal(await (await gateway.client()).request("entry.ping", {}), "pong");
  });
}

for (const block of ["openclaw", "clawdbot", "moltbot"]) {
  test(`a package names its entries under ${block}, as a list or bare`, async () => {
    using folders = new Folders();
    const package_ = (extensions: unknown) => JSON.stringify({ name: "packed", [block]: { extensions } });
    const code = (id: string) => `export default (api) => { ${METHOD(id)} };`;
    const listed = folders.plugin("listed", {
      "package.json": package_(["./lib/main.js"]),
      "lib/main.js": code("listed"),
    });
    const bare = folders.plugin("bare", { "package.json": package_("./main.js"), "main.js": code("bare") });

    await using gateway = await startWith([listed, bare]);

    const client = await gateway.client();
    assert.equal(await client.request("listed.ping", {}), "pong");
    assert.equal(await client.request("bare.ping", {}), "pong");
  });
}

for (const [what, code, pattern] of [
  ["without register or activate", "export default { start() {} };", /plugin export missing register\/activate/],
  ["with a syntax error", "export default function register(api) {", /ParseError/],
  ["that imports what is not there", `import "no-such-package"; export default () => {};`, /no-such-package/],
] as const) {
  test(`a module ${what} fails alone`, async () => {
    using folders = new Folders();

    await using gateway = await startWith([folders.plugin("broken", { "index.js": code }), fixture("shape-function")]);

    assert.equal(stateOf(gateway, "broken").state, "failed");
    assert.match(stateOf(gateway, "broken").error ?? "", pattern);
    assert.equal(stateOf(gateway, "shape-function").state, "active");
  });
}

test("an id in package or code that is not the manifest's is a remark, and the manifest's counts", async () => {
  using folders = new Folders();
  const folder = folders.plugin("right", {
    "package.json": JSON.stringify({ name: "@example/wrong" }),
    "index.js": `export default { id: "other", register(api) { ${METHOD("right")} } };`,
  });

  await using gateway = await startWith([folder]);

  assert.equal(await (await gateway.client()).request("right.ping", {}), "pong");
  assert.deepEqual(stateOf(gateway, "right").diagnostics, [
    'its package is called "@example/wrong"; the id of the manifest, "right", counts',
    'its code says id "other"; the id of the manifest, "right", counts',
  ]);
});

test("a manifest with nothing but its id loads, and what runs is listed", async () => {
  await using gateway = await startWith([fixture("shape-function")]);

  const { contributes, activation } = stateOf(gateway, "shape-function");

  assert.equal(activation, "startup");
  assert.deepEqual(contributes, { methods: ["shape-function.who"] });
});
