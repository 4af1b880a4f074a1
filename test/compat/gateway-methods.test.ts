import assert from "node:assert/strict";
import { mock, test } from "node:test";
import type { GatewayError } from "openclaw/plugin-sdk";
import { eventually } from "openclaw/plugin-sdk/testing";
import register from "./fixtures/methods/index.ts";
import { fixture, Folders, hostFor, startWith, stateOf } from "./support.ts";

test("respond(true, payload) answers with the payload, and without one the key is absent", async () => {
  await using gateway = await startWith([fixture("methods")]);
  const client = await gateway.client();

  assert.deepEqual(await client.request("methods.ok", {}), { done: true });
  assert.equal(await client.request("methods.empty", {}), undefined);
});

test("respond(false, undefined, error) sends that error as it is", async () => {
  await using gateway = await startWith([fixture("methods")]);
  const client = await gateway.client();

  await assert.rejects(client.request("methods.refuse", {}), (error: GatewayError) => {
    assert.equal(error.code, "TEAPOT");
    assert.equal(error.message, "short and stout");
    assert.deepEqual(error.details, { pot: 1 });
    assert.equal(error.retryable, true);
    return true;
  });
});

test("the older respond(false, payload) keeps the payload and gains an error", async () => {
  await using gateway = await startWith([fixture("methods")]);
  const client = await gateway.client();

  await assert.rejects(client.request("methods.older", {}), (error: GatewayError) => {
    assert.equal(error.code, "UNAVAILABLE");
    assert.equal(error.message, "no such lamp");
    assert.deepEqual(error.payload, { error: "no such lamp", lamp: 7 });
    return true;
  });
  await assert.rejects(client.request("methods.olderSilent", {}), {
    code: "UNAVAILABLE",
    message: "methods.olderSilent failed",
    payload: { lamp: 7 },
  });
});

test("a throw and a rejection become UNAVAILABLE with the text", async () => {
  await using gateway = await startWith([fixture("methods")]);
  const client = await gateway.client();

  await assert.rejects(client.request("methods.throw", {}), { code: "UNAVAILABLE", message: "Error: boom" });
  await assert.rejects(client.request("methods.reject", {}), { code: "UNAVAILABLE", message: "TypeError: later boom" });
});

test("the first of two answers is sent, the second is logged", async () => {
  await using host = await hostFor(register);

  assert.equal(await host.call("methods.twice"), "first");
  assert.ok(host.log.some(({ message }) => message === "methods.twice answered twice; only the first answer was sent"));
});

test("an answer may come after the handler has returned, and a returned value is one", async () => {
  await using gateway = await startWith([fixture("methods")]);
  const client = await gateway.client();

  assert.equal(await client.request("methods.late", {}), "late");
  assert.deepEqual(await client.request("methods.returns", { a: 1 }), { params: { a: 1 } });
});

test("a handler that never answers is answered for when the time is up", async (context) => {
  context.after(() => mock.timers.reset());
  await using host = await hostFor(register);
  mock.timers.enable({ apis: ["setTimeout"] });

  const answer = host.call("methods.silent");
  // The deadline starts when the handler has returned, a few microtasks from here.
  await new Promise((resolve) => setImmediate(resolve));
  mock.timers.tick(30_000);

  await assert.rejects(answer, { code: "UNAVAILABLE", message: "handler did not respond" });
  mock.timers.reset();
});

test("names are trimmed, free-form and listed among the features", async () => {
  await using gateway = await startWith([fixture("methods")]);
  const client = await gateway.client();

  assert.equal(await client.request("methods.trimmed", {}), "trimmed");
  assert.equal(await client.request("req:free form", {}), "free");
  assert.ok(client.hello?.features.methods.includes("methods.trimmed"));
});

test("callers need operator.admin, unless the manifest lowers the scope", async () => {
  await using host = await hostFor(register, {
    manifest: { contributes: { methods: { "methods.readable": "operator.read" } } },
  });

  await assert.rejects(host.call("methods.ok", {}, { scopes: ["operator.read", "operator.write"] }), {
    code: "INVALID_REQUEST",
    message: "missing scope: operator.admin",
  });
  assert.equal(await host.call("methods.readable", {}, { scopes: ["operator.read"] }), "read");
});

test("the handler sees the request, who asks and what it may do", async () => {
  await using gateway = await startWith([fixture("methods")]);
  const client = await gateway.client();

  const seen = await client.request<{
    req: { type: string; id: string; method: string; params: unknown };
    params: unknown;
    connId: string;
    connect: { client: { id: string }; scopes: string[]; role: string; auth?: unknown };
    context: string[];
    isWebchat: boolean[];
  }>("methods.request", { lamp: 7 });

  assert.deepEqual([seen.req.type, seen.req.method, seen.params], ["req", "methods.request", { lamp: 7 }]);
  assert.match(seen.req.id, /./);
  assert.equal(seen.connId, client.hello?.server.connId);
  assert.deepEqual([seen.connect.client.id, seen.connect.role, seen.connect.auth], ["test", "operator", undefined]);
  assert.ok(seen.connect.scopes.includes("operator.admin"));
  assert.deepEqual(seen.isWebchat, [false, true]);
  assert.ok(
    ["broadcast", "broadcastToConnIds", "logGateway", "getRuntimeSnapshot"].every((name) =>
      seen.context.includes(name),
    ),
  );
});

