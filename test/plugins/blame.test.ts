import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually } from "openclaw/plugin-sdk/testing";
import { configure, startChild } from "./gateway-child.ts";
import { createWorkshop, enabled, method, offering } from "./workshop.ts";

/** Errors that nobody catches, as source of what a method starts. The plugin is out after the first of these. */
const THROWN = {
  timer: `setTimeout(() => { throw new Error("from a timer"); }, 0)`,
  immediate: `setImmediate(() => { throw new Error("from an immediate"); })`,
  tick: `process.nextTick(() => { throw new Error("from a tick"); })`,
  microtask: `queueMicrotask(() => { throw new Error("from a microtask"); })`,
  socket: `require("node:net").connect(1, "127.0.0.1")`,
  emitter: `setTimeout(() => new (require("node:events").EventEmitter)().emit("error", new Error("unheard")), 0)`,
  signal: `call.signal.addEventListener("abort", () => { throw new Error("from an abort"); }), await new Promise((resolve) => setTimeout(resolve, 200))`,
  listener: `gateway.signal.addEventListener("abort", () => { throw new Error("from the end"); })`,
  nothing: `setTimeout(() => { throw undefined; }, 0)`,
} as const;

/** Rejections that nobody handles: counted, and the plugin goes on. */
const REJECTED = {
  rejection: `void Promise.reject(new Error("unhandled"))`,
  later: `void (async () => { await null; throw new Error("later"); })()`,
  derived: `void globalThis.shared.then(() => { throw new Error("derived"); })`,
} as const;

test("R-33 whatever a plugin throws where nobody can catch it, the gateway serves on and knows whose it was", async () => {
  using shop = createWorkshop();
  const folders = Object.entries({ ...THROWN, ...REJECTED }).map(([id, deed]) =>
    shop.plugin(id, method(`${id}.do`, `((${deed}), "done")`), offering(`${id}.do`)),
  );
  const owner = shop.plugin("owner", `globalThis.shared = Promise.resolve();`);
  const bystander = shop.plugin("bystander", method("bystander.get", "1"));
  configure(shop.folder, { plugins: enabled(owner, bystander, ...folders) });
  await using gateway = await startChild(shop.folder);
  const client = await gateway.client();

  for (const id of Object.keys(REJECTED)) {
    await client.request(`${id}.do`);
    await eventually(`the fault of ${id}`, async () => (await gateway.plugin(id)).faults === 1);
    assert.equal((await gateway.plugin(id)).state, "active", id);
  }
  const { signal: _signal, listener: _listener, ...direct } = THROWN;
  for (const id of Object.keys(direct)) {
    await client.request(`${id}.do`);
    const out = await eventually(`${id} is out`, async () => {
      const plugin = await gateway.plugin(id);
      return plugin.state === "failed" && plugin;
    });
    assert.equal(out.reason, "too_many_faults", id);
    assert.match(String(out.error), /uncaught exception/, id);
  }
  // A client that leaves aborts its calls.
  const leaving = await gateway.client();
  leaving.request("signal.do").catch(() => undefined);
  await leaving.request("bystander.get");
  await leaving.close();
  await eventually("signal is out", async () => (await gateway.plugin("signal")).state === "failed");
  await client.request("listener.do");
  await client.request("plugins.reload", { id: "listener" });
  await eventually("the fault of listener", async () => (await gateway.plugin("listener")).faults === 1);

  assert.equal(await client.request("bystander.get"), 1);
  assert.equal((await gateway.plugin("bystander")).faults, 0);
  assert.equal((await gateway.plugin("owner")).faults, 0);
});

test("R-33 a listener on somebody else's emitter is blamed on the file it was written in", async () => {
  using shop = createWorkshop();
  const bystander = shop.plugin("bystander", method("bystander.get", "1"));
  const rude = shop.plugin(
    "rude",
    `gateway.route({ path: "/rude", auth: "none", handle(exchange) {
       exchange.request.socket.once("close", () => { throw new Error("from the socket"); });
       exchange.reply(200, "x", { connection: "close" });
     } });`,
    { contributes: { http: [{ path: "/rude", auth: "none" }] } },
  );
  configure(shop.folder, { plugins: enabled(bystander, rude) });
  await using gateway = await startChild(shop.folder);
  const client = await gateway.client();

  await gateway.fetch("/rude");
  await eventually("rude is out", async () => (await gateway.plugin("rude")).state === "failed");

  assert.equal(await client.request("bystander.get"), 1);
});

test("R-33 an interval that a plugin's modules start is its own, and a thousand faults later others are served", async () => {
  using shop = createWorkshop();
  const folder = shop.plugin("noisy", "");
  shop.write({
    "noisy/index.cjs": `
      const { definePlugin, Type } = require("openclaw/plugin-sdk");
      let left = 1_000;
      const timer = setInterval(() => { for (let n = 0; n < 100; n++) { left--; void Promise.reject(new Error("no " + left)); } if (left <= 0) clearInterval(timer); }, 1);
      module.exports = definePlugin(() => {});`,
  });
  const bystander = shop.plugin("bystander", method("bystander.get", "1"));
  configure(shop.folder, { plugins: enabled(folder, bystander), logging: { consoleLevel: "silent" } });
  await using gateway = await startChild(shop.folder);
  const client = await gateway.client();

  await eventually("all are counted", async () => (await gateway.plugin("noisy")).faults === 1_000);

  assert.equal((await gateway.plugin("noisy")).reason, "too_many_faults");
  assert.equal(await client.request("bystander.get"), 1);
});
