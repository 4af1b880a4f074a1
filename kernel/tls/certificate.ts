import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { isIP } from "node:net";

export interface CertificateFiles {
  /** PEM. */
  readonly cert: string;
  /** PEM, PKCS #8. */
  readonly key: string;
}

const DAY_MS = 86_400_000;

/** Object identifiers, already encoded. */
const OID = {
  ecdsaWithSha256: "06082a8648ce3d040302",
  commonName: "0603550403",
  subjectAltName: "0603551d11",
  basicConstraints: "0603551d13",
  keyUsage: "0603551d0f",
  extendedKeyUsage: "0603551d25",
  serverAuth: "06082b06010505070301",
};

/**
 * A self-signed X.509 certificate for a server (RFC 5280) with a new P-256 key. `names` are host names and addresses;
 * clients are expected to know it by its fingerprint.
 */
export function selfSigned(names: readonly string[], days: number, now: number = Date.now()): CertificateFiles {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const algorithm = sequence(Buffer.from(OID.ecdsaWithSha256, "hex"));
  const name = sequence(set(sequence(Buffer.from(OID.commonName, "hex"), utf8("openclaw gateway"))));
  // An hour of grace for clocks that are behind.
  const validity = sequence(time(now - 3_600_000), time(now + days * DAY_MS));
  const body = sequence(
    explicit(0, integer(Buffer.from([2]))),
    integer(serial()),
    algorithm,
    name,
    validity,
    name,
    publicKey.export({ type: "spki", format: "der" }),
    explicit(3, sequence(...extensions(names))),
  );
  const signature = sign("sha256", body, privateKey);
  const der = sequence(body, algorithm, bits(signature));
  return { cert: pem(der), key: privateKey.export({ type: "pkcs8", format: "pem" }) as string };
}

/** SHA-256 of a certificate in DER, in lower-case hex: what clients pin. */
export function fingerprintOf(der: Uint8Array): string {
  return createHash("sha256").update(der).digest("hex");
}

function extensions(names: readonly string[]): Buffer[] {
  const alternatives = names.map((name) =>
    isIP(name) === 0 ? element(0x82, Buffer.from(name, "latin1")) : element(0x87, addressBytes(name)),
  );
  return [
    extension(OID.basicConstraints, sequence(), true),
    // digitalSignature
    extension(OID.keyUsage, element(0x03, Buffer.from([7, 0x80])), true),
    extension(OID.extendedKeyUsage, sequence(Buffer.from(OID.serverAuth, "hex"))),
    extension(OID.subjectAltName, sequence(...alternatives)),
  ];
}

function extension(oid: string, value: Buffer, critical = false): Buffer {
  const flag = critical ? [element(0x01, Buffer.from([0xff]))] : [];
  return sequence(Buffer.from(oid, "hex"), ...flag, element(0x04, value));
}

function addressBytes(address: string): Buffer {
  if (!address.includes(":")) return Buffer.from(address.split(".").map(Number));
  const [head = "", tail = ""] = address.split("::");
  const [left, right] = [head, tail].map((part) => (part === "" ? [] : part.split(":"))) as [string[], string[]];
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => "0");
  return Buffer.from([...left, ...zeros, ...right].map((group) => group.padStart(4, "0")).join(""), "hex");
}

function serial(): Buffer {
  const bytes = randomBytes(16);
  // Positive and without a leading zero byte.
  bytes[0] = ((bytes[0] as number) & 0x7f) | 0x40;
  return bytes;
}

/** UTCTime: this century until 2049. */
function time(at: number): Buffer {
  const text = new Date(at).toISOString().replaceAll(/[-:T]/g, "");
  return element(0x17, Buffer.from(`${text.slice(2, 14)}Z`, "latin1"));
}

function pem(der: Buffer): string {
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}

/** One DER element: tag, length, content. */
function element(tag: number, content: Buffer): Buffer {
  const { length } = content;
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), content]);
  const bytes = length < 0x100 ? [length] : [length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, 0x80 | bytes.length, ...bytes]), content]);
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return element(0x30, Buffer.concat(parts));
}

function set(...parts: readonly Buffer[]): Buffer {
  return element(0x31, Buffer.concat(parts));
}

function integer(value: Buffer): Buffer {
  return element(0x02, value);
}

function utf8(text: string): Buffer {
  return element(0x0c, Buffer.from(text));
}

function bits(content: Buffer): Buffer {
  return element(0x03, Buffer.concat([Buffer.from([0]), content]));
}

function explicit(tag: number, content: Buffer): Buffer {
  return element(0xa0 | tag, content);
}
