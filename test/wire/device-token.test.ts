import assert from "node:assert/strict";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { PairedDevice } from "openclaw/plugin-sdk";
import { startTestGateway } from "openclaw/plugin-sdk/testing";
import { createDeviceKey } from "./device-key.ts";
import { ALL_SCOPES, attempt, deviceToken, login, outcome } from "./device-login.ts";
import { loggedIn } from "./raw-client.ts";
import type { RawClient } from "./raw-client.ts";

const MISMATCH = /^unauthorized: gateway token mismatch/;

async function paired(client: RawClient, deviceId: string): Promise<PairedDevice | undefined> {
  const { payload } = await client.request("device.pair.list");
  return (payload as unknown as { paired: PairedDevice[] }).paired.find((device) => device.deviceId === deviceId);
}

test("rotate gives a new token and ends what the old one opened", async () => {
  await using gateway = await startTestGateway();
  await using owner = await loggedIn(gateway);
  const key = createDeviceKey();
  const old = await deviceToken(gateway, { key, auth: { token: gateway.token } });
  await using live = (await login(gateway, { key, auth: { token: old } })).client;
  await using bystander = (await login(gateway, { key: createDeviceKey(), auth: { token: gateway.token } })).client;

  const { payload } = await owner.request("device.token.rotate", { deviceId: key.id, role: "operator" });

  const { token, rotatedAtMs, ...rest } = payload as { token: string; rotatedAtMs: number };
  assert.match(token, /^[0-9a-f]{32}$/);
  assert.deepEqual(rest, { deviceId: key.id, role: "operator", scopes: ALL_SCOPES });
  assert.deepEqual(await live.closed(), { code: 1008, reason: "device token rotated" });
  assert.match(await outcome(gateway, { key, auth: { token: old } }), MISMATCH);
  const { client, auth } = await login(gateway, { key, auth: { token }, remote: true });
  await using _back = client;
  assert.deepEqual([auth?.deviceToken, auth?.issuedAtMs], [token, rotatedAtMs]);
  assert.equal((await paired(owner, key.id))?.tokens[0]?.rotatedAtMs, rotatedAtMs);
  assert.ok(bystander.isOpen && owner.isOpen);
});

test("revoke ends what the token opened, and it opens nothing again", async () => {
  await using gateway = await startTestGateway();
  await using owner = await loggedIn(gateway);
  const key = createDeviceKey();
  const old = await deviceToken(gateway, { key, auth: { token: gateway.token } });
  await using live = (await login(gateway, { key, auth: { token: old }, remote: true })).client;

  const { payload } = await owner.request("device.token.revoke", { deviceId: key.id, role: "operator" });

  const { revokedAtMs, ...rest } = payload as { revokedAtMs: number };
  assert.deepEqual(rest, { deviceId: key.id, role: "operator" });
  assert.deepEqual(await live.closed(), { code: 1008, reason: "device token revoked" });
  assert.match(await outcome(gateway, { key, auth: { token: old } }), MISMATCH);
  assert.equal((await paired(owner, key.id))?.tokens[0]?.revokedAtMs, revokedAtMs);
  // With the shared secret the device is still paired; it gets another token.
  const fresh = await deviceToken(gateway, { key, auth: { token: gateway.token }, remote: true });
  assert.notEqual(fresh, old);
  assert.match(await outcome(gateway, { key, auth: { token: old } }), MISMATCH);
});

test("a reload of the plugin forgets nothing", async () => {
  await using gateway = await startTestGateway();
  await using owner = await loggedIn(gateway);
  const [key, waiting] = [createDeviceKey(), createDeviceKey()];
  const token = await deviceToken(gateway, { key, auth: { token: gateway.token } });
  await using live = (await login(gateway, { key, auth: { token } })).client;
  await outcome(gateway, { key: waiting, auth: { token: gateway.token }, remote: true });

  assert.equal((await owner.request("plugins.reload", { id: "devices" })).ok, true);

  assert.equal(await deviceToken(gateway, { key, auth: { token: gateway.token }, remote: true }), token);
  const { pending } = (await owner.request("device.pair.list")).payload as { pending: { deviceId: string }[] };
  assert.deepEqual(
    pending.map(({ deviceId }) => deviceId),
    [waiting.id],
  );
  await owner.request("device.token.revoke", { deviceId: key.id, role: "operator" });
  assert.equal((await live.closed()).reason, "device token revoked");
});

test("who changes its own token hears the answer before it is out", async () => {
  await using gateway = await startTestGateway();
  const key = createDeviceKey();
  for (const [method, reason] of [
    ["device.token.rotate", "device token rotated"],
    ["device.token.revoke", "device token revoked"],
  ] as const) {
    await using own = (await login(gateway, { key, auth: { token: gateway.token } })).client;

    const answer = await own.request(method, { deviceId: key.id, role: "operator" });

    assert.equal(answer.ok, true);
    assert.deepEqual(await own.closed(), { code: 1008, reason });
  }
});

