import assert from "node:assert/strict";
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync } from "node:crypto";
import { test } from "node:test";
import { devicePayload } from "openclaw/plugin-sdk";
import type { ConnectParams } from "openclaw/plugin-sdk";
import type { TestGateway } from "openclaw/plugin-sdk/testing";
import { deviceProblem } from "../../kernel/auth/device.ts";
import { createDeviceKey, signedText, signText, withDevice } from "./device-key.ts";
import type { DeviceKey } from "./device-key.ts";
import { connectParams, loggedIn, RawClient } from "./raw-client.ts";
import type { RawOptions } from "./raw-client.ts";
import { startToyGateway } from "./toy-gateway.ts";

type Device = NonNullable<ConnectParams["device"]>;

const REMOTE: RawOptions = { headers: { "x-forwarded-for": "203.0.113.9" } };
const MINUTE_MS = 60_000;

/** protocol.md §4: seed 00 01 02 … 1f. */
const VECTOR = {
  signedAt: 1_737_264_000_000,
  publicKey: "A6EHv_POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg",
  id: "56475aa75463474c0285df5dbf2bcab73da651358839e9b77481b2eab107708c",
  v2: "0WZ0vernTYzPUpG6Bdq3w1BaG1_M3ikhbDvc7C05ctkNHg7EqTkHAhhblwpe0yD2sXDwQgt0mCgX1ka9bkw-Cw",
  v1: "g6WbZxUl1hdqc6iSNpNt2M6Ox2J2PsfC7f8kf7zOZCN_JxijFCLnabGSjXW0epf7Uqg82kOS8o-V-okUokTaDA",
  nonce: "11111111-2222-3333-4444-555555555555",
};

const V2: ConnectParams = {
  ...connectParams("secret-token"),
  client: { id: "cli", version: "1", platform: "test", mode: "cli" },
  scopes: ["operator.admin", "operator.approvals", "operator.pairing"],
  device: {
    id: VECTOR.id,
    publicKey: VECTOR.publicKey,
    signature: VECTOR.v2,
    signedAt: VECTOR.signedAt,
    nonce: VECTOR.nonce,
  },
};

const V1: ConnectParams = {
  ...connectParams(undefined),
  client: { id: "node-host", version: "1", platform: "test", mode: "node" },
  role: "node",
  device: { id: VECTOR.id, publicKey: VECTOR.publicKey, signature: VECTOR.v1, signedAt: VECTOR.signedAt },
};

const judge = (params: ConnectParams, change: Partial<Device> = {}, isLocal = true) =>
  deviceProblem(
    { ...params, device: { ...(params.device as Device), ...change } },
    VECTOR.nonce,
    isLocal,
    VECTOR.signedAt,
  );

test("the vectors of the protocol document verify", () => {
  assert.equal(
    devicePayload(V2),
    `v2|${VECTOR.id}|cli|cli|operator|operator.admin,operator.approvals,operator.pairing|1737264000000|secret-token|${VECTOR.nonce}`,
  );
  assert.equal(devicePayload(V1), `v1|${VECTOR.id}|node-host|node|node||1737264000000|`);
  assert.equal(judge(V2), undefined);
  assert.equal(judge(V2, {}, false), undefined);
  assert.equal(judge(V1), undefined);
});

test("the test's own signer agrees with the vectors", () => {
  const seed = Buffer.from([...Array(32).keys()]);
  const pkcs8 = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), seed]);
  const privateKey = createPrivateKey({ key: pkcs8, format: "der", type: "pkcs8" });
  const key: DeviceKey = { id: VECTOR.id, publicKey: VECTOR.publicKey, pem: "", privateKey };

  assert.equal(signText(key, signedText(V2)), VECTOR.v2);
  assert.equal(signText(key, signedText(V1)), VECTOR.v1);
});

