import { verify } from "node:crypto";
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
  const raw = rawPublicKey(device.publicKey);
  if (raw && deviceIdOf(raw) !== device.id) return "device identity mismatch";
  const skewMs = device.nonce === undefined ? SKEW_WITHOUT_NONCE_MS : DEVICE_SKEW_MS;
  if (Math.abs(now - device.signedAt) > skewMs) return "device signature expired";
  if (device.nonce === undefined && !isLocal) return "device nonce required";
  if (device.nonce !== undefined && device.nonce !== nonce) return "device nonce mismatch";
  if (!raw) return "device public key invalid";
  const signature = Buffer.from(device.signature, "base64");
  return verify(null, Buffer.from(devicePayload(params)), publicKeyOf(raw), signature)
    ? undefined
    : "device signature invalid";
}
