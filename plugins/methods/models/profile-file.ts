import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { acquireLock, ensureDirectory, tightenMode, writeFileAtomic } from "openclaw/plugin-sdk";
import type { UsageStats } from "./cooldown.ts";

export type Profile =
  | { readonly type: "api_key"; readonly provider: string; readonly key: string }
  | { readonly type: "token"; readonly provider: string; readonly token: string; readonly expires?: number }
  | {
      readonly type: "oauth";
      readonly provider: string;
      readonly access: string;
      readonly refresh?: string;
      readonly expires?: number;
      readonly email?: string;
    };

/** `auth-profiles.json` (state.md §5). Members that this gateway does not know are kept. */
export interface ProfileData {
  readonly version: 1;
  readonly profiles: Readonly<Record<string, Profile>>;
  readonly order?: Readonly<Record<string, readonly string[]>>;
  readonly lastGood?: Readonly<Record<string, string>>;
  readonly usageStats?: Readonly<Record<string, UsageStats>>;
}

const NAME = "auth-profiles.json";
const EMPTY: ProfileData = { version: 1, profiles: {} };
const MAX_BYTES = 1_000_000;

/** The credentials of one agent on disk. Read again only when the file has changed. */
export class ProfileFile {
  readonly path: string;
  #data: ProfileData = EMPTY;
  #stamp = "";

  constructor(directory: string) {
    this.path = join(directory, NAME);
  }

  /** Throws one sentence when the file is there and cannot be used; its content is never part of it. */
  read(): ProfileData {
    const info = statSync(this.path, { throwIfNoEntry: false });
    const stamp = info ? `${info.mtimeMs}:${info.size}:${info.ino}` : "";
    if (stamp === this.#stamp) return this.#data;
    if (!info) this.#data = EMPTY;
    else {
      if (info.size > MAX_BYTES) throw new Error(`cannot read ${this.path}: larger than ${MAX_BYTES} bytes`);
      this.#data = parse(readFileSync(this.path, "utf8"), this.path);
      tightenMode(this.path, 0o600);
    }
    this.#stamp = stamp;
    return this.#data;
  }

  /** Read, change, write, with other processes kept out. Nothing is written when `change` returns the same object. */
  async update(change: (data: ProfileData) => ProfileData): Promise<void> {
    ensureDirectory(join(this.path, ".."));
    const lock = await acquireLock(`${this.path}.lock`);
    try {
      this.#stamp = "unknown";
      const before = this.read();
      const after = change(before);
      if (after !== before) await writeFileAtomic(this.path, `${JSON.stringify(after, null, 2)}\n`, { mode: 0o600 });
    } finally {
      lock.release();
    }
  }
}

function parse(text: string, path: string): ProfileData {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    // The message of the parser quotes the text, and with it perhaps a key.
    throw new Error(`cannot read ${path}: it is not JSON; mend it or move it away`, { cause: (cause as Error).name });
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new Error(`cannot read ${path}: it is not a JSON object; mend it or move it away`);
  const { profiles, ...rest } = value as { readonly profiles?: unknown };
  const all = typeof profiles === "object" && profiles !== null ? profiles : {};
  return { ...rest, version: 1, profiles: all as ProfileData["profiles"] };
}

/** Files are written by other programs too: an entry may be of a kind that this gateway does not know. */
export function isProfile(value: unknown): value is Profile {
  const { type, provider, key, token, access } = (value ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof provider !== "string") return false;
  const secret = type === "api_key" ? key : type === "token" ? token : type === "oauth" ? access : undefined;
  return typeof secret === "string" && secret !== "";
}