test("S-10 a rotated token has no scope that its caller or its device lacks", async () => {
  await using gateway = await startTestGateway();
  await using owner = await loggedIn(gateway);
  await using pairing = await loggedIn(gateway, { scopes: ["operator.pairing"] });
  const [admin, reader] = [createDeviceKey(), createDeviceKey()];
  const auth = { token: gateway.token };
  const old = await deviceToken(gateway, { key: admin, auth });
  await deviceToken(gateway, { key: reader, auth, scopes: ["operator.read"] });
  const rotate = async (by: RawClient, deviceId: string, scopes?: string[], role = "operator") =>
    (await by.request("device.token.rotate", { deviceId, role, ...(scopes && { scopes }) })).error?.message;

  assert.equal(await rotate(pairing, admin.id), "missing scope: operator.admin");
  assert.equal(await rotate(pairing, admin.id, ["operator.admin"]), "missing scope: operator.admin");
  assert.match(String(await rotate(owner, reader.id, ["operator.admin"])), /^scope operator\.admin was not approved/);
  assert.equal(await rotate(owner, admin.id, ["operator.root"]), "unknown scope: operator.root");
  assert.equal(await rotate(owner, admin.id, ["__proto__"]), "unknown scope: __proto__");
  assert.equal(await outcome(gateway, { key: admin, auth: { token: old } }), "ok", "a refusal changes nothing");
  assert.equal(await rotate(pairing, admin.id, ["operator.pairing"]), undefined);
  // Narrower now: more has to be asked for.
  const { answer, client } = await attempt(gateway, { key: admin, auth, remote: true });
  await using _open = client;
  assert.equal(answer.error?.message, "pairing required");
});

test("tokens that are not there are said to be unknown, whatever their names", async () => {
  await using gateway = await startTestGateway();
  await using owner = await loggedIn(gateway);
  const key = createDeviceKey();
  await deviceToken(gateway, { key, auth: { token: gateway.token } });

  for (const method of ["device.token.rotate", "device.token.revoke"]) {
    for (const [deviceId, role] of [
      ["0".repeat(64), "operator"],
      [key.id, "node"],
      [key.id, "__proto__"],
      ["__proto__", "operator"],
      ["constructor", "constructor"],
    ]) {
      const { error } = await owner.request(method, { deviceId, role });
      assert.deepEqual(
        [error?.code, error?.message],
        ["INVALID_REQUEST", "unknown deviceId/role"],
        `${method} ${role}`,
      );
    }
    assert.match(String((await owner.request(method, { deviceId: key.id })).error?.message), /^invalid device\.token/);
  }
});

test("a token that was used says when", async () => {
  await using gateway = await startTestGateway();
  await using owner = await loggedIn(gateway);
  const key = createDeviceKey();
  const token = await deviceToken(gateway, { key, auth: { token: gateway.token } });
  const before = (await paired(owner, key.id))?.tokens[0];

  await outcome(gateway, { key, auth: { token } });

  const after = (await paired(owner, key.id))?.tokens[0];
  assert.equal(before?.lastUsedAtMs, undefined);
  assert.ok(Number(after?.lastUsedAtMs) >= Number(after?.createdAtMs));
});

test("S-14 a token that was revoked while its device pairs again and again is never good after it", async () => {
  await using gateway = await startTestGateway();
  await using owner = await loggedIn(gateway);
  const key = createDeviceKey();
  const auth = { token: gateway.token };
  const revoked: string[] = [];

  for (let round = 0; round < 30; round++) {
    const token = await deviceToken(gateway, { key, auth });
    // The device comes back, both ways, while its token goes.
    const [, byToken] = await Promise.all([
      owner.request("device.token.revoke", { deviceId: key.id, role: "operator" }),
      attempt(gateway, { key, auth: { token } }),
      outcome(gateway, { key, auth, scopes: ["operator.read"] }).catch(() => "closed meanwhile"),
    ]);
    revoked.push(token);
    await using late = byToken.client;
    if (byToken.answer.ok) assert.equal((await late.closed()).reason, "device token revoked");
  }

  for (const token of revoked) {
    assert.match(await outcome(gateway, { key, auth: { token } }), MISMATCH);
    // Wrong secrets are counted; a right one clears the count.
    await deviceToken(gateway, { key: createDeviceKey(), auth });
  }
});

test("a change that cannot be written is told, and holds all the same", async () => {
  await using gateway = await startTestGateway();
  await using owner = await loggedIn(gateway);
  const key = createDeviceKey();
  const token = await deviceToken(gateway, { key, auth: { token: gateway.token } });
  const folder = join(gateway.stateDir, "devices");
  await owner.request("device.token.rotate", { deviceId: "x", role: "operator" });
  rmSync(folder, { recursive: true, force: true });
  writeFileSync(folder, "in the way");

  const answer = await owner.request("device.token.revoke", { deviceId: key.id, role: "operator" });

  assert.equal(answer.error?.code, "UNAVAILABLE");
  assert.match(String(answer.error?.message), /^cannot write devices\/paired\.json: /);
  assert.match(await outcome(gateway, { key, auth: { token } }), MISMATCH);
  rmSync(folder);
  mkdirSync(folder, { mode: 0o700 });
  assert.equal((await owner.request("device.token.revoke", { deviceId: key.id, role: "operator" })).ok, true);
});
