import {
  addTransactionCapability,
  Curve,
  DEFAULT_CONNECTION_CONFIG,
  encodeBigEndian,
  getBinaryNodeChildren,
  initAuthCreds,
  proto,
  unpadRandomMax16,
} from "@whiskeysockets/baileys";
import type { BinaryNode, SignalDataTypeMap, SignalKeyStore } from "@whiskeysockets/baileys";

type Repository = ReturnType<typeof DEFAULT_CONNECTION_CONFIG.makeSignalRepository>;

const silent = {
  level: "silent",
  child: () => silent,
  trace: () => undefined,
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** Somebody's phone: keys to write to it with, and what it reads. */
export class Peer {
  /** The digits of the number. */
  readonly number: string;
  readonly #creds = initAuthCreds();
  readonly #keys = memoryKeys();
  readonly #repository: Repository;

  constructor(number: string) {
    this.number = number;
    const keys = addTransactionCapability(this.#keys, silent, { maxCommitRetries: 1, delayBetweenTriesMs: 1 });
    this.#repository = DEFAULT_CONNECTION_CONFIG.makeSignalRepository({ creds: this.#creds, keys }, silent);
  }

  /** The address that hides the number. */
  get lid(): string {
    return lidOf(this.number);
  }

  /** The answer to a question for its keys, under the address that was asked for. */
  async bundle(jid: string): Promise<BinaryNode> {
    const id = 1;
    const pair = Curve.generateKeyPair();
    await this.#keys.set({ "pre-key": { [id]: pair } });
    const { registrationId, signedIdentityKey, signedPreKey } = this.#creds;
    return node("user", { jid }, [
      node("registration", {}, encodeBigEndian(registrationId)),
      node("type", {}, Buffer.from([5])),
      node("identity", {}, Buffer.from(signedIdentityKey.public)),
      node("skey", {}, [
        node("id", {}, encodeBigEndian(signedPreKey.keyId, 3)),
        node("value", {}, Buffer.from(signedPreKey.keyPair.public)),
        node("signature", {}, Buffer.from(signedPreKey.signature)),
      ]),
      node("key", {}, [node("id", {}, encodeBigEndian(id, 3)), node("value", {}, Buffer.from(pair.public))]),
    ]);
  }

  /** What a `message` of `from` says to this phone, or nothing when it is not for it. */
  async read(message: BinaryNode, from: string): Promise<proto.IMessage | undefined> {
    const to = getBinaryNodeChildren(firstChild(message, "participants"), "to").find(
      ({ attrs }) => numberOf(attrs["jid"]) === this.number,
    );
    const direct = to && firstChild(to, "enc");
    const sealed = direct && (await this.#decrypt(direct, from));
    // what an account sends goes to the owner's own phone too, in a wrapping
    const said = sealed?.deviceSentMessage?.message ?? sealed;
    if (said?.senderKeyDistributionMessage) {
      await this.#repository.processSenderKeyDistributionMessage({
        authorJid: from,
        item: said.senderKeyDistributionMessage,
      });
    }
    const group = getBinaryNodeChildren(message, "enc").find(({ attrs }) => attrs["type"] === "skmsg");
    if (!group) return said;
    const plain = await this.#repository.decryptGroupMessage({
      group: message.attrs["to"] as string,
      authorJid: from,
      msg: group.content as Uint8Array,
    });
    return proto.Message.decode(unpadRandomMax16(plain));
  }

  async #decrypt({ attrs, content }: BinaryNode, from: string): Promise<proto.IMessage> {
    const plain = await this.#repository.decryptMessage({
      jid: from,
      type: attrs["type"] as "pkmsg" | "msg",
      ciphertext: content as Uint8Array,
    });
    return proto.Message.decode(unpadRandomMax16(plain));
  }
}

/** Every number has an address that hides it. */
export function lidOf(number: string): string {
  return `77${number}@lid`;
}

/** The digits of the number behind either kind of address. */
export function numberOf(jid: string | undefined): string {
  const user = (jid ?? "").split(/[@:]/)[0] ?? "";
  return jid?.endsWith("@lid") ? user.slice(2) : user;
}

export function node(tag: string, attrs: BinaryNode["attrs"] = {}, content?: BinaryNode["content"]): BinaryNode {
  return content === undefined ? { tag, attrs } : { tag, attrs, content };
}

export function firstChild(parent: BinaryNode | undefined, tag?: string): BinaryNode | undefined {
  const children = Array.isArray(parent?.content) ? parent.content : [];
  return tag === undefined ? children[0] : children.find((child) => child.tag === tag);
}

function memoryKeys(): SignalKeyStore {
  const values = new Map<string, unknown>();
  return {
    async get<T extends keyof SignalDataTypeMap>(type: T, ids: string[]) {
      const found: Record<string, SignalDataTypeMap[T]> = {};
      for (const id of ids) {
        const value = values.get(`${type}/${id}`);
        if (value !== undefined && value !== null) found[id] = value as SignalDataTypeMap[T];
      }
      return found;
    },
    async set(data) {
      for (const [type, some] of Object.entries(data)) {
        for (const [id, value] of Object.entries(some ?? {})) values.set(`${type}/${id}`, value);
      }
    },
  };
}
