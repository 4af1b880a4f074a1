import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { GatewayError } from "openclaw/plugin-sdk";
import { eventually, startTestGateway } from "openclaw/plugin-sdk/testing";
import { createWorkshop, enabled, method, start, stateOf } from "./workshop.ts";

/** What keeps this process alive, but for what ends by itself. */
function kinds(): string[] {
  return process
    .getActiveResourcesInfo()
    .filter((name) => !/Immediate|FSReq/.test(name))
    .toSorted();
}

test("R-23 a stop waits for running calls, and refuses new work meanwhile", async () => {
  using shop = createWorkshop();
  const folder = shop.plugin(
    "slow",
    `${method("slow.run", "new Promise((resolve) => (globalThis.finishRun = () => resolve('done')))")}
     gateway.method({ name: "slow.write", scope: "operator.write", params: Type.Object({}), handle: () => 1 });`,
  );
  await using gateway = await start(shop, enabled(folder));
  const client = await gateway.client();
  const shutdowns: unknown[] = [];
  client.on("event", ({ event, payload }) => void (event === "shutdown" && shutdowns.push(payload)));

  const running = client.request("slow.run");
  const finish = await eventually("the call runs", () => (globalThis as { finishRun?: () => void }).finishRun);
  const stopping = gateway.run.stop("going down", 1_500);
  await eventually("the announcement", () => shutdowns.length > 0);
  await assert.rejects(client.request("slow.write"), {
    code: "UNAVAILABLE",
    message: "gateway is stopping",
    retryable: true,
  });
  finish();

  assert.equal(await running, "done");
  assert.deepEqual(await stopping, []);
  assert.deepEqual(shutdowns, [{ reason: "going down", restartExpectedMs: 1_500 }]);
});

test("R-23 a call that does not end is given up after the budget, and named", async () => {
  using shop = createWorkshop();
  const folder = shop.plugin(
    "slow",
    method(
      "slow.run",
      "new Promise((resolve) => gateway.signal.addEventListener('abort', () => (globalThis.slowAborted = true)))",
    ),
  );
  const config = { plugins: enabled(folder), gateway: { shutdownTimeoutMs: 50 } };
  await using gateway = await start(shop, {}, { config, options: { pluginLimits: { drainMs: 50 } } });
  const client = await gateway.client();

  const running = client.request("slow.run").catch((error: unknown) => error);
  await client.request("plugins.list", {});
  const startedAt = performance.now();
  const problems = await gateway.run.stop("going down");
  const tookMs = performance.now() - startedAt;

  assert.deepEqual(problems, ["slow: 1 calls still running after 50 ms"]);
  assert.ok(tookMs < 2_000, `${tookMs} ms`);
  assert.equal((globalThis as { slowAborted?: boolean }).slowAborted, true);
  assert.ok((await running) instanceof Error);
});

test("R-23 taps of a stop run side by side: one that hangs takes its own time only, and is named", async () => {
  using shop = createWorkshop();
  const hanging = (id: string) =>
    shop.plugin(id, "gateway.hooks.stopping.tap(() => new Promise(() => {}));", { activation: "startup" });
  const good = shop.plugin("good", "gateway.hooks.stopping.tap(() => void (globalThis.goodStopped = true));", {
    activation: "startup",
  });
  const config = { plugins: enabled(hanging("one"), hanging("two"), good), gateway: { shutdownTimeoutMs: 50 } };
  await using gateway = await start(shop, {}, { config });
  const logFile = String(gateway.run.state().logFile);

  const startedAt = performance.now();
  await gateway.run.stop("going down");
  const tookMs = performance.now() - startedAt;

  const log = readFileSync(logFile, "utf8");
  // Two of them one after the other would take twice the time.
  assert.ok(tookMs < 4_500, `${tookMs} ms`);
  assert.equal((globalThis as { goodStopped?: boolean }).goodStopped, true);
  for (const id of ["one", "two"]) assert.match(log, new RegExp(`fault of plugin \\W+${id}\\W+ in hook stopping`));
});

test("R-23 a plugin that does not let go is left behind, named, and the others are closed", async () => {
  using shop = createWorkshop();
  const { promise: letGo, resolve } = Promise.withResolvers<void>();
  Object.assign(globalThis, { letGo });
  const stuck = shop.plugin("stuck", `for (const name of ["a", "b", "c"]) gateway.own(name, () => globalThis.letGo);`, {
    activation: "startup",
    requires: ["base"],
  });
  const base = shop.plugin("base", `gateway.own("x", () => void (globalThis.baseClosed = true));`, {
    activation: "startup",
    provides: ["base"],
  });
  await using gateway = await start(shop, enabled(stuck, base));

  const problems = await gateway.run.stop("going down");

  assert.deepEqual(problems, ["stuck: did not close in time and is left behind"]);
  assert.equal((globalThis as { baseClosed?: boolean }).baseClosed, true);
  resolve();
});

