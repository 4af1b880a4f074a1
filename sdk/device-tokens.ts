import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isErrno } from "./errno.ts";
import { writeFileAtomic } from "./files.ts";
import { secretEquals } from "./secret.ts";

/** A token that a gateway gave to a device for one role. */
export interface DeviceToken {
  readonly token: string;
  readonly role: string;
  readonly scopes: readonly string[];
  readonly updatedAtMs: number;
}

/** `identity/device-auth.json`, as established clients write it too. */
interface TokenFile {
  readonly version: 1;
  readonly deviceId: string;
  readonly tokens: Readonly<Record<string, DeviceToken>>;
}

/**
 * The tokens that gateways gave to the device of this state directory. They are kept per gateway, and one never gets
 * to see what another gave (security.md S-15): `gateway` names it, absent for the one of the same state directory.
 */
export class DeviceTokens {
  readonly #path: string;
  readonly #deviceId: string;
  readonly #prefix: string;

  constructor(stateDir: string, deviceId: string, gateway?: string) {
    this.#path = join(stateDir, "identity", "device-auth.json");
    this.#deviceId = deviceId;
    this.#prefix = gateway === undefined ? "" : `${gateway}/`;
  }

  get(role: string): DeviceToken | undefined {
    const found = this.#read()[this.#prefix + role];
    return typeof found?.token === "string" && Array.isArray(found.scopes) ? found : undefined;
  }

  /** Keep a token. The file is written only when it says something else. */
  async set(role: string, token: string, scopes: readonly string[]): Promise<void> {
    const known = this.get(role);
    const isSame = known && [known.token, ...known.scopes].join(" ") === [token, ...scopes].join(" ");
    if (isSame) return;
    await this.#write({ [this.#prefix + role]: { token, role, scopes, updatedAtMs: Date.now() } });
  }

  /** Forget the token if it still is this one: another process may have got a better one meanwhile. */
  async drop(role: string, token: string): Promise<void> {
    if (!secretEquals(this.get(role)?.token, token)) return;
    await this.#write({ [this.#prefix + role]: undefined });
  }

  async #write(change: Readonly<Record<string, DeviceToken | undefined>>): Promise<void> {
    const file: TokenFile = {
      version: 1,
      deviceId: this.#deviceId,
      // What is undefined is not written.
      tokens: { ...this.#read(), ...change } as Record<string, DeviceToken>,
    };
    await writeFileAtomic(this.#path, `${JSON.stringify(file, null, 2)}\n`);
  }

  /** Tokens of another device are worth nothing to this one, and a damaged file is as good as none: all can be had again. */
  #read(): Readonly<Record<string, DeviceToken>> {
    try {
      const { deviceId, tokens } = JSON.parse(readFileSync(this.#path, "utf8")) as Partial<TokenFile>;
      return deviceId === this.#deviceId && typeof tokens === "object" ? (tokens ?? {}) : {};
    } catch (error) {
      if (error instanceof SyntaxError || isErrno(error, "ENOENT")) return {};
      throw error;
    }
  }
}
