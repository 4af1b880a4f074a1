import { createCipheriv, createDecipheriv, createHash } from "node:crypto";
import { Curve, hkdf, NOISE_MODE, NOISE_WA_HEADER, proto } from "@whiskeysockets/baileys";

interface KeyPair {
  readonly public: Uint8Array;
  readonly private: Uint8Array;
}

const TAG_BYTES = 16;

/** The server's side of the handshake Noise_XX_25519_AESGCM_SHA256, and of the transport after it. */
export class NoiseResponder {
  readonly #static: KeyPair = Curve.generateKeyPair();
  readonly #ephemeral: KeyPair = Curve.generateKeyPair();
  #hash: Buffer = Buffer.from(NOISE_MODE);
  #salt: Buffer = this.#hash;
  #key: Buffer = this.#hash;
  #counter = 0;
  #reading: Transport | undefined;
  #writing: Transport | undefined;

  get isTransport(): boolean {
    return this.#reading !== undefined;
  }

  /** The answer to the client's hello. */
  hello(clientEphemeral: Uint8Array): Uint8Array {
    this.#mixHash(NOISE_WA_HEADER);
    this.#mixHash(clientEphemeral);
    this.#mixHash(this.#ephemeral.public);
    this.#mixKey(Curve.sharedKey(this.#ephemeral.private, clientEphemeral));
    const encryptedStatic = this.#encrypt(this.#static.public);
    this.#mixKey(Curve.sharedKey(this.#static.private, clientEphemeral));
    const payload = this.#encrypt(certificates(this.#static.public));
    return proto.HandshakeMessage.encode({
      serverHello: { ephemeral: this.#ephemeral.public, static: encryptedStatic, payload },
    }).finish();
  }

  /** What the client says of itself at the end of the handshake. */
  finish(message: proto.HandshakeMessage.IClientFinish): proto.ClientPayload {
    const clientStatic = this.#decrypt(message.static as Uint8Array);
    this.#mixKey(Curve.sharedKey(this.#ephemeral.private, clientStatic));
    const payload = proto.ClientPayload.decode(this.#decrypt(message.payload as Uint8Array));
    const keys = Buffer.from(hkdf(new Uint8Array(0), 64, { salt: this.#salt, info: "" }));
    this.#reading = new Transport(keys.subarray(0, 32));
    this.#writing = new Transport(keys.subarray(32));
    return payload;
  }

  seal(plain: Uint8Array): Buffer {
    if (!this.#writing) throw new Error("the handshake is not over");
    return this.#writing.seal(plain);
  }

  open(sealed: Uint8Array): Buffer {
    if (!this.#reading) throw new Error("the handshake is not over");
    return this.#reading.open(sealed);
  }

  #mixHash(data: Uint8Array): void {
    this.#hash = createHash("sha256").update(this.#hash).update(data).digest();
  }

  #mixKey(data: Uint8Array): void {
    const keys = Buffer.from(hkdf(Buffer.from(data), 64, { salt: this.#salt, info: "" }));
    this.#salt = keys.subarray(0, 32);
    this.#key = keys.subarray(32);
    this.#counter = 0;
  }

  #encrypt(plain: Uint8Array): Buffer {
    const sealed = seal(this.#key, this.#counter++, plain, this.#hash);
    this.#mixHash(sealed);
    return sealed;
  }

  #decrypt(sealed: Uint8Array): Buffer {
    const plain = open(this.#key, this.#counter++, sealed, this.#hash);
    this.#mixHash(sealed);
    return plain;
  }
}

class Transport {
  readonly #key: Buffer;
  #counter = 0;

  constructor(key: Buffer) {
    this.#key = key;
  }

  seal(plain: Uint8Array): Buffer {
    return seal(this.#key, this.#counter++, plain, Buffer.alloc(0));
  }

  open(sealed: Uint8Array): Buffer {
    return open(this.#key, this.#counter++, sealed, Buffer.alloc(0));
  }
}

/** A chain that a root of our own has signed. */
function certificates(leafKey: Uint8Array): Uint8Array {
  const root = Curve.generateKeyPair();
  const issuer = Curve.generateKeyPair();
  const { Details } = proto.CertChain.NoiseCertificate;
  const intermediate = Details.encode({ serial: 1, issuerSerial: 0, key: issuer.public }).finish();
  const leaf = Details.encode({ serial: 2, issuerSerial: 1, key: leafKey }).finish();
  return proto.CertChain.encode({
    intermediate: { details: intermediate, signature: Curve.sign(root.private, intermediate) },
    leaf: { details: leaf, signature: Curve.sign(issuer.private, leaf) },
  }).finish();
}

function nonce(counter: number): Buffer {
  const iv = Buffer.alloc(12);
  iv.writeUInt32BE(counter, 8);
  return iv;
}

function seal(key: Buffer, counter: number, plain: Uint8Array, extra: Uint8Array): Buffer {
  const cipher = createCipheriv("aes-256-gcm", key, nonce(counter)).setAAD(extra);
  return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function open(key: Buffer, counter: number, sealed: Uint8Array, extra: Uint8Array): Buffer {
  const end = sealed.length - TAG_BYTES;
  const decipher = createDecipheriv("aes-256-gcm", key, nonce(counter)).setAAD(extra);
  decipher.setAuthTag(sealed.subarray(end));
  return Buffer.concat([decipher.update(sealed.subarray(0, end)), decipher.final()]);
}
