import { createHash, createPublicKey } from "node:crypto";
import type { KeyObject } from "node:crypto";
import type { ConnectParams } from "./frames.ts";

/** SubjectPublicKeyInfo of an Ed25519 key is this prefix and the 32 raw bytes. */
const SPKI_PREFIX = Buffer.from("302a300506032b6570032100", "hex");

/** The 32 bytes of an Ed25519 public key that is given in base64url or PEM; `undefined` when it is none. */
export function rawPublicKey(publicKey: string): Buffer | undefined {
  if (!publicKey.includes("BEGIN")) {
    const raw = Buffer.from(publicKey, "base64url");
    return raw.length === 32 ? raw : undefined;
  }
  try {
    const key = createPublicKey(publicKey);
    return key.asymmetricKeyType === "ed25519" ? key.export({ format: "der", type: "spki" }).subarray(-32) : undefined;
  } catch {
    // Not a key: the caller says so.
    return undefined;
  }
}

/** The key whose raw bytes these are. */
export function publicKeyOf(raw: Uint8Array): KeyObject {
  return createPublicKey({ key: Buffer.concat([SPKI_PREFIX, raw]), format: "der", type: "spki" });
}

/** Id of the device that holds the key (protocol.md §4). */
export function deviceIdOf(raw: Uint8Array): string {
  return createHash("sha256").update(raw).digest("hex");
}

/**
 * What a device signs: version, ids, role, scopes in the order in which they are sent, time, token and, in v2, the
 * nonce of this connection.
 */
export function devicePayload({ device, client, role, scopes, auth }: ConnectParams): string {
  const fields = [device?.id, client.id, client.mode, role ?? "operator", (scopes ?? []).join(",")];
  const tail = [device?.signedAt, auth?.token ?? ""];
  return device?.nonce === undefined
    ? ["v1", ...fields, ...tail].join("|")
    : ["v2", ...fields, ...tail, device.nonce].join("|");
}
