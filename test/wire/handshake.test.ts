import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { HelloOk } from "openclaw/plugin-sdk";
import { eventually, startTestGateway } from "openclaw/plugin-sdk/testing";
import { createDeviceKey, withDevice } from "./device-key.ts";
import { connectParams, loggedIn, RawClient } from "./raw-client.ts";
import { startToyGateway } from "./toy-gateway.ts";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

test("a socket is challenged at once, each with a nonce of its own", async () => {
  await using gateway = await startToyGateway();
  await using first = await RawClient.open(gateway.url);
  await using second = await RawClient.open(gateway.url);

  const frame = await first.challenge();
  const other = await second.challenge();

  assert.deepEqual(Object.keys(frame), ["type", "event", "payload"]);
  assert.deepEqual(Object.keys(frame.payload ?? {}), ["nonce", "ts"]);
  assert.match(String(frame.payload?.["nonce"]), UUID);
  assert.ok(Math.abs(Date.now() - Number(frame.payload?.["ts"])) < 5_000);
  assert.notEqual(frame.payload?.["nonce"], other.payload?.["nonce"]);
});

test("hello-ok has every field of the protocol and no other", async () => {
  await using gateway = await startToyGateway();
  await using client = await RawClient.open(gateway.url);
  await client.challenge();

  const answer = await client.connect(connectParams(gateway.token), "any id");

  assert.deepEqual(Object.keys(answer), ["type", "id", "ok", "payload"]);
  assert.equal(answer.id, "any id");
  const { server, features, snapshot, ...rest } = answer.payload as unknown as HelloOk;
  // The canvas has an address once there is a canvas.
  const { canvasHostUrl: _, ...plain } = rest;
  assert.deepEqual(plain, {
    type: "hello-ok",
    protocol: 3,
    policy: { maxPayload: 524_288, maxBufferedBytes: 1_572_864, tickIntervalMs: 30_000 },
  });
  const { connId, ...named } = server;
  assert.deepEqual(named, { version: gateway.run.state().version, host: hostname() });
  assert.match(connId, UUID);
  assert.deepEqual(Object.keys(features), ["methods", "events"]);
  assert.ok(features.methods.includes("health"));
  for (const event of ["connect.challenge", "tick", "shutdown", "health", "presence"])
    assert.ok(features.events.includes(event), event);
  for (const names of Object.values(features)) assert.equal(new Set(names).size, names.length);
  const { presence, health, stateVersion, uptimeMs, configPath, stateDir } = snapshot;
  assert.deepEqual([configPath, stateDir], [gateway.configPath, gateway.stateDir]);
  assert.equal(typeof health, "object");
  assert.deepEqual(Object.keys(stateVersion).toSorted(), ["health", "presence"]);
  assert.ok([uptimeMs, ...Object.values(stateVersion)].every(Number.isInteger));
  for (const entry of presence as { ts: unknown }[]) assert.ok(Number.isInteger(entry.ts));
});

test("a client finds itself in its first snapshot, except a command line", async () => {
  await using gateway = await startToyGateway();
  const identity = { version: "1", platform: "test", instanceId: "Me-1" };

  await using shown = await loggedIn(gateway, { client: { id: "test", mode: "ui", ...identity } });
  await using hidden = await loggedIn(gateway, {
    client: { id: "cli", mode: "cli", ...identity, instanceId: "cli-1" },
  });

  const entries = shown.hello.snapshot.presence as { instanceId?: string; reason?: string; mode?: string }[];
  assert.deepEqual(
    entries.filter(({ instanceId }) => instanceId === "Me-1").map(({ reason, mode }) => ({ reason, mode })),
    [{ reason: "connect", mode: "ui" }],
  );
  const later = hidden.hello.snapshot.presence as { instanceId?: string }[];
  assert.ok(!later.some(({ instanceId }) => instanceId === "cli-1"));
});

test("a health event follows the login", async () => {
  await using gateway = await startToyGateway();
  await using client = await loggedIn(gateway);

  const event = await client.event("health");

  assert.equal(event.payload?.["ok"], true);
  assert.ok(Number.isInteger(event.seq));
});

test("any range of versions that has 3 in it is spoken as 3", async () => {
  await using gateway = await startToyGateway();

  for (const [minProtocol, maxProtocol] of [
    [3, 3],
    [1, 3],
    [3, 9],
    [1, 9],
  ] as const) {
    await using client = await loggedIn(gateway, { minProtocol, maxProtocol });
    assert.equal(client.hello.protocol, 3);
  }
});

test("any request path is the socket", async () => {
  await using gateway = await startToyGateway();

  for (const path of ["/", "/ws", "/a/b?c=d"]) {
    await using client = await loggedIn(gateway, {}, { path });
    assert.ok(client.isOpen);
  }
});

test("a number is a request id like any other and comes back as a number", async () => {
  await using gateway = await startToyGateway();
  await using client = await RawClient.open(gateway.url);

  const hello = await client.connect(connectParams(gateway.token), 1);
  client.send({ type: "req", id: 2.5, method: "health" });
  const health = await client.response(2.5);

  assert.equal(hello.ok, true);
  assert.equal(health.ok, true);
});

