import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mock, test } from "node:test";
import type { DevicePairRequest, PairedDevice } from "openclaw/plugin-sdk";
import { startTestGateway } from "openclaw/plugin-sdk/testing";
import type { TestGateway } from "openclaw/plugin-sdk/testing";
import { createDeviceKey, withDevice } from "./device-key.ts";
import { ALL_SCOPES, attempt, deviceToken, login, outcome } from "./device-login.ts";
import type { LoginOptions } from "./device-login.ts";
import { connectParams, loggedIn, RawClient } from "./raw-client.ts";

interface Listed {
  readonly pending: readonly DevicePairRequest[];
  readonly paired: readonly PairedDevice[];
}

async function list(client: RawClient): Promise<Listed> {
  return (await client.request("device.pair.list")).payload as unknown as Listed;
}

/** Ask to be paired from afar; the id of the request. */
async function ask(gateway: TestGateway, options: LoginOptions): Promise<string> {
  const { client, answer } = await attempt(gateway, { auth: { token: gateway.token }, remote: true, ...options });
  await using open = client;
  assert.deepEqual([answer.error?.code, answer.error?.message], ["NOT_PAIRED", "pairing required"]);
  assert.deepEqual(await open.closed(), { code: 1008, reason: "pairing required" });
  return String((answer.error?.["details"] as { requestId?: string } | undefined)?.requestId);
}

const PHONE = {
  role: "node",
  scopes: [],
  client: { id: "openclaw-ios", mode: "node", platform: "ios", displayName: "iPhone" },
} as const;

test("a device from afar is announced, waits, is approved and comes in", async () => {
  await using gateway = await startTestGateway();
  await using owner = await loggedIn(gateway);
  await using reader = await loggedIn(gateway, { scopes: ["operator.read"] });
  const key = createDeviceKey();

  const requestId = await ask(gateway, { key, ...PHONE });
  const requested = await owner.event("device.pair.requested");
  const { pending, paired } = await list(owner);
  const approved = await owner.request("device.pair.approve", { requestId });
  const resolved = await owner.event("device.pair.resolved");
  await using phone = (await login(gateway, { key, auth: { token: gateway.token }, remote: true, ...PHONE })).client;

  const { ts, ...request } = requested.payload as unknown as DevicePairRequest;
  assert.ok(Number.isInteger(ts) && Number.isInteger(requested.seq));
  assert.deepEqual(request, {
    requestId,
    deviceId: key.id,
    publicKey: key.publicKey,
    displayName: "iPhone",
    platform: "ios",
    clientId: "openclaw-ios",
    clientMode: "node",
    role: "node",
    roles: ["node"],
    scopes: [],
    remoteIp: "127.0.0.1",
    silent: false,
    isRepair: false,
  });
  assert.deepEqual(pending, [requested.payload]);
  assert.deepEqual(paired, []);
  const { device } = approved.payload as unknown as { device: PairedDevice };
  const { createdAtMs, approvedAtMs, tokens, ...profile } = device;
  assert.equal(createdAtMs, approvedAtMs);
  assert.deepEqual(tokens, [{ role: "node", scopes: [], createdAtMs }]);
  const { requestId: _, silent: _silent, isRepair: _repair, ...said } = request;
  assert.deepEqual(profile, said);
  const { ts: resolvedTs, ...decision } = resolved.payload ?? {};
  assert.ok(Number.isInteger(resolvedTs));
  assert.deepEqual(decision, { requestId, deviceId: key.id, decision: "approved" });
  assert.ok(phone.isOpen);
  assert.ok(!reader.frames.some(({ event }) => event?.startsWith("device.pair.")), "only for those who may pair");
});

test("a request keeps its number and what it asks for until it is answered", async () => {
  await using gateway = await startTestGateway();
  await using owner = await loggedIn(gateway);
  const key = createDeviceKey();

  const first = await ask(gateway, { key, scopes: ["operator.read"] });
  const again = await ask(gateway, { key, scopes: ["operator.read"] });
  // Whoever has read the request approves what it said, and nothing that came after.
  const greedy = await ask(gateway, { key, scopes: ["operator.admin"] });
  const { pending } = await list(owner);
  await owner.request("device.pair.approve", { requestId: first });
  const upgrade = await ask(gateway, { key, scopes: ["operator.admin"] });

  assert.deepEqual([again, greedy], [first, first]);
  assert.deepEqual(
    pending.map(({ scopes }) => scopes),
    [["operator.read"]],
  );
  assert.notEqual(upgrade, first);
  assert.equal((await list(owner)).pending[0]?.isRepair, true);
  assert.equal(owner.frames.filter(({ event }) => event === "device.pair.requested").length, 2);
});