test("a public key may be PEM, a signature standard base64", () => {
  const raw = Buffer.from(VECTOR.publicKey, "base64url");
  const spki = Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), raw]);
  const key = createPublicKey({ key: spki, format: "der", type: "spki" });

  assert.equal(judge(V2, { publicKey: key.export({ format: "pem", type: "spki" }) as string }), undefined);
  assert.equal(judge(V2, { signature: Buffer.from(VECTOR.v2, "base64url").toString("base64") }), undefined);
});

test("every signed field counts", () => {
  const changed: Partial<ConnectParams>[] = [
    { client: { ...V2.client, id: "test" } },
    { client: { ...V2.client, mode: "test" } },
    { role: "node" },
    { scopes: ["operator.admin"] },
    { scopes: ["operator.pairing", "operator.approvals", "operator.admin"] },
    { scopes: [] },
    { auth: { token: "other-token" } },
    { auth: {} },
  ];

  for (const change of changed) assert.equal(judge({ ...V2, ...change }), "device signature invalid");
  assert.equal(judge(V2, { signedAt: VECTOR.signedAt + 1 }), "device signature invalid");
  assert.equal(judge(V2, { signature: "" }), "device signature invalid");
  // A password is not signed, the rest of what a client says of itself neither.
  assert.equal(judge({ ...V2, auth: { token: "secret-token", password: "x" } }), undefined);
  assert.equal(judge({ ...V2, client: { ...V2.client, version: "2" } }), undefined);
});

test("faults of a device are told in the established order", () => {
  const wrongId = { id: "0".repeat(64) };
  const stale = { signedAt: VECTOR.signedAt - 11 * MINUTE_MS };
  const otherNonce = { nonce: "other" };
  const badSignature = { signature: "AAAA" };

  assert.equal(judge(V2, { ...wrongId, ...stale, ...otherNonce }), "device identity mismatch");
  assert.equal(judge(V2, { ...stale, ...otherNonce, ...badSignature }), "device signature expired");
  assert.equal(judge(V1, badSignature, false), "device nonce required");
  assert.equal(judge(V2, { ...otherNonce, ...badSignature }), "device nonce mismatch");
  assert.equal(judge(V2, badSignature), "device signature invalid");
});

test("a key that is no Ed25519 key is none", () => {
  const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const tail = publicKey.export({ format: "der", type: "spki" }).subarray(-32);
  const id = createHash("sha256").update(tail).digest("hex");
  const pem = publicKey.export({ format: "pem", type: "spki" }) as string;

  for (const wrong of ["AAAA", "!", "-----BEGIN PUBLIC KEY-----", pem, "A".repeat(44)])
    assert.equal(judge(V2, { id, publicKey: wrong }), "device public key invalid", wrong);
});

test("time may be off by ten minutes with the nonce, by five without it", () => {
  const at = (params: ConnectParams, offsetMs: number) =>
    deviceProblem(params, VECTOR.nonce, true, VECTOR.signedAt + offsetMs);

  for (const sign of [1, -1]) {
    assert.equal(at(V2, sign * 10 * MINUTE_MS), undefined);
    assert.equal(at(V2, sign * (10 * MINUTE_MS + 1)), "device signature expired");
    assert.equal(at(V1, sign * 5 * MINUTE_MS), undefined);
    assert.equal(at(V1, sign * (5 * MINUTE_MS + 1)), "device signature expired");
  }
});

interface Live {
  readonly params?: Partial<ConnectParams>;
  readonly nonce?: (own: string) => string | undefined;
  readonly signedAt?: number;
  /** Last change, after the signature was made. */
  readonly tamper?: (params: ConnectParams) => ConnectParams;
  readonly options?: RawOptions;
}

