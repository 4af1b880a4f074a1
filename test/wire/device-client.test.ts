import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { ConnectionError, DeviceTokens, GatewayClient, loadDeviceIdentity } from "openclaw/plugin-sdk";
import type { ClientDevice, ClientOptions } from "openclaw/plugin-sdk";
import { startTestGateway } from "openclaw/plugin-sdk/testing";
import type { TestGateway } from "openclaw/plugin-sdk/testing";

const ALL = ["operator.admin", "operator.approvals", "operator.pairing"];
const REMOTE = { "x-forwarded-for": "203.0.113.9" };

/** A state directory of a client's own. */
function clientState(t: TestContext): { readonly stateDir: string; readonly path: (name: string) => string } {
  const stateDir = mkdtempSync(join(tmpdir(), "openclaw-client-"));
  t.after(() => rmSync(stateDir, { recursive: true, force: true }));
  return { stateDir, path: (name) => join(stateDir, "identity", name) };
}

function deviceOf(stateDir: string, gateway?: string): ClientDevice {
  const identity = loadDeviceIdentity(stateDir);
  return { identity, tokens: new DeviceTokens(stateDir, identity.deviceId, gateway) };
}

/** Log in once; "ok" or what the gateway says. */
async function attempt(gateway: TestGateway, options: Partial<ClientOptions>): Promise<string> {
  const client = new GatewayClient({
    url: gateway.url,
    client: { id: "cli", version: "1", platform: "test", mode: "cli" },
    scopes: ALL,
    ...options,
  });
  try {
    await client.connect();
    return "ok";
  } catch (error) {
    assert.ok(error instanceof ConnectionError);
    return error.message;
  } finally {
    await client.close();
  }
}

test("an identity is made once, for its owner alone, as established clients keep it", (t) => {
  const { stateDir, path } = clientState(t);

  const made = loadDeviceIdentity(stateDir);
  const again = loadDeviceIdentity(stateDir);

  assert.deepEqual([again.deviceId, again.publicKey], [made.deviceId, made.publicKey]);
  const raw = Buffer.from(made.publicKey, "base64url");
  assert.equal(createHash("sha256").update(raw).digest("hex"), made.deviceId);
  const file = JSON.parse(readFileSync(path("device.json"), "utf8")) as Record<string, unknown>;
  assert.deepEqual(Object.keys(file), ["version", "deviceId", "publicKeyPem", "privateKeyPem", "createdAtMs"]);
  assert.deepEqual([file["version"], file["deviceId"]], [1, made.deviceId]);
  assert.equal(statSync(path("device.json")).mode & 0o777, 0o600);
  assert.equal(statSync(join(stateDir, "identity")).mode & 0o777, 0o700);
  assert.deepEqual(readdirSync(join(stateDir, "identity")), ["device.json"]);
});

test("an identity that holds no key is put aside and a new one made", (t) => {
  const { stateDir, path } = clientState(t);
  const before = loadDeviceIdentity(stateDir);
  writeFileSync(path("device.json"), "{");

  const after = loadDeviceIdentity(stateDir);

  assert.notEqual(after.deviceId, before.deviceId);
  const [aside] = readdirSync(join(stateDir, "identity")).filter((name) => name.startsWith("device.json.corrupt-"));
  assert.equal(readFileSync(path(aside as string), "utf8"), "{");
});

test("a client on this machine is paired by its first login and needs no shared token after it", async (t) => {
  const { stateDir, path } = clientState(t);
  await using gateway = await startTestGateway();
  const device = () => deviceOf(stateDir);

  assert.equal(await attempt(gateway, { device, token: gateway.token }), "ok");
  const file = JSON.parse(readFileSync(path("device-auth.json"), "utf8")) as {
    deviceId: string;
    tokens: Record<string, { token: string; role: string; scopes: string[]; updatedAtMs: number }>;
  };
  assert.equal(file.deviceId, device().identity.deviceId);
  const { updatedAtMs, token, ...kept } = file.tokens["operator"] ?? { updatedAtMs: "", token: "" };
  assert.deepEqual([kept, typeof updatedAtMs], [{ role: "operator", scopes: ALL }, "number"]);
  assert.match(token, /^[0-9a-f]{32}$/);
  assert.equal(statSync(path("device-auth.json")).mode & 0o777, 0o600);

  const before = statSync(path("device-auth.json")).mtimeMs;
  assert.equal(await attempt(gateway, { device }), "ok");
  assert.equal(await attempt(gateway, { device, headers: REMOTE }), "ok");
  assert.equal(statSync(path("device-auth.json")).mtimeMs, before, "nothing new, nothing written");
});