test("more scopes and another role are asked for, and add to what the device has", async () => {
  await using gateway = await startTestGateway();
  await using owner = await loggedIn(gateway);
  const auth = { token: gateway.token };
  const key = createDeviceKey();
  const approve = async (options: LoginOptions) =>
    owner.request("device.pair.approve", { requestId: await ask(gateway, { key, ...options }) });
  await approve({ scopes: ["operator.read"] });

  assert.equal(await outcome(gateway, { key, auth, remote: true, scopes: ["operator.read"] }), "ok");
  await approve({ scopes: ["operator.write"] });
  assert.equal(await outcome(gateway, { key, auth, remote: true, scopes: ["operator.write", "operator.read"] }), "ok");
  await approve(PHONE);
  assert.equal(await outcome(gateway, { key, auth, remote: true, ...PHONE }), "ok");

  const [device] = (await list(owner)).paired;
  assert.deepEqual(device?.roles, ["operator", "node"]);
  assert.deepEqual(device?.scopes, ["operator.read", "operator.write"]);
  assert.deepEqual(
    device?.tokens.map(({ role, scopes }) => [role, ...scopes]),
    [["operator", "operator.read", "operator.write"], ["node"]],
  );
});

test("on this machine a device gets what it asks for at once, roles and scopes too", async () => {
  await using gateway = await startTestGateway();
  await using owner = await loggedIn(gateway);
  const auth = { token: gateway.token };
  const key = createDeviceKey();

  for (const options of [{ scopes: ["operator.read"] }, { scopes: ALL_SCOPES }, PHONE]) {
    assert.equal(await outcome(gateway, { key, auth, ...options }), "ok");
    assert.equal((await owner.event("device.pair.resolved")).payload?.["decision"], "approved");
    assert.equal(await outcome(gateway, { key, auth, remote: true, ...options }), "ok");
  }
  assert.ok(!owner.frames.some(({ event }) => event === "device.pair.requested"));
});

test("a waiting request of a device that comes in from this machine is answered with that", async () => {
  await using gateway = await startTestGateway();
  await using owner = await loggedIn(gateway);
  const key = createDeviceKey();
  const requestId = await ask(gateway, { key });

  await outcome(gateway, { key, auth: { token: gateway.token } });

  assert.equal((await owner.event("device.pair.resolved")).payload?.["requestId"], requestId);
  assert.deepEqual((await list(owner)).pending, []);
});

test("a rejected device stays out; what is not there cannot be answered", async () => {
  await using gateway = await startTestGateway();
  await using owner = await loggedIn(gateway);
  const key = createDeviceKey();
  const requestId = await ask(gateway, { key });

  const rejected = await owner.request("device.pair.reject", { requestId });

  assert.deepEqual(rejected.payload, { requestId, deviceId: key.id });
  assert.equal((await owner.event("device.pair.resolved")).payload?.["decision"], "rejected");
  for (const method of ["device.pair.reject", "device.pair.approve"])
    assert.equal((await owner.request(method, { requestId })).error?.message, "unknown requestId");
  assert.notEqual(await ask(gateway, { key }), requestId);
});

test("nobody approves more than they may do themselves", async () => {
  await using gateway = await startTestGateway();
  await using pairing = await loggedIn(gateway, { scopes: ["operator.pairing", "operator.write"] });
  const admin = await ask(gateway, { key: createDeviceKey(), scopes: ["operator.admin"] });
  const reader = await ask(gateway, { key: createDeviceKey(), scopes: ["operator.read"] });
  const node = await ask(gateway, { key: createDeviceKey(), ...PHONE });

  const refused = await pairing.request("device.pair.approve", { requestId: admin });

  assert.equal(refused.error?.message, "missing scope: operator.admin");
  assert.equal((await pairing.request("device.pair.approve", { requestId: reader })).ok, true, "write has read");
  assert.equal((await pairing.request("device.pair.approve", { requestId: node })).ok, true);
});

test("a request that nobody answers is gone after five minutes", async () => {
  await using gateway = await startTestGateway();
  await using owner = await loggedIn(gateway);
  const requestId = await ask(gateway, { key: createDeviceKey() });
  mock.timers.enable({ apis: ["Date"], now: Date.now() + 300_001 });
  using _timers = mock.timers;

  const answer = await owner.request("device.pair.approve", { requestId });

  assert.equal(answer.error?.message, "unknown requestId");
  assert.deepEqual((await list(owner)).pending, []);
});

test("S-12 behind a proxy nothing pairs by itself, whatever the header says", async () => {
  await using gateway = await startTestGateway();
  const key = createDeviceKey();
  const from = async (headers: Record<string, string>) => {
    await using client = await RawClient.open(gateway.url, { headers });
    const { payload } = await client.challenge();
    const params = connectParams(gateway.token);
    const answer = await client.connect(withDevice(params, key, { nonce: String(payload?.["nonce"]) }));
    return answer.ok ? "ok" : answer.error?.message;
  };

  for (const name of ["X-Forwarded-For", "X-Real-IP", "Forwarded", "CF-Connecting-IP", "Tailscale-User-Login", "Via"])
    for (const value of ["127.0.0.1", ""]) assert.equal(await from({ [name]: value }), "pairing required", name);
  assert.match(String(await from({ origin: "http://evil.example" })), /^origin not allowed/);
  assert.equal(await from({ origin: `http://127.0.0.1:${gateway.port}` }), "ok");
});

