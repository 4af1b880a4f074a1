import { randomUUID } from "node:crypto";
import type { ConnectParams } from "openclaw/plugin-sdk";
import { createDeviceKey, signedText, signText } from "../device-key.ts";
import type { DeviceKey } from "../device-key.ts";
import type { Recorded } from "./capture.ts";

/** A long text of which the capture holds the beginning; a client that sent it back sends back what it got. */
const CUT = /\.\.\.<trimmed \d+ chars>$/;

export interface Secrets {
  readonly port: number;
  readonly token?: string;
  readonly password?: string;
}

/**
 * Gives the placeholders of one capture file their values: equal numbers are equal values, and a device
 * id is the hash of the key it was recorded with. What cannot be known here (a device token of another
 * gateway) is made up.
 */
export class Placeholders {
  readonly #secrets: Secrets;
  readonly #values = new Map<string, string>();
  readonly #keys = new Map<string, DeviceKey>();
  /** Key by device id and by public key. */
  readonly #owners = new Map<string, string>();

  constructor(secrets: Secrets, connections: readonly Recorded[], ids: Readonly<Record<string, string>> = {}) {
    this.#secrets = secrets;
    for (const [name, value] of Object.entries(ids)) this.#values.set(name, value);
    const pairs = new Map<string, number>();
    for (const { steps } of connections) {
      for (const step of steps) {
        const device = step.received ? undefined : deviceOf(step.sent);
        if (device)
          pairs.set(`${device.publicKey} ${device.id}`, (pairs.get(`${device.publicKey} ${device.id}`) ?? 0) + 1);
      }
    }
    // A wrong id was tried once with a key that has its own id everywhere else.
    for (const [pair] of [...pairs].toSorted((a, b) => b[1] - a[1])) {
      const [publicKey = "", id = ""] = pair.split(" ");
      if (this.#keys.has(publicKey)) continue;
      this.#keys.set(publicKey, createDeviceKey());
      this.#owners.set(id, publicKey);
    }
  }

  /** What the server said, kept for the client's later words. */
  learn(recorded: unknown, actual: unknown): void {
    if (
      typeof recorded === "string" &&
      typeof actual === "string" &&
      (/^<(nonce|uuid|deviceToken|hash):\d+>$/.test(recorded) || CUT.test(recorded))
    ) {
      this.#values.set(recorded, actual);
    } else if (typeof recorded === "object" && recorded !== null && typeof actual === "object" && actual !== null) {
      for (const [key, value] of Object.entries(recorded)) this.learn(value, (actual as Record<string, unknown>)[key]);
    }
  }

  fill<T>(value: T): T {
    if (typeof value === "string") return this.#text(value) as T;
    if (Array.isArray(value)) return value.map((item: unknown) => this.fill(item)) as T;
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, this.fill(member as unknown)])) as T;
  }

  /** A `connect` as recorded with real proofs; `signedScopes` when it was signed with other scopes than it sent. */
  connect(recorded: ConnectParams, recordedAt: number, signedScopes?: readonly string[]): ConnectParams {
    const params = this.fill(recorded);
    const { device } = recorded;
    if (!device || !params.device) return params;
    const key = this.#keys.get(device.publicKey) as DeviceKey;
    params.device = { ...params.device, publicKey: key.publicKey, signedAt: Date.now() + device.signedAt - recordedAt };
    if (device.signature !== "<signature>") return params;
    const signed = signedScopes ? { ...params, scopes: [...signedScopes] } : params;
    params.device.signature = signText(key, signedText(signed));
    return params;
  }

  #text(text: string): string {
    const whole = this.#values.get(text);
    if (whole !== undefined) return whole;
    const filler = /^<(\d+) bytes of x>$/.exec(text);
    if (filler) return "x".repeat(Number(filler[1]));
    const trimmed = /^(x+)\.\.\.<trimmed (\d+) chars>$/.exec(text);
    if (trimmed) return "x".repeat((trimmed[1] as string).length + Number(trimmed[2]));
    return text.replace(/<[a-zA-Z]+(?::\d+)?>/g, (name) => this.#value(name));
  }

  #value(name: string): string {
    const { port, token, password } = this.#secrets;
    const fixed: Record<string, string | undefined> = {
      "<port>": String(port),
      "<token>": token,
      "<password>": password,
      "<signature>": "<signature>",
    };
    const known = fixed[name] ?? this.#values.get(name);
    if (known !== undefined) return known;
    const made = this.#make(name);
    this.#values.set(name, made);
    return made;
  }

  #make(name: string): string {
    if (name.startsWith("<deviceId:")) {
      const owner = this.#owners.get(name);
      return owner ? (this.#keys.get(owner) as DeviceKey).id : "0".repeat(64);
    }
    if (name.startsWith("<publicKey:")) return this.#keys.get(name)?.publicKey ?? createDeviceKey().publicKey;
    if (name.startsWith("<deviceToken:")) return randomUUID().replaceAll("-", "");
    return randomUUID();
  }
}

function deviceOf(sent: unknown): { id: string; publicKey: string } | undefined {
  return (sent as { params?: { device?: { id: string; publicKey: string } } } | null)?.params?.device;
}
