import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from "node:crypto";
import * as fs from "node:fs";
import { dirname, join } from "node:path";
import { isErrno } from "./errno.ts";
import { ensureDirectory, giveToOwnerOf, tempPath } from "./files.ts";
import { deviceIdOf } from "./protocol/device.ts";

/** What this machine is as a client: an Ed25519 key whose private half never leaves it (protocol.md §4). */
export interface DeviceIdentity {
  readonly deviceId: string;
  /** The raw 32 bytes in base64url. */
  readonly publicKey: string;
  /** Base64url signature over the bytes of the text. */
  sign(text: string): string;
}

/** `identity/device.json`, as established clients write it too. */
interface IdentityFile {
  readonly version: 1;
  readonly deviceId: string;
  readonly publicKeyPem: string;
  readonly privateKeyPem: string;
  readonly createdAtMs: number;
}

/**
 * The identity of this state directory, made when there is none. Processes that start together agree on one. A file
 * that holds no key is put aside: the gateway then sees a new device.
 */
export function loadDeviceIdentity(stateDir: string): DeviceIdentity {
  const path = join(stateDir, "identity", "device.json");
  const known = read(path);
  if (known) return known;
  create(path);
  const made = read(path);
  if (!made) throw new Error(`cannot read back ${path}`);
  return made;
}

function read(path: string): DeviceIdentity | undefined {
  let text: string;
  try {
    text = fs.readFileSync(path, "utf8");
  } catch (error) {
    if (isErrno(error, "ENOENT")) return undefined;
    throw error;
  }
  try {
    const key = createPrivateKey((JSON.parse(text) as Partial<IdentityFile>).privateKeyPem ?? "");
    if (key.asymmetricKeyType !== "ed25519") throw new Error("not an Ed25519 key");
    // The id and the public half follow from the key, whatever else the file says.
    const raw = createPublicKey(key).export({ format: "der", type: "spki" }).subarray(-32);
    return {
      deviceId: deviceIdOf(raw),
      publicKey: raw.toString("base64url"),
      sign: (signed) => sign(null, Buffer.from(signed), key).toString("base64url"),
    };
  } catch {
    // No key in there. Somebody may still want to look at it.
    fs.renameSync(path, `${path}.corrupt-${Date.now()}`);
    return undefined;
  }
}

/** Whole or not at all, and only when nobody else has been faster. */
function create(path: string): void {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const raw = publicKey.export({ format: "der", type: "spki" }).subarray(-32);
  const file: IdentityFile = {
    version: 1,
    deviceId: deviceIdOf(raw),
    publicKeyPem: publicKey.export({ format: "pem", type: "spki" }) as string,
    privateKeyPem: privateKey.export({ format: "pem", type: "pkcs8" }) as string,
    createdAtMs: Date.now(),
  };
  ensureDirectory(dirname(path));
  const temp = tempPath(path);
  fs.writeFileSync(temp, `${JSON.stringify(file, null, 2)}\n`, { mode: 0o600, flag: "wx", flush: true });
  try {
    giveToOwnerOf(dirname(path), temp);
    fs.linkSync(temp, path);
  } catch (error) {
    // Where there are no links, the last one who makes a key wins.
    if (!isErrno(error, "EEXIST")) fs.renameSync(temp, path);
  } finally {
    fs.rmSync(temp, { force: true });
  }
}
