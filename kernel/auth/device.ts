import { verify } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { DEVICE_SKEW_MS, deviceIdOf, devicePayload, publicKeyOf, rawPublicKey } from "openclaw/plugin-sdk";
import type { ConnectParams } from "openclaw/plugin-sdk";

/** Without a nonce in the signature, time is all that stands against a replay (security.md S-11). */
const SKEW_WITHOUT_NONCE_MS = 300_000;

/**
 * The established sentence for what is wrong with a client's device identity, or `undefined`
 * (protocol.md §4, in that order). `nonce` is the challenge of this very connection.
 */
export function deviceProblem(params: ConnectParams, nonce: string, isLocal: boolean, now: number): string | undefined {
  const device = params.device as NonNullable<ConnectParams["device"]>;
  const known = identify(device.publicKey);
  if (known && known.id !== device.id) return "device identity mismatch";
  const skewMs = device.nonce === undefined ? SKEW_WITHOUT_NONCE_MS : DEVICE_SKEW_MS;
  if (Math.abs(now - device.signedAt) > skewMs) return "device signature expired";
  if (device.nonce === undefined && !isLocal) return "device nonce required";
  if (device.nonce !== undefined && device.nonce !== nonce) return "device nonce mismatch";
  if (!known) return "device public key invalid";
  const signature = Buffer.from(device.signature, "base64");
  return verify(null, Buffer.from(devicePayload(params)), known.key, signature)
    ? undefined
    : "device signature invalid";
}

interface Known {
  readonly id: string;
  readonly key: KeyObject;
}

/** Keys that came lately, newest last: a device that comes back costs no parsing, and its native key is made once. */
const lately = new Map<string, Known>();
const MAX_LATELY = 256;

function identify(publicKey: string): Known | undefined {
  const raw = lately.has(publicKey) ? undefined : rawPublicKey(publicKey);
  const known = lately.get(publicKey) ?? (raw && { id: deviceIdOf(raw), key: publicKeyOf(raw) });
  if (!known) return undefined;
  lately.delete(publicKey);
  lately.set(publicKey, known);
  if (lately.size > MAX_LATELY) lately.delete(lately.keys().next().value as string);
  return known;
}