test("parameters that are absent are an empty object", async () => {
  await using gateway = await startWith([fixture("methods")]);

  assert.deepEqual(await (await gateway.client()).request("methods.returns", undefined), { params: {} });
});

test("broadcast goes to everybody, broadcastToConnIds to those named", async () => {
  await using gateway = await startWith([fixture("methods")]);
  const [client, other] = await Promise.all([gateway.client(), gateway.client()]);
  const seen = { client: [] as unknown[], other: [] as unknown[] };
  for (const [name, one] of [
    ["client", client],
    ["other", other],
  ] as const) {
    one.on("event", ({ event, payload }) => {
      if (event === "methods.changed") seen[name].push(payload);
    });
  }

  await client.request("methods.broadcast", { lamp: "on" });
  await eventually("the broadcast", () => seen.client.length === 2 && seen.other.length > 0);

  assert.deepEqual(seen, { client: [{ lamp: "on" }, { only: "you" }], other: [{ lamp: "on" }] });
});

test("another plugin's event cannot be broadcast, and the operator hears of it", async () => {
  await using gateway = await startWith([fixture("methods")]);

  await (await gateway.client()).request("methods.foreignEvent", {});

  assert.ok(
    stateOf(gateway, "methods").diagnostics.some((text) =>
      text.startsWith('cannot broadcast: event "tick" belongs to'),
    ),
  );
});

test("internals of another product are absent from the context and named when read", async () => {
  await using gateway = await startWith([fixture("methods")]);
  const client = await gateway.client();

  assert.deepEqual(await client.request("methods.absent", {}), { isAbsent: true });
  await assert.rejects(
    client.request("methods.cron", {}),
    /context\.cron\.list is not available in this gateway \(plugin methods\)/,
  );
  assert.deepEqual(stateOf(gateway, "methods").unsupported, ["context.nodeRegistry", "context.cron.list"]);
});

test("context.cron plans and runs jobs where a plugin does so", async () => {
  using folders = new Folders();
  const planner = folders.plugin("planner", {
    "index.js": `export default (api) => {
      api.registerGatewayMethod("planner.plan", async ({ context, respond }) => {
        const { cron } = context;
        const schedule = { kind: "every", everyMs: 3600000 };
        const job = await cron.add({ name: "tea", schedule, payload: { kind: "systemEvent", text: "tea" } });
        const { name } = await cron.update(job.id, { name: "coffee" });
        const ran = await cron.run(job.id, "due");
        const jobs = await cron.list({ includeDisabled: true });
        respond(true, { name, ran, count: jobs.length, removed: await cron.remove(job.id) });
      });
    };`,
  });

  await using gateway = await startWith([planner], { stock: true });
  const client = await gateway.client();

  assert.deepEqual(await client.request("planner.plan", {}), {
    name: "coffee",
    ran: { ok: true, ran: false, reason: "not-due" },
    count: 1,
    removed: { ok: true, removed: true },
  });
});

test("a method of the stock distro cannot be taken", async () => {
  using folders = new Folders();
  const greedy = folders.plugin("greedy", {
    "index.js": `export default (api) => {
      api.registerGatewayMethod("health", ({ respond }) => respond(true, "mine"));
      api.registerGatewayMethod("greedy.ok", ({ respond }) => respond(true, "ok"));
    };`,
  });

  await using gateway = await startWith([greedy], { stock: true });

  const client = await gateway.client();
  assert.equal((await client.request<{ ok: boolean }>("health", {})).ok, true);
  assert.equal(await client.request("greedy.ok", {}), "ok");
  assert.equal(stateOf(gateway, "system").state, "active");
  assert.deepEqual(stateOf(gateway, "greedy").diagnostics, [
    'method "health" belongs to plugin "system"; it was not registered again',
  ]);
});

test("announcing a stock method in the manifest does not take it either", async () => {
  using folders = new Folders();
  const greedy = folders.plugin("greedy", {
    "openclaw.plugin.json": JSON.stringify({
      id: "greedy",
      activation: "startup",
      contributes: { methods: ["health"] },
    }),
    "index.js": `export default (api) => api.registerGatewayMethod("health", ({ respond }) => respond(true, "mine"));`,
  });

  await using gateway = await startWith([greedy], { stock: true });

  assert.equal((await (await gateway.client()).request<{ ok: boolean }>("health", {})).ok, true);
  assert.equal(stateOf(gateway, "system").state, "active");
});

test("of two plugins that register one name, one has it and the other says so", async () => {
  using folders = new Folders();
  const code = (id: string) => `export default (api) => {
    api.registerGatewayMethod("shared.name", ({ respond }) => respond(true, "${id}"));
    api.registerGatewayMethod("${id}.own", ({ respond }) => respond(true, "${id}"));
  };`;
  const both = ["one", "two"].map((id) => folders.plugin(id, { "index.js": code(id) }));

  await using gateway = await startWith(both);

  const client = await gateway.client();
  const holder = await client.request<string>("shared.name", {});
  const loser = holder === "one" ? "two" : "one";
  assert.equal(await client.request(`${loser}.own`, {}), loser);
  assert.deepEqual(stateOf(gateway, loser).diagnostics, [
    `method "shared.name" belongs to plugin "${holder}"; it was not registered again`,
  ]);
  assert.deepEqual(stateOf(gateway, holder).diagnostics, []);
});
