import { X509Certificate, createPrivateKey } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
  unwatchFile,
  watchFile,
  writeFileSync,
} from "node:fs";
import { hostname, networkInterfaces } from "node:os";
import { dirname, join } from "node:path";
import { tightenMode } from "openclaw/plugin-sdk";
import { absolute, at } from "openclaw/plugin-sdk/config";
import type { Json, Paths } from "openclaw/plugin-sdk/config";
import { StartError } from "../bind.ts";
import { fingerprintOf, selfSigned } from "./certificate.ts";

/** What a TLS server is made of (`gateway.tls`, config.md §4.3). PEM. */
export interface TlsMaterial {
  readonly cert: string;
  readonly key: string;
  readonly ca?: string;
  /** SHA-256 of the leaf certificate, lower-case hex. */
  readonly fingerprint: string;
  /** Where it was read from. */
  readonly files: readonly string[];
  /** That others than the owner could read the key, in words. */
  readonly exposure?: string;
}

interface TlsConfig {
  readonly enabled?: boolean;
  readonly autoGenerate?: boolean;
  readonly certPath?: string;
  readonly keyPath?: string;
  readonly caPath?: string;
}

/** Clients know a certificate of ours by its fingerprint; a new one would lock them out. */
const OWN_DAYS = 3_650;
const LOOK_EVERY_MS = 2_000;

/** The certificate to serve with, or nothing without `gateway.tls.enabled`. A {@link StartError} says what is wrong. */
export function loadTls(config: Json, { stateDir, home }: Paths): TlsMaterial | undefined {
  const tls = (at(config, "gateway.tls") ?? {}) as TlsConfig;
  if (tls.enabled !== true) return undefined;
  if ((tls.certPath === undefined) !== (tls.keyPath === undefined))
    throw new StartError("gateway.tls.certPath and keyPath go together: set both, or neither for one of our own");
  const own = join(stateDir, "gateway", "tls");
  const certPath = tls.certPath === undefined ? join(own, "cert.pem") : absolute(tls.certPath, home);
  const keyPath = tls.keyPath === undefined ? join(own, "key.pem") : absolute(tls.keyPath, home);
  const caPath = tls.caPath === undefined ? undefined : absolute(tls.caPath, home);
  if (tls.certPath === undefined && !(existsSync(certPath) && existsSync(keyPath))) {
    if (tls.autoGenerate === false)
      throw new StartError("gateway.tls has no certificate: set certPath and keyPath, or autoGenerate to true");
    generate(certPath, keyPath);
  }
  const [cert, key] = [read("certPath", certPath), read("keyPath", keyPath)];
  const leaf = check(cert, key, certPath, keyPath);
  const exposure = exposureOf(keyPath, tls.keyPath === undefined);
  return {
    cert,
    key,
    ...(caPath !== undefined && { ca: read("caPath", caPath) }),
    fingerprint: fingerprintOf(leaf.raw),
    files: [certPath, keyPath, ...(caPath === undefined ? [] : [caPath])],
    ...(exposure !== undefined && { exposure }),
  };
}

/** Calls `changed` after one of the files was replaced. Returns the way to stop it. */
export function watchTls({ files }: TlsMaterial, changed: () => void): () => void {
  for (const file of files) watchFile(file, { interval: LOOK_EVERY_MS, persistent: false }, changed);
  return () => {
    for (const file of files) unwatchFile(file, changed);
  };
}

function generate(certPath: string, keyPath: string): void {
  mkdirSync(dirname(certPath), { recursive: true, mode: 0o700 });
  const { cert, key } = selfSigned([...new Set(["localhost", hostname(), ...ownAddresses()])], OWN_DAYS);
  // The certificate last: with it there is a pair.
  for (const [path, text, mode] of [
    [keyPath, key, 0o600],
    [certPath, cert, 0o644],
  ] as const) {
    const temp = `${path}.${process.pid}.tmp`;
    writeFileSync(temp, text, { mode });
    chmodSync(temp, mode);
    renameSync(temp, path);
  }
}

/** A key of ours is closed again (security.md S-34); one of the operator's may be open to a group for a reason. */
function exposureOf(keyPath: string, isOurs: boolean): string | undefined {
  if (isOurs) return tightenMode(keyPath, 0o600) ? `${keyPath} was open to others; now 0600` : undefined;
  const isOpen = process.platform !== "win32" && (statSync(keyPath).mode & 0o007) !== 0;
  return isOpen ? `gateway.tls.keyPath: everybody on this machine can read ${keyPath}; chmod 600 it` : undefined;
}

function ownAddresses(): string[] {
  const all = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return ["127.0.0.1", "::1", ...all.map(({ address }) => address.replace(/%.*$/, ""))];
}

function read(name: string, path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new StartError(
      `gateway.tls.${name}: cannot read ${path}: ${(error as NodeJS.ErrnoException).code}`,
      78,
      error,
    );
  }
}

function check(cert: string, key: string, certPath: string, keyPath: string): X509Certificate {
  const leaf = parsed(`gateway.tls.certPath: ${certPath} holds no PEM certificate`, () => new X509Certificate(cert));
  const secret = parsed(`gateway.tls.keyPath: ${keyPath} holds no PEM key without a password`, () =>
    createPrivateKey(key),
  );
  if (!leaf.checkPrivateKey(secret)) throw new StartError(`gateway.tls: ${keyPath} is not the key of ${certPath}`);
  if (leaf.validToDate.getTime() < Date.now())
    throw new StartError(
      `gateway.tls: ${certPath} expired on ${leaf.validTo}; renew it, or remove it if it is one of our own`,
    );
  return leaf;
}

function parsed<T>(problem: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new StartError(problem, 78, error);
  }
}
