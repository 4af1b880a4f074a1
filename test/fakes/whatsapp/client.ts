import {
  aesDecryptCTR,
  Curve,
  decodeBinaryNode,
  derivePairingCodeKey,
  encodeBinaryNode,
  aesEncryptCTR,
  aesDecryptGCM,
  hkdf,
  proto,
} from "@whiskeysockets/baileys";
import type { BinaryNode } from "@whiskeysockets/baileys";
import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { WebSocket } from "ws";
import { NoiseResponder } from "./noise.ts";
import { firstChild, lidOf, node, numberOf } from "./peer.ts";
import type { Peer } from "./peer.ts";
import type { Account, Call, Mode } from "./server.ts";

const SERVER = "s.whatsapp.net";
const HEADER_BYTES = 4;
const SLOW_MS = 2_000;

/** What a connection asks of the network it belongs to. */
export interface ClientHost {
  readonly account: Account;
  readonly port: number;
  readonly currentMode: Mode;
  readonly groups: ReadonlyMap<string, { readonly subject: string; readonly members: readonly string[] }>;
  nextAckError: string | undefined;
  losesNextAck: boolean;
  logins: number;
  nextId(): string;
  peer(jid: string): Peer;
  took(message: BinaryNode): Promise<void>;
  entered(client: Client): Promise<void>;
  acknowledged(id: string): void;
  called(kind: Call["kind"], what: BinaryNode): void;
  changed(): void;
}

/** One connection of a linked device, from the first byte on. */
export class Client {
  readonly #socket: WebSocket;
  readonly #host: ClientHost;
  readonly #noise = new NoiseResponder();
  #received = Buffer.alloc(0);
  #isGreeted = false;
  #order: Promise<void> = Promise.resolve();
  readonly #codeRequest = Promise.withResolvers<BinaryNode>();
  readonly #codeFinish = Promise.withResolvers<BinaryNode>();
  /** The identity key that a device that is not linked yet wants to have signed. */
  identity: Buffer = Buffer.alloc(0);
  isPairing = false;
  isLoggedIn = false;

  constructor(socket: WebSocket, host: ClientHost) {
    this.#socket = socket;
    this.#host = host;
    socket.on("error", () => undefined);
    socket.on("message", (data: Buffer) => {
      this.#received = Buffer.concat([this.#received, data]);
      this.#order = this.#order.then(() => this.#frames()).catch(() => socket.terminate());
    });
  }

  terminate(): void {
    this.#socket.terminate();
  }

  babble(): void {
    for (let count = 0; count < 5; count++) this.#write(randomBytes(64));
  }

  async send(what: BinaryNode): Promise<void> {
    this.#write(this.#noise.seal(encodeBinaryNode(what)));
  }

  /** The phone's consent, and the wish for a new connection. */
  async pair(success: BinaryNode): Promise<void> {
    this.isPairing = false;
    await this.send(success);
    await this.send(node("stream:error", { code: "515" }));
  }

  async streamError(code: string, reason: string): Promise<void> {
    await this.send(
      node("stream:error", { code }, [node(reason === "conflict" ? "conflict" : reason, { type: "device_removed" })]),
    );
    this.#socket.close();
  }