test("an operator who names no scope gets everything, one who names some gets those", async () => {
  await using gateway = await startToyGateway(["toy"]);
  const granted = async (scopes?: string[]) => {
    await using client = await loggedIn(gateway, scopes ? { scopes } : {});
    const answer = await client.request(scopes?.includes("operator.pairing") ? "toy.pairing" : "toy.read");
    return answer.payload?.["scopes"];
  };

  assert.deepEqual(await granted(), ["operator.admin"]);
  assert.deepEqual(await granted([]), ["operator.admin"]);
  assert.deepEqual(await granted(["operator.read"]), ["operator.read"]);
  assert.deepEqual(await granted(["operator.pairing"]), ["operator.pairing"]);
});

test("a node holds no operator scope, whatever it asks for", async () => {
  await using gateway = await startToyGateway(["toy"]);

  for (const scopes of [undefined, [], ["operator.admin"]]) {
    await using node = await loggedIn(gateway, { role: "node", ...(scopes && { scopes }) });
    const answer = await node.request("toy.node");
    assert.deepEqual([answer.payload?.["role"], answer.payload?.["scopes"]], ["node", []]);
  }
});

test("scopes are what was asked for as far as the credential holds it", async () => {
  await using gateway = await startToyGateway(["toy", "toy-auth"]);
  const identity = { id: "test", version: "1", platform: "test", mode: "test" } as const;
  const granted = async (holds: string, scopes?: string[]) => {
    const client = { ...identity, instanceId: `grant:${holds}` };
    await using login = await loggedIn(gateway, { client, auth: { token: "wrong" }, ...(scopes && { scopes }) });
    const own = login.hello.snapshot.presence.find(
      (entry) => "instanceId" in entry && entry.instanceId === client.instanceId,
    );
    return (own as { scopes?: string[] }).scopes ?? [];
  };

  assert.deepEqual(await granted("operator.read", ["operator.admin"]), ["operator.read"]);
  assert.deepEqual(await granted("operator.read,operator.pairing"), ["operator.read", "operator.pairing"]);
  assert.deepEqual(await granted("operator.admin", ["operator.write"]), ["operator.write"]);
  assert.deepEqual(await granted("operator.write,operator.approvals", ["operator.read", "operator.approvals"]), [
    "operator.read",
    "operator.approvals",
  ]);
  assert.deepEqual(await granted("", ["operator.admin"]), []);
});

test("a device token of a plugin's making stands in hello-ok", async () => {
  await using gateway = await startToyGateway(["toy-auth"]);
  const client = { id: "test", version: "1", platform: "test", mode: "test", instanceId: "token:node/" } as const;

  await using login = await loggedIn(gateway, { client, role: "node" });

  assert.deepEqual(login.hello.auth, { deviceToken: "0".repeat(32), role: "node", scopes: [] });
});

test("plugins see what a client said of itself without its secret", async () => {
  await using gateway = await startToyGateway(["toy"]);
  await using client = await loggedIn(gateway, { caps: ["tool-events"] });

  const answer = await client.request("toy.read");

  assert.deepEqual([answer.payload?.["knowsSecret"], answer.payload?.["caps"]], [false, ["tool-events"]]);
});

test("in password mode the password opens, with and without a device", async () => {
  const password = "correct horse";
  await using gateway = await startToyGateway([], {
    config: { gateway: { mode: "local", auth: { mode: "password", password } } },
  });
  const auth = { password };
  await using plain = await loggedIn(gateway, { auth });
  await using device = await RawClient.open(gateway.url);
  const { payload } = await device.challenge();
  const params = withDevice(connectParams(undefined, { auth }), createDeviceKey(), {
    nonce: String(payload?.["nonce"]),
  });

  const answer = await device.connect(params);

  assert.ok(plain.isOpen);
  assert.equal(answer.ok, true, JSON.stringify(answer.error));
});

test("without a secret on loopback everybody local is let in", async () => {
  await using gateway = await startToyGateway([], { config: { gateway: { mode: "local", auth: { mode: "none" } } } });

  await using bare = await loggedIn(gateway, { auth: undefined as never });
  await using extra = await loggedIn(gateway, { auth: { token: "unneeded" } });

  assert.ok(bare.isOpen && extra.isOpen);
});

test("a page of the gateway's own may log in", async () => {
  await using gateway = await startToyGateway();
  const origin = `http://127.0.0.1:${gateway.port}`;
  const client = { id: "webchat", version: "1", platform: "web", mode: "webchat" } as const;

  await using page = await loggedIn(gateway, { client }, { headers: { origin } });

  assert.ok(page.isOpen);
});

test("who comes while the gateway is only starting is judged by those who judge", async (t) => {
  const home = mkdtempSync(join(tmpdir(), "openclaw-start-"));
  t.after(() => rmSync(home, { recursive: true, force: true }));
  const paths = [join(import.meta.dirname, "toy-late")];
  const config = { plugins: { load: { paths }, entries: { "toy-late": { enabled: true } } } };
  // Nothing else is loaded, so that only this plugin takes its time.
  const starting = startTestGateway({ home, config, bundled: join(home, "nothing") });
  // The port is open before the plugins are there.
  const { url } = await eventually(
    "the port is open",
    () => JSON.parse(readFileSync(join(home, ".openclaw", "gateway.json"), "utf8")) as { url: string },
  );

  await using client = await RawClient.open(url);
  const answer = await client.connect(connectParams("test-token-0123456789abcdef"));
  await using _gateway = await starting;

  assert.equal(answer.error?.message, "not by me");
});