/** The answer to a login with a device over a real socket: "ok" or the error's message, the close agreeing. */
async function attempt(gateway: TestGateway, key: DeviceKey, live: Live = {}): Promise<string> {
  const {
    params,
    nonce = (own: string) => own,
    signedAt = Date.now(),
    tamper = (as: ConnectParams) => as,
    options,
  } = live;
  await using client = await RawClient.open(gateway.url, options);
  const { payload } = await client.challenge();
  const own = String(payload?.["nonce"]);
  const signed = withDevice(connectParams(gateway.token, params), key, { nonce: nonce(own), signedAt });
  const answer = await client.connect(tamper(signed));
  if (answer.ok) return "ok";
  assert.equal((await client.closed()).reason, answer.error?.message);
  return String(answer.error?.message);
}

test("on a live socket both forms of the signature are taken from a local device", async () => {
  await using gateway = await startToyGateway(["toy"]);
  const key = createDeviceKey();
  const forms: Live[] = [
    {},
    { nonce: () => undefined },
    { params: { scopes: ["operator.read", "operator.write"] } },
    { params: { role: "node", scopes: [] } },
    { signedAt: Date.now() + 9 * MINUTE_MS },
    { tamper: (params) => ({ ...params, device: { ...(params.device as Device), publicKey: key.pem } }) },
  ];

  for (const form of forms) assert.equal(await attempt(gateway, key, form), "ok");
});

test("a proven device is known to plugins by its id", async () => {
  await using gateway = await startToyGateway(["toy"]);
  const key = createDeviceKey();
  await using client = await RawClient.open(gateway.url);
  await using anonymous = await loggedIn(gateway);
  const { payload } = await client.challenge();
  await client.connect(withDevice(connectParams(gateway.token), key, { nonce: String(payload?.["nonce"]) }));

  const answer = await client.request("toy.read");
  const other = await anonymous.request("toy.read");

  assert.deepEqual([answer.payload?.["deviceId"], answer.payload?.["isLocal"]], [key.id, true]);
  assert.equal(other.payload?.["deviceId"], null);
});

test("a proof does not serve twice, nor for anybody or anything else", async () => {
  await using gateway = await startToyGateway();
  const key = createDeviceKey();
  const other = createDeviceKey();
  const seen: ConnectParams[] = [];
  assert.equal(await attempt(gateway, key, { tamper: (params) => (seen.push(params), params) }), "ok");
  const device = (change: Partial<Device>) => (params: ConnectParams) => ({
    ...params,
    device: { ...(params.device as Device), ...change },
  });
  const tries: [string, Live][] = [
    ["device nonce mismatch", { tamper: () => seen[0] as ConnectParams }],
    ["device nonce mismatch", { nonce: () => seen[0]?.device?.nonce }],
    ["device signature invalid", { tamper: device({ nonce: undefined as never }) }],
    ["device identity mismatch", { tamper: device({ publicKey: other.publicKey }) }],
    ["device signature invalid", { tamper: device({ publicKey: other.publicKey, id: other.id }) }],
    ["device identity mismatch", { tamper: device({ id: key.id.toUpperCase() }) }],
    ["device identity mismatch", { tamper: device({ id: "0".repeat(64) }) }],
    ["device signature invalid", { tamper: (params) => ({ ...params, scopes: ["operator.admin"] }) }],
    ["device signature invalid", { tamper: (params) => ({ ...params, role: "node" }) }],
    ["device signature expired", { signedAt: Date.now() - 11 * MINUTE_MS }],
    ["device signature expired", { signedAt: Date.now() - 6 * MINUTE_MS, nonce: () => undefined }],
    ["device nonce required", { nonce: () => undefined, options: REMOTE }],
    ["pairing required", { options: REMOTE }],
  ];

  for (const [message, live] of tries) assert.equal(await attempt(gateway, key, live), message);
});

test("a proven device is no credential", async () => {
  await using gateway = await startToyGateway();
  const missing = "unauthorized: gateway token missing (provide gateway auth token)";

  assert.equal(await attempt(gateway, createDeviceKey(), { params: { auth: {} } }), missing);
  assert.equal(await attempt(gateway, createDeviceKey(), { params: { auth: undefined as never } }), missing);
});