  /** The phone's side of a typed code. Resolves with the secret that both know then. */
  async typed(code: string): Promise<Buffer> {
    const request = await this.#codeRequest.promise;
    const wrapped = bytes(firstChild(request, "link_code_pairing_wrapped_companion_ephemeral_pub"));
    const key = await derivePairingCodeKey(code, wrapped.subarray(0, 32));
    const companionEphemeral = aesDecryptCTR(wrapped.subarray(48), key, wrapped.subarray(32, 48));
    const ephemeral = Curve.generateKeyPair();
    const identity = Curve.generateKeyPair();
    const salt = randomBytes(32);
    const iv = randomBytes(16);
    const sealed = aesEncryptCTR(ephemeral.public, await derivePairingCodeKey(code, salt), iv);
    await this.send(
      node("notification", { from: SERVER, type: "link_code_companion_reg", id: this.#host.nextId(), t: "1" }, [
        node("link_code_companion_reg", { stage: "primary_hello" }, [
          node("link_code_pairing_wrapped_primary_ephemeral_pub", {}, Buffer.concat([salt, iv, sealed])),
          node("primary_identity_pub", {}, Buffer.from(identity.public)),
          node("link_code_pairing_ref", {}, Buffer.from("ref")),
        ]),
      ]),
    );
    const finish = await this.#codeFinish.promise;
    const bundle = bytes(firstChild(finish, "link_code_pairing_wrapped_key_bundle"));
    const shared = Curve.sharedKey(ephemeral.private, companionEphemeral);
    const bundleKey = hkdf(Buffer.from(shared), 32, {
      salt: bundle.subarray(0, 32),
      info: "link_code_pairing_key_bundle_encryption_key",
    });
    const plain = aesDecryptGCM(bundle.subarray(44), bundleKey, bundle.subarray(32, 44), Buffer.alloc(0));
    const companionIdentity = plain.subarray(0, 32);
    const identityShared = Curve.sharedKey(identity.private, companionIdentity);
    const secret = Buffer.concat([shared, identityShared, plain.subarray(64)]);
    return Buffer.from(hkdf(secret, 32, { info: "adv_secret" }));
  }

