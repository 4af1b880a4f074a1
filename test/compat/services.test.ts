import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { eventually } from "openclaw/plugin-sdk/testing";
import { registerServices } from "./fixtures/services/index.ts";
import { fixture, Folders, hostFor, startWith, stateOf } from "./support.ts";

const LISTEN = { host: "127.0.0.1", port: 18_789 };
const LIVES = ["start first", "started first", "start failing", "start second", "started second"];

test("services start after the port is open, one after the other, and a failing one holds up nobody", async () => {
  const seen: string[] = [];
  await using host = await hostFor((api) => registerServices(api, seen));

  assert.equal(seen.length, 0);
  await host.hooks.listening.promise(LISTEN);
  await eventually("the last start", () => seen.includes("started second"));

  assert.deepEqual(seen, LIVES);
  assert.ok(
    host.log.some(({ level, message }) => level === "error" && message === 'service "failing" failed to start'),
  );
});

test("services stop in reverse order, those that failed to start too", async () => {
  const seen: string[] = [];
  await using host = await hostFor((api) => registerServices(api, seen));
  await host.hooks.listening.promise(LISTEN);
  await eventually("the last start", () => seen.includes("started second"));

  await host.close();

  assert.deepEqual(seen.slice(LIVES.length), ["stop second", "stop failing", "stop first"]);
});

test("a service that never started is not stopped", async () => {
  const seen: string[] = [];
  await using host = await hostFor((api) => registerServices(api, seen));

  await host.close();

  assert.deepEqual(seen, []);
});

test("a service gets configuration, folders and a log", async () => {
  let context: object | undefined;
  await using host = await hostFor(
    (api) => api.registerService({ id: "curious", start: (given) => void (context = given), stop: () => undefined }),
    { settings: { agents: { defaults: { workspace: "/somewhere" } } } },
  );

  await host.hooks.listening.promise(LISTEN);
  const given = (await eventually("start", () => context)) as Record<string, unknown>;

  assert.deepEqual(given["config"], { agents: { defaults: { workspace: "/somewhere" } } });
  assert.deepEqual([given["workspaceDir"], given["stateDir"]], ["/somewhere", host.stateDir]);
  assert.equal(typeof (given["logger"] as { info: unknown }).info, "function");
});

test("a service that never comes up lets the next one start after the limit", async () => {
  const seen: string[] = [];
  await using host = await hostFor((api) => {
    api.registerService({ id: "stuck", start: () => new Promise(() => {}), stop: () => undefined });
    api.registerService({ id: "next", start: () => void seen.push("next"), stop: () => undefined });
  });
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    await host.hooks.listening.promise(LISTEN);
    await turns();
    mock.timers.tick(30_000);
    await turns();

    assert.deepEqual(seen, ["next"]);
    assert.ok(host.notes.diagnostics.has('service "stuck" has not started after 30 s'));
  } finally {
    // Its end would wait for the stuck start on the mocked clock.
    mock.timers.reset();
  }
});

test("a service without stop is told what it leaves behind", async () => {
  await using host = await hostFor((api) => api.registerService({ id: "leaky", start: () => undefined }));

  assert.deepEqual(
    [...host.notes.diagnostics],
    ['service "leaky" has no stop; what it starts outlives a reload, such as its setInterval timers'],
  );
});

test("a plugin that waits for its first use is told what that means for services, hooks and handlers", async () => {
  await using host = await hostFor(
    (api) => {
      api.registerService({ id: "clock", start: () => undefined, stop: () => undefined });
      api.on("gateway_start", () => undefined);
      api.registerHttpHandler(() => false);
    },
    { manifest: { contributes: { methods: ["clock.read"] } } },
  );

  const waits = [...host.notes.diagnostics].filter((text) => text.includes("first use"));

  assert.deepEqual(
    waits,
    ["services", "hooks", "http handlers"].map(
      (what) => `its ${what} run from its first use on; set activation to "startup" in the manifest`,
    ),
  );
});

test("in a gateway, services run, are listed, and may come late", async () => {
  await using gateway = await startWith([fixture("services")]);
  const client = await gateway.client();
  const seen = () => client.request<string[]>("services.seen", {});

  await eventually("the starts", async () => (await seen()).includes("started second"));
  await client.request("services.late", {});
  await eventually("the late start", async () => (await seen()).includes("start late"));

  assert.deepEqual(stateOf(gateway, "services").contributes["services"], ["first", "failing", "second", "late"]);
});

test("the services of one plugin do not wait for those of another", async () => {
  using folders = new Folders();
  const stuck = folders.plugin("stuck", {
    "index.js": `export default (api) => api.registerService({ id: "stuck", start: () => new Promise(() => {}), stop() {} });`,
  });

  await using gateway = await startWith([stuck, fixture("services")]);

  const client = await gateway.client();
  await eventually("the other's services", async () =>
    (await client.request<string[]>("services.seen", {})).includes("started second"),
  );
});

async function turns(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
}
