import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { GatewayClient, ReloadOutcome } from "openclaw/plugin-sdk";
import { eventually } from "openclaw/plugin-sdk/testing";
import { configured, createWorkshop, enabled, entry, method, reaches, start } from "./workshop.ts";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** Adds one of everything, and a megabyte that is gone only if the generation is. */
const PLUGIN = `
  const ballast = new Array(131_072).fill(gateway);
  ${method("leak.get", "ballast.length")}
  const told = gateway.event("leak.told");
  gateway.route({ path: "/leak", auth: "gateway", handle: (exchange) => exchange.reply(200, String(ballast.length)) });
  gateway.provide(defineService("leak"), { size: () => ballast.length });
  gateway.hooks.responded.tap(() => { ballast.length; });
  gateway.hooks.connected.tap(() => { told({}); });
  gateway.setInterval(() => ballast.length, 1_000);
  gateway.own("ballast", () => { ballast.length; });
  gateway.signal.addEventListener("abort", () => ballast.length);`;

async function heapUsed(): Promise<number> {
  for (let round = 0; round < 4; round++) {
    collect();
    await new Promise((resolve) => setImmediate(resolve));
  }
  return process.memoryUsage().heapUsed;
}

/** What keeps the process alive, by kind. */
function handles(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of process.getActiveResourcesInfo()) {
    // A connection in flight on either side says nothing about plugins.
    if (/TCP|Immediate/.test(name)) continue;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

/** Kinds of which there are more than before. A timer that happened to run then may have ended since. */
function more(before: Readonly<Record<string, number>>): string[] {
  return Object.entries(handles()).flatMap(([name, count]) =>
    count > (before[name] ?? 0) ? [`${name} ${count}`] : [],
  );
}

async function reloadOften(client: GatewayClient, times: number): Promise<number> {
  const startedAt = performance.now();
  for (let n = 0; n < times; n++) {
    const { ok, error } = await client.request<ReloadOutcome>("plugins.reload", { id: "leak" });
    assert.ok(ok, error);
  }
  return (performance.now() - startedAt) / times;
}

async function measure(context: TestContext, client: GatewayClient, times: number): Promise<void> {
  await reloadOften(client, 20);
  const [heapBefore, handlesBefore] = [await heapUsed(), handles()];
  const meanMs = await reloadOften(client, times);
  const growth = (await heapUsed()) - heapBefore;
  context.diagnostic(
    `${times} reloads: ${meanMs.toFixed(1)} ms each, heap ${(growth / 1_024).toFixed(0)} KiB more, handles ${JSON.stringify(handles())}`,
  );

  assert.ok(growth < 5 * 1_048_576, `the heap grew by ${growth} bytes`);
  await eventually("the handles are as before", () => more(handlesBefore).length === 0);
}

test("F-32 a hundred reloads of a CommonJS plugin leave heap and handles flat", async (context) => {
  using shop = createWorkshop();
  const folder = shop.plugin("leak", PLUGIN);
  await using gateway = await start(shop, enabled(folder));

  await measure(context, await gateway.client(), 100);
});

test("F-32 two hundred reloads of a TypeScript plugin with a helper leave heap and handles flat", async (context) => {
  using shop = createWorkshop();
  shop.write({
    "leak/openclaw.plugin.json": '{"id":"leak"}',
    "leak/helper.ts": `export const filled = <T>(value: T): T[] => new Array<T>(131_072).fill(value);`,
    "leak/index.ts": `import { definePlugin, defineService, Type } from "openclaw/plugin-sdk";
      import { filled } from "./helper.ts";
      export default definePlugin((gateway) => {${PLUGIN.replace("new Array(131_072).fill(gateway)", "filled(gateway)")}});`,
  });
  await using gateway = await start(shop, enabled(join(shop.folder, "leak")));

  await measure(context, await gateway.client(), 200);
});

test("a hundred times off and on leaves heap and handles flat", async (context) => {
  using shop = createWorkshop();
  const folder = shop.plugin("leak", PLUGIN);
  await using gateway = await start(shop, enabled(folder));
  const client = await gateway.client();
  const toggle = async (times: number) => {
    for (let n = 0; n < times; n++) {
      await client.request("plugins.disable", { id: "leak" });
      await client.request("plugins.enable", { id: "leak" });
    }
  };

  await toggle(5);
  const [heapBefore, handlesBefore] = [await heapUsed(), handles()];
  const startedAt = performance.now();
  await toggle(50);
  const meanMs = (performance.now() - startedAt) / 100;
  const growth = (await heapUsed()) - heapBefore;
  context.diagnostic(`50 times off and on: ${meanMs.toFixed(1)} ms each, heap ${(growth / 1_024).toFixed(0)} KiB more`);

  assert.ok(growth < 5 * 1_048_576, `the heap grew by ${growth} bytes`);
  await eventually("the handles are as before", () => more(handlesBefore).length === 0);
});

test("a generation that failed to activate is collected", async () => {
  using shop = createWorkshop();
  const folder = shop.plugin("leak", "");
  const failing = `globalThis.leaked = new WeakRef(gateway);\n${PLUGIN}\nthrow new Error("no luck");`;
  await using gateway = await start(shop, enabled(folder));
  const client = await gateway.client();

  writeFileSync(join(folder, "index.cjs"), entry(failing));
  await client.request("plugins.reload", { id: "leak" });
  writeFileSync(join(folder, "index.cjs"), entry(""));
  await client.request("plugins.reload", { id: "leak" });

  await eventually("the gateway object is gone", async () => {
    await heapUsed();
    return (globalThis as unknown as { leaked: WeakRef<object> }).leaked.deref() === undefined;
  });
});

test("what a disabled plugin held is collected, though a client that used it stays", async () => {
  using shop = createWorkshop();
  const folder = shop.plugin("leak", `globalThis.leaked = new WeakRef(gateway);\n${PLUGIN}`);
  await using gateway = await start(shop, enabled(folder));
  const client = await gateway.client();
  await client.request("leak.get");

  gateway.writeConfig(configured({ load: { paths: [folder] } }));
  await reaches(gateway, "leak", "disabled");

  await eventually("the gateway object is gone", async () => {
    await heapUsed();
    return (globalThis as unknown as { leaked: WeakRef<object> }).leaked.deref() === undefined;
  });
});
