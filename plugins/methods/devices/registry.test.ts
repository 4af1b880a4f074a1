import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { deviceIdOf } from "openclaw/plugin-sdk";
import type { Profile } from "./pending.ts";
import { Registry } from "./registry.ts";

function registryOf(t: TestContext): { readonly registry: Registry; readonly stateDir: string } {
  const stateDir = mkdtempSync(join(tmpdir(), "openclaw-registry-"));
  t.after(() => rmSync(stateDir, { recursive: true, force: true }));
  return { registry: new Registry(stateDir), stateDir };
}

/** A device that nobody has to prove. */
function profile(index: number, changes: Partial<Profile> = {}): Profile {
  const raw = Buffer.alloc(32);
  raw.writeUInt32BE(index);
  const deviceId = deviceIdOf(raw);
  const publicKey = raw.toString("base64url");
  return { deviceId, publicKey, role: "operator", roles: ["operator"], scopes: ["operator.read"], ...changes };
}

test("ten thousand requests leave no more than a hundred, three of one sender", (t) => {
  const { registry } = registryOf(t);

  for (let i = 0; i < 10_000; i++) registry.ask(profile(i, { remoteIp: `10.0.${(i >> 1) & 255}.${i & 1}` }), i / 100);
  const all = registry.pending.list(100);
  for (let i = 0; i < 100; i++) registry.ask(profile(20_000 + i, { remoteIp: "192.0.2.1" }), 100);

  assert.equal(all.length, 100);
  const sender = registry.pending.list(100).filter(({ remoteIp }) => remoteIp === "192.0.2.1");
  assert.deepEqual(
    sender.map(({ deviceId }) => deviceId),
    [99, 98, 97].map((i) => profile(20_000 + i).deviceId),
  );
});

test("a thousand devices are kept; those that nobody approved make room, the longest unseen first", (t) => {
  const { registry } = registryOf(t);
  const { request } = registry.ask(profile(0, { remoteIp: "192.0.2.1" }), 1);
  registry.approve(request, 1);
  for (let i = 1; i <= 1_500; i++) registry.pairSilently(profile(i), 1 + i);
  registry.seen(profile(502), 2_000);

  registry.pairSilently(profile(1_501), 2_001);

  const kept = new Set(registry.list().map(({ deviceId }) => deviceId));
  assert.equal(kept.size, 1_000);
  for (const [index, isKept] of [
    [0, true],
    [501, false],
    [502, true],
    [503, false],
    [504, true],
    [1_501, true],
  ] as const)
    assert.equal(kept.has(profile(index).deviceId), isKept, `device ${index}`);
});

test("when people approved all of them the next one is refused with what to do", (t) => {
  const { registry } = registryOf(t);
  for (let i = 0; i < 1_000; i++) {
    const { request } = registry.ask(profile(i, { remoteIp: `10.0.${i >> 8}.${i & 255}` }), 1);
    registry.approve(request, 1);
  }

  assert.throws(() => registry.pairSilently(profile(1_000), 2), /1000 devices are paired; revoke the tokens of one/);
  registry.revoke(profile(7).deviceId, "operator", 2);
  registry.pairSilently(profile(1_000), 3);

  assert.equal(registry.get(profile(7).deviceId), undefined);
});

test("S-14 a thousand times revoked and paired again, no old token is good", (t) => {
  const { registry } = registryOf(t);
  const device = profile(1);
  const old: string[] = [];

  for (let i = 0; i < 1_000; i++) {
    registry.pairSilently(device, i);
    old.push(registry.issue(device.deviceId, "operator", ["operator.read"], i).token);
    registry.revoke(device.deviceId, "operator", i);
    for (const token of old.slice(-3)) assert.equal(registry.admit(device, token, i), undefined);
  }
  registry.pairSilently(device, 1_001);
  const { token } = registry.issue(device.deviceId, "operator", ["operator.read"], 1_001);

  assert.ok(old.every((revoked) => registry.admit(device, revoked, 1_001) === undefined));
  assert.equal(registry.admit(device, token, 1_001)?.token, token);
  assert.equal(new Set([...old, token]).size, 1_001);
});

test("a device with another key is another device, whatever its record says", (t) => {
  const { registry } = registryOf(t);
  const device = profile(1);
  registry.pairSilently(device, 1);

  assert.equal(registry.gap(device), undefined);
  assert.equal(registry.gap({ ...device, publicKey: profile(2).publicKey }), "not-paired");
});

test("changes that come together are written together, the last one in", async (t) => {
  const { registry, stateDir } = registryOf(t);
  const saves: Promise<void>[] = [];

  for (let i = 0; i < 200; i++) {
    registry.pairSilently(profile(i), i);
    saves.push(registry.save());
  }
  await Promise.all(saves);

  const file = JSON.parse(readFileSync(join(stateDir, "devices", "paired.json"), "utf8")) as object;
  assert.equal(Object.keys(file).length, 200);
  assert.deepEqual(new Registry(stateDir).list().length, 200);
});
