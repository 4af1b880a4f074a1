import { createHash, createPublicKey, verify } from "node:crypto";
import { DEVICE_SKEW_MS } from "openclaw/plugin-sdk";
import type { ConnectParams } from "openclaw/plugin-sdk";

/** SubjectPublicKeyInfo of an Ed25519 key is this prefix and the 32 raw bytes. */
const SPKI_PREFIX = Buffer.from("302a300506032b6570032100", "hex");
/** Without a nonce in the signature, time is all that stands against a replay (security.md S-11). */
const SKEW_WITHOUT_NONCE_MS = 300_000;

/**
 * The established sentence for what is wrong with a client's device identity, or `undefined`
 * (protocol.md §4, in that order). `nonce` is the challenge of this very connection.
 */
export function deviceProblem(params: ConnectParams, nonce: string, isLocal: boolean, now: number): string | undefined {
  const device = params.device as NonNullable<ConnectParams["device"]>;
  const raw = rawKey(device.publicKey);
  if (raw && createHash("sha256").update(raw).digest("hex") !== device.id) return "device identity mismatch";
  const skewMs = device.nonce === undefined ? SKEW_WITHOUT_NONCE_MS : DEVICE_SKEW_MS;
  if (Math.abs(now - device.signedAt) > skewMs) return "device signature expired";
  if (device.nonce === undefined && !isLocal) return "device nonce required";
  if (device.nonce !== undefined && device.nonce !== nonce) return "device nonce mismatch";
  if (!raw) return "device public key invalid";
  const key = createPublicKey({ key: Buffer.concat([SPKI_PREFIX, raw]), format: "der", type: "spki" });
  const signed = verify(null, Buffer.from(signaturePayload(params)), key, Buffer.from(device.signature, "base64"));
  return signed ? undefined : "device signature invalid";
}

/** What the device signs: version, ids, role, scopes as sent, time, token and, in v2, the nonce. */
export function signaturePayload({ device, client, role, scopes, auth }: ConnectParams): string {
  const fields = [device?.id, client.id, client.mode, role ?? "operator", (scopes ?? []).join(",")];
  const tail = [device?.signedAt, auth?.token ?? ""];
  return device?.nonce === undefined
    ? ["v1", ...fields, ...tail].join("|")
    : ["v2", ...fields, ...tail, device.nonce].join("|");
}

/** The 32 bytes of a public key in base64url or PEM. */
function rawKey(publicKey: string): Buffer | undefined {
  if (!publicKey.includes("BEGIN")) {
    const raw = Buffer.from(publicKey, "base64url");
    return raw.length === 32 ? raw : undefined;
  }
  try {
    const key = createPublicKey(publicKey);
    return key.asymmetricKeyType === "ed25519" ? key.export({ format: "der", type: "spki" }).subarray(-32) : undefined;
  } catch {
    // Not a key: the caller's sentence says so.
    return undefined;
  }
}
