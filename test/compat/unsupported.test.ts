import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import type { OpenClawPluginApi } from "openclaw/plugin-sdk";
import { Folders, hostFor, startWith, stateOf } from "./support.ts";

type Loose = Record<string, (...args: unknown[]) => unknown>;

test("a member of another generation does nothing but say so; a name nobody knows is absent", async () => {
  let answer: unknown = "unset";
  await using host = await hostFor((api) => {
    const members = api as unknown as Loose;
    answer = members["registerContextEngine"]?.("mine", () => ({}));
    members["registerContextEngine"]?.("again", () => ({}));
    assert.equal(typeof members["registerNothingKnown"], "undefined");
    members["registerNothingKnown"]?.();
  });

  assert.equal(answer, undefined);
  assert.deepEqual(
    [...host.notes.diagnostics],
    ["uses api.registerContextEngine, not supported by this gateway; the rest of the plugin runs"],
  );
  assert.deepEqual([...host.notes.unsupported], ["api.registerContextEngine"]);
});

test("an absent runtime helper can be read, throws when called, and `in` tells the truth", async () => {
  let api: OpenClawPluginApi | undefined;
  await using host = await hostFor((given) => void (api = given));
  const channel = api?.runtime.channel as unknown as Record<string, Loose>;

  assert.equal(typeof channel["text"]?.["chunkMarkdownText"], "function");
  assert.deepEqual(["text" in channel, "reply" in channel], [false, true]);
  assert.throws(() => channel["text"]?.["chunkMarkdownText"]?.("long", 10), {
    code: "PLUGIN_UNSUPPORTED",
    message:
      "openclaw/plugin-sdk: api.runtime.channel.text.chunkMarkdownText is not available in this gateway (plugin fixture)",
  });
  assert.deepEqual([...host.notes.unsupported], ["api.runtime.channel.text.chunkMarkdownText"]);
});

test("awaiting or printing the runtime harms nobody", async () => {
  let api: OpenClawPluginApi | undefined;
  await using _host = await hostFor((given) => void (api = given));

  assert.ok(await api?.runtime);
  assert.match(JSON.stringify(api?.runtime), /"version"/);
});

const IMPORTS = `
import { loadWebMedia, Type, definePluginEntry, stringEnum, optionalStringEnum } from "openclaw/plugin-sdk";
import * as whole from "openclaw/plugin-sdk";
import { somethingElse } from "openclaw/plugin-sdk/account-id";
import { definePluginEntry as again } from "openclaw/plugin-sdk/plugin-entry";
import { stringEnum as core } from "openclaw/plugin-sdk/core";
import { Type as old } from "clawdbot/plugin-sdk";
import { Type as older } from "moltbot/plugin-sdk";
import { Type as own } from "@sinclair/typebox";
class Later extends whole.SomeBaseClass {}
const attempt = (run) => { try { return run(); } catch (error) { return { code: error.code, message: error.message }; } };
export default definePluginEntry({
  id: "importer",
  register(api) {
    api.registerGatewayMethod("importer.seen", () => ({
      same: [Type === old, Type === older, Type === own, again === definePluginEntry, core === stringEnum],
      has: ["Type" in whole, "loadWebMedia" in whole],
      enums: [stringEnum(["a", "b"], { description: "letter" }), optionalStringEnum(["c"])],
      kinds: [typeof loadWebMedia, typeof somethingElse],
    }));
    api.registerGatewayMethod("importer.call", async () => ({
      name: attempt(() => loadWebMedia("x")),
      nested: attempt(() => whole.media.store.save()),
      subpath: attempt(() => somethingElse()),
      constructed: attempt(() => new Later()),
      dynamic: attempt((await import("openclaw/plugin-sdk/lazy")).thing),
    }));
  },
});`;

