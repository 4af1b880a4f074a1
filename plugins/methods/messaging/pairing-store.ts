import { randomInt } from "node:crypto";
import { statSync } from "node:fs";
import { readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { acquireLock, secretEquals, writeFileAtomic } from "openclaw/plugin-sdk";

/** Without `0 O 1 I`, which people read wrong. */
const ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
const CODE_LENGTH = 8;
const LIFETIME_MS = 60 * 60_000;
const MAX_PENDING = 3;
/** A sender who goes on writing is not written down again before. */
const SEEN_EVERY_MS = 60_000;
const DEFAULT_ACCOUNT = "default";

/** A stranger who asked to be let in. */
export interface PairingRequest {
  readonly id: string;
  readonly code: string;
  readonly createdAt: string;
  readonly lastSeenAt: string;
  readonly accountId?: string;
  readonly meta: Readonly<Record<string, string>>;
}

export interface PairingPlace {
  readonly channel: string;
  readonly accountId?: string | undefined;
}

/**
 * Who waits to be let in and who was, in the files of state.md §6. Usable without a gateway: every change is made under
 * a lock file, and what another process writes is seen at the next read.
 */
export class PairingStore {
  readonly #directory: string;
  readonly #read = new Map<string, { readonly version: string; readonly ids: readonly string[] }>();

  constructor(stateDir: string) {
    this.#directory = join(stateDir, "credentials");
  }

  /** Pending requests; those that are too old are gone. */
  async list(place: PairingPlace): Promise<PairingRequest[]> {
    return living(await this.#requests(this.#file(place, "pairing")));
  }

  /**
   * The request of this sender: `isNew` once, so that it is answered once. Nothing when too many wait: the newcomer is
   * not told so.
   */
  async ask(
    place: PairingPlace,
    id: string,
    meta: PairingRequest["meta"],
  ): Promise<{ readonly request: PairingRequest; readonly isNew: boolean } | undefined> {
    // Most of what strangers send changes nothing, and then nothing is locked or written.
    const before = await this.list(place);
    const seen = before.find((one) => one.id === id);
    if (!seen && before.length >= MAX_PENDING) return undefined;
    if (seen && Date.now() - Date.parse(seen.lastSeenAt) < SEEN_EVERY_MS) return { request: seen, isNew: false };
    return this.#change<Awaited<ReturnType<PairingStore["ask"]>>>(place, async (pending) => {
      const now = new Date().toISOString();
      const known = pending.find((one) => one.id === id);
      if (known) {
        const request = { ...known, lastSeenAt: now, meta };
        return { requests: pending.map((one) => (one === known ? request : one)), result: { request, isNew: false } };
      }
      if (pending.length >= MAX_PENDING) return { requests: pending, result: undefined };
      const accountId = place.accountId ?? DEFAULT_ACCOUNT;
      const request = { id, code: newCode(pending), createdAt: now, lastSeenAt: now, accountId, meta };
      return { requests: [...pending, request], result: { request, isNew: true } };
    });
  }

  /** Lets in whoever holds the code. Nothing when nobody does. */
  approve(place: PairingPlace, code: string): Promise<PairingRequest | undefined> {
    return this.#change(place, async (pending) => {
      const request = pending.find((one) => secretEquals(code.trim().toUpperCase(), one.code));
      if (!request) return { requests: pending, result: undefined };
      const file = this.#file(place, "allowFrom");
      const allowed = await this.#allowed(file);
      if (!allowed.includes(request.id)) {
        await writeJson(file, { version: 1, allowFrom: [...allowed, request.id] });
      }
      return { requests: pending.filter((one) => one !== request), result: request };
    });
  }

  /** Ids that were approved. Costs one look at the file's stamp when nothing has changed. */
  async approved(place: PairingPlace): Promise<readonly string[]> {
    const file = this.#file(place, "allowFrom");
    const version = versionOf(file);
    const known = this.#read.get(file);
    if (known?.version === version) return known.ids;
    const ids = version === "" ? [] : await this.#allowed(file);
    this.#read.set(file, { version, ids });
    return ids;
  }

  async #change<T>(
    place: PairingPlace,
    change: (
      pending: readonly PairingRequest[],
    ) => Promise<{ readonly requests: readonly PairingRequest[]; readonly result: T }>,
  ): Promise<T> {
    const file = this.#file(place, "pairing");
    const lock = await acquireLock(`${file}.lock`);
    try {
      const pending = living(await this.#requests(file));
      const { requests, result } = await change(pending);
      if (requests !== pending) await writeJson(file, { version: 1, requests });
      return result;
    } finally {
      lock.release();
    }
  }

  async #requests(file: string): Promise<PairingRequest[]> {
    const { requests } = (await readJson(file)) as { requests?: unknown };
    return Array.isArray(requests) ? (requests as unknown[]).filter(isRequest) : [];
  }

  /** A wildcard has no place here: nobody can approve everybody. */
  async #allowed(file: string): Promise<string[]> {
    const { allowFrom } = (await readJson(file)) as { allowFrom?: unknown };
    const ids = Array.isArray(allowFrom) ? allowFrom.map(String) : [];
    return ids.filter((id) => id.trim() !== "" && id.trim() !== "*");
  }

  #file({ channel, accountId = DEFAULT_ACCOUNT }: PairingPlace, kind: "pairing" | "allowFrom"): string {
    const account = accountId === DEFAULT_ACCOUNT ? "" : `-${safeName(accountId)}`;
    return join(this.#directory, `${safeName(channel)}${account}-${kind}.json`);
  }
}

/** Looked at for every direct message, and mostly there is none: a look that waits for a thread costs many times as much. */
function versionOf(file: string): string {
  try {
    const stats = statSync(file, { throwIfNoEntry: false });
    return stats ? `${stats.mtimeMs}/${stats.size}/${stats.ino}` : "";
  } catch {
    // what cannot be looked at lets nobody in
    return "";
  }
}

function living(requests: readonly PairingRequest[]): PairingRequest[] {
  const oldest = Date.now() - LIFETIME_MS;
  return requests.filter(({ createdAt }) => Date.parse(createdAt) > oldest);
}

function newCode(pending: readonly PairingRequest[]): string {
  for (;;) {
    const code = Array.from({ length: CODE_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join("");
    if (!pending.some((one) => one.code === code)) return code;
  }
}

function isRequest(value: unknown): value is PairingRequest {
  const { id, code, createdAt } = (value ?? {}) as Partial<PairingRequest>;
  return typeof id === "string" && typeof code === "string" && !Number.isNaN(Date.parse(createdAt ?? ""));
}

function safeName(text: string): string {
  return text.replaceAll(/[/\\:*?"<>|\p{Cc}]|\.\./gu, "_");
}

/** A file that does not parse is put aside, never overwritten: what it said may be mended by hand. */
async function readJson(file: string): Promise<object> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw error;
  }
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value;
  } catch {
    // falls through: it is put aside like any other wrong content
  }
  await rename(file, `${file}.corrupt-${Date.now()}`);
  return {};
}

function writeJson(file: string, value: object): Promise<void> {
  return writeFileAtomic(file, `${JSON.stringify(value, null, 2)}\n`);
}