test("a stop closes users before the providers they require, and cycles all the same", async () => {
  using shop = createWorkshop();
  const closing = (id: string, manifest: object) =>
    shop.plugin(
      id,
      `(globalThis.closings ??= []); gateway.own("x", () => { globalThis.closings.push("${id}"); });`,
      manifest,
    );
  const store = closing("store", { provides: ["store"] });
  const sessions = closing("sessions", { provides: ["sessions"], requires: ["store"] });
  const chat = closing("chat", { requires: ["sessions"] });
  const [yin, yang] = [
    closing("yin", { provides: ["yin"], requires: ["yang"] }),
    closing("yang", { provides: ["yang"], requires: ["yin"] }),
  ];
  {
    await using gateway = await start(shop, enabled(store, sessions, chat, yin, yang));
    assert.equal(stateOf(gateway, "chat").state, "active");
  }

  const { closings = [] } = globalThis as { closings?: string[] };
  assert.deepEqual(
    closings.filter((id) => !id.startsWith("y")),
    ["chat", "sessions", "store"],
  );
  assert.deepEqual(closings.filter((id) => id.startsWith("y")).toSorted(), ["yang", "yin"]);
});

test("a stop while plugins are activated ends them, and nothing of them comes up afterwards", async () => {
  using shop = createWorkshop();
  const folder = shop.plugin(
    "slow",
    `globalThis.slow = { closed: false, finished: false };
     gateway.own("x", () => { globalThis.slow.closed = true; });
     await new Promise((resolve) => (globalThis.wakeSlow = resolve));
     ${method("slow.get", "1")}
     globalThis.slow.finished = true;`,
    { activation: "startup", reload: "swap" },
  );
  const slow = () => (globalThis as { slow?: { closed: boolean; finished: boolean } }).slow;
  await using gateway = await start(shop, {});

  gateway.writeConfig({ plugins: enabled(folder), gateway: { reload: { debounceMs: 10 } } });
  await eventually("the activation", slow);
  await gateway.run.stop("going down");
  (globalThis as { wakeSlow?: () => void }).wakeSlow?.();
  await new Promise((resolve) => setImmediate(resolve));

  assert.deepEqual(slow(), { closed: true, finished: false });
});

test("a stop takes the lock, the run record and the port with it, twice is once, and the next start works", async () => {
  using shop = createWorkshop();
  const home = join(shop.folder, "home");
  const folder = shop.plugin("fine", method("fine.get", "1"));
  const first = await start(shop, enabled(folder), { home });
  const { port, stateDir } = first;
  const record = join(stateDir, "gateway.json");
  const before = [existsSync(record), existsSync(join(stateDir, "gateway.lock"))];

  const [one, two] = [first.run.stop("a"), first.run.stop("b")];
  await Promise.all([one, two]);
  const after = [existsSync(record), existsSync(join(stateDir, "gateway.lock"))];
  await using second = await start(shop, enabled(folder), { home, options: { port } });

  assert.deepEqual(
    [before, after],
    [
      [true, true],
      [false, false],
    ],
  );
  assert.equal(second.port, port);
  assert.equal(await (await second.client()).request("fine.get"), 1);
  await first[Symbol.asyncDispose]();
});

test("nothing of a gateway is left when it has stopped", async () => {
  using shop = createWorkshop();
  const folder = shop.plugin(
    "busy",
    `gateway.setInterval(() => {}, 10);
     gateway.setTimeout(() => {}, 60_000);
     const server = require("node:net").createServer().listen(0);
     gateway.own("server", () => new Promise((resolve) => server.close(resolve)));
     ${method("busy.get", "1")}`,
  );
  const run = async (watch: boolean) => {
    await using gateway = await start(shop, enabled(folder), { options: { watch } });
    await (await gateway.client()).request("busy.get");
  };

  await run(false);
  const before = kinds();
  await run(true);
  await run(false);

  await eventually("the resources are as before", () => {
    assert.deepEqual(kinds(), before);
    return true;
  });
});

test("a start that fails leaves nothing behind", async () => {
  using shop = createWorkshop();
  const home = join(shop.folder, "home");
  await using other = await startTestGateway({ bundled: shop.bundled("methods/config") });
  const before = kinds();

  await assert.rejects(start(shop, {}, { home, options: { port: other.port } }), { exitCode: 75 });

  await eventually("the resources are as before", () => {
    assert.deepEqual(kinds(), before);
    return true;
  });
  assert.equal(existsSync(join(home, ".openclaw/gateway.lock")), false);
  await using _ = await start(shop, {}, { home });
});

test("calls that the stop cuts off end as errors that may be repeated", async () => {
  using shop = createWorkshop();
  const folder = shop.plugin(
    "slow",
    method(
      "slow.run",
      "new Promise((_, reject) => call.signal.addEventListener('abort', () => reject(call.signal.reason)))",
    ),
  );
  const config = { plugins: enabled(folder), gateway: { shutdownTimeoutMs: 20 } };
  await using gateway = await start(shop, {}, { config });
  const client = await gateway.client();

  const running = client.request("slow.run").then(
    () => undefined,
    (error: unknown) => error,
  );
  await client.request("plugins.list", {});
  const problems = await gateway.run.stop("going down");
  const error = await running;

  assert.deepEqual(problems, []);
  assert.ok(error instanceof Error && !(error instanceof GatewayError), "the socket was closed");
});