for (const [kind, files] of [
  ["TypeScript", { "index.ts": `// @ts-nocheck\n${IMPORTS}` }],
  ["an ES module", { "index.js": IMPORTS, "package.json": `{"name":"importer","type":"module"}` }],
  ["top-level await", { "index.mjs": `await 1;\n${IMPORTS}` }],
] as const) {
  test(`${kind}: unknown names and subpaths break no import and throw when called`, async () => {
    using folders = new Folders();

    await using gateway = await startWith([folders.plugin("importer", files)]);

    const client = await gateway.client();
    assert.deepEqual(await client.request("importer.seen", {}), {
      same: [true, true, true, true, true],
      has: [true, false],
      enums: [
        { type: "string", enum: ["a", "b"], description: "letter" },
        { type: "string", enum: ["c"] },
      ],
      kinds: ["function", "function"],
    });
    const absent = (name: string) => ({
      code: "PLUGIN_UNSUPPORTED",
      message: `openclaw/plugin-sdk: ${name} is not available in this gateway (plugin importer)`,
    });
    assert.deepEqual(await client.request("importer.call", {}), {
      name: absent("loadWebMedia"),
      nested: absent("media.store.save"),
      subpath: absent("somethingElse"),
      constructed: absent("SomeBaseClass"),
      dynamic: absent("thing"),
    });
    const { state, diagnostics, unsupported } = stateOf(gateway, "importer");
    assert.equal(state, "active");
    assert.ok(unsupported.includes("openclaw/plugin-sdk/account-id") && unsupported.includes("loadWebMedia"));
    assert.ok(
      diagnostics.includes(
        "imports openclaw/plugin-sdk/account-id, which this gateway does not have; its names throw when called",
      ),
    );
  });
}

test("CommonJS code requires the SDK the same way", async () => {
  using folders = new Folders();
  const folder = folders.plugin("common", {
    "index.cjs": `const { Type, unknownName } = require("openclaw/plugin-sdk");
      exports.register = (api) => api.registerGatewayMethod("common.kinds", () => [typeof Type, typeof unknownName]);`,
  });

  await using gateway = await startWith([folder]);

  assert.deepEqual(await (await gateway.client()).request("common.kinds", {}), ["object", "function"]);
});

test("an unknown name that is called while the module loads fails the plugin and is named", async () => {
  using folders = new Folders();
  const folder = folders.plugin("hasty", {
    "index.js": `import { emptyPluginConfigSchema } from "openclaw/plugin-sdk";
      export default { configSchema: emptyPluginConfigSchema(), register() {} };`,
  });

  await using gateway = await startWith([folder]);

  const { state, error } = stateOf(gateway, "hasty");
  assert.equal(state, "failed");
  assert.match(error ?? "", /emptyPluginConfigSchema is not available in this gateway/);
});

test("TypeBox comes from the gateway, its subpaths too, unless the plugin has its own", async () => {
  using folders = new Folders();
  const folder = folders.plugin("boxed", {
    "index.js": `import { Type } from "@sinclair/typebox";
      import { Value } from "@sinclair/typebox/value";
      import { mine } from "zod";
      export default (api) => api.registerGatewayMethod("boxed.check", () => [Value.Check(Type.String(), "x"), mine]);`,
    "node_modules/zod/package.json": `{"name":"zod","version":"0.0.0","main":"index.js"}`,
    "node_modules/zod/index.js": `exports.mine = "the plugin's own";`,
  });

  await using gateway = await startWith([folder]);

  assert.deepEqual(await (await gateway.client()).request("boxed.check", {}), [true, "the plugin's own"]);
});

test("zod comes from the gateway where the plugin has none", { skip: !isInstalled("zod") }, async () => {
  using folders = new Folders();
  const folder = folders.plugin("checked", {
    "index.js": `import { z } from "zod";
      export default (api) => api.registerGatewayMethod("checked.parse", () => z.string().parse("x"));`,
  });

  await using gateway = await startWith([folder]);

  assert.equal(await (await gateway.client()).request("checked.parse", {}), "x");
});

test("a diagnostic is logged once and listed over RPC", async () => {
  using folders = new Folders();
  const folder = folders.plugin("wordy", {
    "index.js": `export default (api) => { api.registerProvider({}); api.registerProvider({}); api.on("llm_output", () => {}); };`,
  });

  await using gateway = await startWith([folder], { stock: true });

  const client = await gateway.client();
  const { plugins } = await client.request<{ plugins: { id: string; diagnostics: string[]; unsupported: string[] }[] }>(
    "plugins.list",
    {},
  );
  const wordy = plugins.find(({ id }) => id === "wordy");
  assert.equal(wordy?.diagnostics.length, 2);
  assert.deepEqual(wordy?.unsupported, ["api.registerProvider", "on(llm_output)"]);
  const logs = join(gateway.stateDir, "logs");
  const text = readdirSync(logs)
    .map((file) => readFileSync(join(logs, file), "utf8"))
    .join("");
  assert.equal(text.split("uses api.registerProvider").length - 1, 1);
});

function isInstalled(name: string): boolean {
  try {
    createRequire(import.meta.url).resolve(name);
    return true;
  } catch {
    return false;
  }
}