test("a token that is not good any more gives way to the shared one, in the same call", async (t) => {
  const { stateDir } = clientState(t);
  await using gateway = await startTestGateway();
  const device = () => deviceOf(stateDir);
  await attempt(gateway, { device, token: gateway.token });
  const { deviceId } = device().identity;
  const old = device().tokens?.get("operator")?.token;
  const admin = await gateway.client({ scopes: ["operator.pairing"] });
  await admin.request("device.token.revoke", { deviceId, role: "operator" });

  assert.match(await attempt(gateway, { device }), /^unauthorized: gateway token mismatch/);
  assert.equal(device().tokens?.get("operator")?.token, old, "there is nothing to fall back on, so it stays");
  assert.equal(await attempt(gateway, { device, token: gateway.token }), "ok");
  assert.notEqual(device().tokens?.get("operator")?.token, old);
  assert.equal(await attempt(gateway, { device }), "ok");
});

test("a token that does not cover the scopes is not tried", async (t) => {
  const { stateDir } = clientState(t);
  await using gateway = await startTestGateway();
  const device = () => deviceOf(stateDir);
  await attempt(gateway, { device, token: gateway.token, scopes: ["operator.read"] });

  assert.equal(await attempt(gateway, { device, token: gateway.token }), "ok");
  assert.deepEqual(device().tokens?.get("operator")?.scopes, [...ALL, "operator.read"]);
  assert.equal(await attempt(gateway, { device, scopes: ["operator.read"] }), "ok");
});

test("what one gateway gave is not shown to another", async (t) => {
  const { stateDir } = clientState(t);
  await using here = await startTestGateway();
  await using there = await startTestGateway();
  const local = () => deviceOf(stateDir);
  const other = () => deviceOf(stateDir, there.url);
  await attempt(here, { device: local, token: here.token });

  assert.match(await attempt(there, { device: other }), /^unauthorized: gateway token missing/);
  assert.equal(await attempt(there, { device: other, token: there.token }), "ok");
  assert.notEqual(other().tokens?.get("operator")?.token, local().tokens?.get("operator")?.token);
  assert.equal(await attempt(here, { device: local }), "ok");
  assert.equal(await attempt(there, { device: other }), "ok");
});

test("from afar a client waits to be let in, and then is", async (t) => {
  const { stateDir } = clientState(t);
  await using gateway = await startTestGateway();
  const device = () => deviceOf(stateDir);
  const options = { device, token: gateway.token, headers: REMOTE };
  const admin = await gateway.client();

  assert.equal(await attempt(gateway, options), "pairing required");
  const { pending } = await admin.request<{ pending: { requestId: string }[] }>("device.pair.list");
  await admin.request("device.pair.approve", { requestId: pending[0]?.requestId });

  assert.equal(await attempt(gateway, options), "ok");
  assert.equal(await attempt(gateway, { device, headers: REMOTE }), "ok");
});

test("a gateway that is not there leaves no identity behind", async (t) => {
  const { stateDir } = clientState(t);
  await using gateway = await startTestGateway();
  const url = "ws://127.0.0.1:1";

  assert.match(await attempt(gateway, { url, device: () => deviceOf(stateDir) }), /ECONNREFUSED/);
  assert.equal(existsSync(join(stateDir, "identity")), false);
});

test("a device that cannot be used ends the attempt and says why", async () => {
  await using gateway = await startTestGateway();
  const client = new GatewayClient({
    url: gateway.url,
    client: { id: "cli", version: "1", platform: "test", mode: "cli" },
    device: () => {
      throw new Error("the key is on another machine");
    },
  });

  await assert.rejects(client.connect(), /the key is on another machine/);
  await client.close();
});