/** A home that outlives its gateways. */
function homeOf(t: { after(fn: () => void): void }): {
  readonly home: string;
  readonly file: (name: string) => string;
} {
  const home = mkdtempSync(join(tmpdir(), "openclaw-devices-"));
  t.after(() => rmSync(home, { recursive: true, force: true }));
  return { home, file: (name) => join(home, ".openclaw", "devices", name) };
}

test("devices and requests outlive a restart, tokens as hashes in files of their owner's", async (t) => {
  const { home, file } = homeOf(t);
  const [known, waiting] = [createDeviceKey(), createDeviceKey()];
  let token: string;
  let requestId: string;
  {
    await using before = await startTestGateway({ home, config: {} });
    token = await deviceToken(before, { key: known, auth: { token: before.token } });
    requestId = await ask(before, { key: waiting });
  }

  for (const name of ["paired.json", "pending.json"]) {
    assert.equal(statSync(file(name)).mode & 0o777, 0o600);
    assert.ok(!readFileSync(file(name), "utf8").includes(token), "not the token itself");
  }
  const paired = JSON.parse(readFileSync(file("paired.json"), "utf8")) as Record<string, { tokens: object }>;
  assert.deepEqual(Object.keys(paired), [known.id]);
  assert.deepEqual(Object.keys(paired[known.id]?.tokens ?? {}), ["operator"]);
  await using after = await startTestGateway({ home });
  await using owner = await loggedIn(after);
  assert.equal((await list(owner)).pending[0]?.requestId, requestId);
  const back = await login(after, { key: known, auth: { token }, remote: true });
  await using _open = back.client;
  assert.equal(back.auth?.deviceToken, token);
  assert.equal((await owner.request("device.pair.approve", { requestId })).ok, true);
});

test("a device whose token this process never saw gets a new one for the shared secret", async (t) => {
  const { home } = homeOf(t);
  const key = createDeviceKey();
  let old: string;
  {
    await using before = await startTestGateway({ home, config: {} });
    old = await deviceToken(before, { key, auth: { token: before.token } });
  }
  await using after = await startTestGateway({ home });

  const fresh = await deviceToken(after, { key, auth: { token: after.token }, remote: true });

  assert.notEqual(fresh, old);
  assert.equal(await outcome(after, { key, auth: { token: fresh }, remote: true }), "ok");
  assert.match(await outcome(after, { key, auth: { token: old } }), /token mismatch/);
});

test("files of the established product are taken over, their tokens too, and unknown fields kept", async (t) => {
  const { home, file } = homeOf(t);
  const key = createDeviceKey();
  const token = "0123456789abcdef0123456789abcdef";
  const record = {
    deviceId: key.id,
    publicKey: key.publicKey,
    platform: "linux",
    clientId: "cli",
    clientMode: "cli",
    role: "operator",
    roles: ["operator"],
    scopes: ALL_SCOPES,
    createdAtMs: 1_700_000_000_000,
    approvedAtMs: 1_700_000_000_000,
    tokens: { operator: { token, role: "operator", scopes: ALL_SCOPES, createdAtMs: 1_700_000_000_000 } },
    note: "mine",
  };
  const odd = { deviceId: "odd" };
  mkdirSync(join(home, ".openclaw", "devices"), { recursive: true });
  writeFileSync(file("paired.json"), JSON.stringify({ [key.id]: record, odd }));
  {
    await using gateway = await startTestGateway({ home, config: {} });

    const { client, auth } = await login(gateway, { key, auth: { token }, remote: true });
    await using _open = client;

    assert.deepEqual([auth?.deviceToken, auth?.issuedAtMs], [token, 1_700_000_000_000]);
    const [plugin] = gateway.run.plugins().filter(({ id }) => id === "devices");
    assert.match(JSON.stringify(plugin), /passing over what is no record: odd/);
  }
  const text = readFileSync(file("paired.json"), "utf8");
  const after = JSON.parse(text) as Record<string, { note?: string }>;
  assert.ok(!text.includes(token));
  assert.deepEqual([after[key.id]?.note, after["odd"]], ["mine", odd]);
});

test("a damaged file is put aside and told, never written over", async (t) => {
  const { home, file } = homeOf(t);
  mkdirSync(join(home, ".openclaw", "devices"), { recursive: true });
  writeFileSync(file("paired.json"), '{"half":');
  await using gateway = await startTestGateway({ home, config: {} });

  assert.equal(await outcome(gateway, { key: createDeviceKey(), auth: { token: gateway.token } }), "ok");

  const [aside] = readdirSync(join(home, ".openclaw", "devices")).filter((name) => name.includes(".corrupt-"));
  assert.equal(readFileSync(file(aside as string), "utf8"), '{"half":');
  const [plugin] = gateway.run.plugins().filter(({ id }) => id === "devices");
  assert.match(JSON.stringify(plugin), /paired\.json is damaged and was moved to/);
});
