import { createHash, generateKeyPairSync, sign } from "node:crypto";
import type { KeyObject } from "node:crypto";
import type { ConnectParams } from "openclaw/plugin-sdk";

/** An Ed25519 key as a device holds it (protocol.md §4). */
export interface DeviceKey {
  readonly id: string;
  readonly publicKey: string;
  readonly pem: string;
  readonly privateKey: KeyObject;
}

export function createDeviceKey(): DeviceKey {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const raw = publicKey.export({ format: "der", type: "spki" }).subarray(-32);
  return {
    id: createHash("sha256").update(raw).digest("hex"),
    publicKey: raw.toString("base64url"),
    pem: publicKey.export({ format: "pem", type: "spki" }) as string,
    privateKey,
  };
}

/** Base64url signature of the text. */
export function signText(key: DeviceKey, text: string): string {
  return sign(null, Buffer.from(text), key.privateKey).toString("base64url");
}

/** What a device signs, written out from the protocol document and not from our own code. */
export function signedText(params: ConnectParams): string {
  const { device, client, role = "operator", scopes = [], auth } = params;
  const time = device?.signedAt;
  const head = `${device?.id}|${client.id}|${client.mode}|${role}|${scopes.join(",")}|${time}|${auth?.token ?? ""}`;
  return device?.nonce === undefined ? `v1|${head}` : `v2|${head}|${device.nonce}`;
}

/** `params` with the proof of `key`. Without a nonce it is the older form. */
export function withDevice(
  params: ConnectParams,
  key: DeviceKey,
  { nonce, signedAt = Date.now() }: { nonce?: string | undefined; signedAt?: number } = {},
): ConnectParams {
  const device = {
    id: key.id,
    publicKey: key.publicKey,
    signature: "",
    signedAt,
    ...(nonce !== undefined && { nonce }),
  };
  const signature = signText(key, signedText({ ...params, device }));
  return { ...params, device: { ...device, signature } };
}