  async #frames(): Promise<void> {
    if (!this.#isGreeted && this.#received.length >= HEADER_BYTES) {
      this.#isGreeted = true;
      this.#received = this.#received.subarray(HEADER_BYTES);
    }
    for (;;) {
      if (this.#received.length < 3) return;
      const size = this.#received.readUIntBE(0, 3);
      if (this.#received.length < size + 3) return;
      const frame = this.#received.subarray(3, size + 3);
      this.#received = this.#received.subarray(size + 3);
      if (this.#noise.isTransport) await this.#take(await decodeBinaryNode(this.#noise.open(frame)));
      else await this.#shake(frame);
    }
  }

  async #shake(frame: Uint8Array): Promise<void> {
    const { clientHello, clientFinish } = proto.HandshakeMessage.decode(frame);
    if (clientHello) return this.#write(Buffer.from(this.#noise.hello(clientHello.ephemeral as Uint8Array)));
    const payload = this.#noise.finish(clientFinish as proto.HandshakeMessage.IClientFinish);
    if (this.#host.currentMode === "auth-fail") return this.send(node("failure", { reason: "401" }));
    if (payload.devicePairingData) {
      this.identity = Buffer.from(payload.devicePairingData.eIdent as Uint8Array);
      this.isPairing = true;
      const refs = ["one", "two", "three"].map((ref) => node("ref", {}, Buffer.from(`${ref}@${this.#host.nextId()}`)));
      await this.send(
        node("iq", { id: this.#host.nextId(), type: "set", from: SERVER }, [node("pair-device", {}, refs)]),
      );
      return this.#host.changed();
    }
    const { lid } = this.#host.account;
    await this.send(node("success", { t: String(Math.floor(Date.now() / 1_000)), lid: lid.replace(/:\d+/, "") }));
    await this.send(node("ib", { from: SERVER }, [node("offline", { count: "0" })]));
    this.isLoggedIn = true;
    this.#host.logins++;
    await this.#host.entered(this);
    this.#host.changed();
  }

  async #take(what: BinaryNode): Promise<void> {
    const { tag, attrs } = what;
    if (tag === "iq") return this.#answer(what);
    if (tag === "message") {
      if (this.#host.currentMode === "hang") return;
      if (this.#host.currentMode === "drop") return this.terminate();
      if (this.#host.currentMode === "slow") await delay(SLOW_MS);
      const error = this.#host.nextAckError;
      this.#host.nextAckError = undefined;
      if (error === undefined) await this.#host.took(what);
      if (this.#host.losesNextAck) {
        this.#host.losesNextAck = false;
        return this.terminate();
      }
      const ack = { class: "message", id: attrs["id"] as string, from: attrs["to"] as string };
      return this.send(node("ack", { ...ack, ...(error !== undefined && { error }) }));
    }
    if (tag === "chatstate" || tag === "presence") return this.#host.called("presence", what);
    if (tag === "ack" || tag === "receipt") this.#host.acknowledged(attrs["id"] as string);
    if (tag === "receipt") this.#host.called("receipt", what);
  }

  async #answer(question: BinaryNode): Promise<void> {
    const { id, xmlns, type } = question.attrs;
    const [child] = Array.isArray(question.content) ? question.content : [];
    if (type === "result" || id === undefined) return;
    if (child?.tag === "remove-companion-device") this.#host.called("logout", question);
    else this.#host.called("iq", question);
    await this.send(node("iq", { id, type: "result", from: SERVER }, await this.#content(xmlns, child, question)));
    if (child?.tag === "link_code_companion_reg") this.#code(child);
  }

  #code(request: BinaryNode): void {
    if (request.attrs["stage"] === "companion_hello") this.#codeRequest.resolve(request);
    else this.#codeFinish.resolve(request);
    this.#host.changed();
  }

  async #content(
    xmlns: string | undefined,
    child: BinaryNode | undefined,
    { attrs }: BinaryNode,
  ): Promise<BinaryNode[]> {
    if (child?.tag === "count") return [node("count", { value: "50" })];
    if (child?.tag === "digest") return [node("digest")];
    if (xmlns === "encrypt" && child?.tag === "key") {
      const users = Array.isArray(child.content) ? child.content : [];
      const bundles = await Promise.all(
        users.map((user) => this.#host.peer(user.attrs["jid"] as string).bundle(user.attrs["jid"] as string)),
      );
      return [node("list", {}, bundles)];
    }
    if (child?.tag === "usync") return [devices(child)];
    if (xmlns === "w:g2" && child?.tag === "query") return [this.#group(attrs["to"] as string)];
    if (child?.tag === "media_conn") {
      const host = node("host", { hostname: `127.0.0.1:${this.#host.port}`, maxContentLengthBytes: "100000000" });
      return [node("media_conn", { auth: "media-auth", ttl: "300" }, [host])];
    }
    if (xmlns === "privacy") return [node("privacy", {}, [node("category", { name: "readreceipts", value: "all" })])];
    return [];
  }

  #group(jid: string): BinaryNode {
    const { subject, members } = this.#host.groups.get(jid) ?? { subject: "", members: [] };
    const people = [...members, this.#host.account.jid.replace(/:\d+/, "")];
    return node(
      "group",
      { id: jid.split("@")[0] as string, subject, creation: "1", s_t: "1", addressing_mode: "pn" },
      people.map((member) => node("participant", { jid: member })),
    );
  }

  #write(payload: Uint8Array): void {
    const size = Buffer.alloc(3);
    size.writeUIntBE(payload.length, 0, 3);
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(Buffer.concat([size, payload]));
  }
}

/** Everybody has one device: the phone. */
function devices(usync: BinaryNode): BinaryNode {
  const asked = firstChild(usync, "list")?.content;
  const users = (Array.isArray(asked) ? asked : []).map((user) =>
    node("user", { jid: user.attrs["jid"] as string }, [
      node("lid", { val: lidOf(numberOf(user.attrs["jid"])) }),
      node("devices", {}, [node("device-list", {}, [node("device", { id: "0" })])]),
    ]),
  );
  return node("usync", { ...usync.attrs }, [node("list", {}, users)]);
}

function bytes(from: BinaryNode | undefined): Buffer {
  return Buffer.from((from?.content ?? []) as Uint8Array);
}
