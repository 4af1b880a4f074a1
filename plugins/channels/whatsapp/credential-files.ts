import { createHash } from "node:crypto";
import { readdir, readFile, rm, rmdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { ensureDirectory, tightenMode, writeFileAtomic } from "openclaw/plugin-sdk";

const CREDENTIALS = "creds.json";
const BACKUP = "creds.json.bak";
/** Files of the keys, by what the library calls their kinds. Nothing else in the folder is ours to remove. */
const KEY_FILE =
  /^(app-state-sync-key|app-state-sync-version|device-list|identity-key|lid-mapping|pre-key|sender-key|sender-key-memory|session|tctoken)-.+\.json$/;
const MAX_NAME = 180;

/**
 * The files of one linked account, in the layout that the library's own multi-file store has. One writer: each file is
 * written whole, in the order of the writes to it, and a reader sees the old content or the new one.
 */
export class CredentialFiles {
  readonly directory: string;
  /** The end of the last write to each file. */
  readonly #writes = new Map<string, Promise<void>>();
  /** What is in the folder. Most keys that are asked for are not: each message asks for some that nobody ever sent. */
  #names: Promise<Set<string>> | undefined;

  constructor(directory: string) {
    this.directory = directory;
  }

  /** The text of `creds.json`, and of its copy in case the first is of no use. */
  async credentials(): Promise<{ readonly text: string | undefined; readonly backup: string | undefined }> {
    tightenMode(this.directory, 0o700);
    return { text: await this.#read(CREDENTIALS), backup: await this.#read(BACKUP) };
  }

  /** Both files, the copy last: at any time one of them is whole. */
  async saveCredentials(text: string): Promise<void> {
    await this.#write(CREDENTIALS, text);
    await this.#write(BACKUP, text);
  }

  /** When the credentials were last written, in epoch milliseconds. */
  async savedAt(): Promise<number | undefined> {
    const info = await stat(join(this.directory, CREDENTIALS)).catch(() => undefined);
    return info?.mtimeMs;
  }

  async readKey(kind: string, id: string): Promise<string | undefined> {
    const name = fileName(kind, id);
    await this.#written(name);
    const names = await this.#known();
    return names.has(name) ? this.#read(name) : undefined;
  }

  writeKey(kind: string, id: string, text: string): Promise<void> {
    return this.#write(fileName(kind, id), text);
  }

  removeKey(kind: string, id: string): Promise<void> {
    const name = fileName(kind, id);
    return this.#inOrder(name, () => rm(join(this.directory, name), { force: true }));
  }

  /** Resolves when everything that was begun is on disk, or has failed. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#writes.values());
  }

  /** Removes what belongs to the link, and nothing that somebody else put into the folder. True if there was any. */
  async clear(): Promise<boolean> {
    await this.settled();
    this.#names = undefined;
    const names = await this.#known();
    const ours = [...names].filter((name) => name === CREDENTIALS || name === BACKUP || KEY_FILE.test(name));
    for (const name of ours) await rm(join(this.directory, name), { force: true });
    // a folder that holds something else stays
    await rmdir(this.directory).catch(() => undefined);
    this.#names = undefined;
    return ours.length > 0;
  }

  /** `undefined`: there is no such file, or it cannot be read. */
  async #read(name: string): Promise<string | undefined> {
    await this.#written(name);
    return readFile(join(this.directory, name), "utf8").catch(() => undefined);
  }

  /** Resolves when what was begun for one file has ended. */
  async #written(name: string): Promise<void> {
    await this.#writes.get(name)?.catch(() => undefined);
  }

  #known(): Promise<Set<string>> {
    this.#names ??= readdir(this.directory).then(
      (names) => new Set(names),
      () => new Set(),
    );
    return this.#names;
  }

  #write(name: string, text: string): Promise<void> {
    ensureDirectory(this.directory);
    // Whoever asks from now on waits for the write first.
    void this.#known().then((names) => names.add(name));
    return this.#inOrder(name, () => writeFileAtomic(join(this.directory, name), text));
  }

  #inOrder(name: string, work: () => Promise<void>): Promise<void> {
    const before = this.#writes.get(name)?.catch(() => undefined) ?? Promise.resolve();
    const next = before.then(work).finally(() => {
      if (this.#writes.get(name) === next) this.#writes.delete(name);
    });
    this.#writes.set(name, next);
    return next;
  }
}

/** Ids come from the network: what no file may be called is replaced, what is too long is shortened to a hash. */
function fileName(kind: string, id: string): string {
  const safe = `${kind}-${id}`
    .replaceAll("/", "__")
    .replaceAll(":", "-")
    .replaceAll(/[\u0000-\u001f\\*?"<>|]/g, "_");
  if (safe.length <= MAX_NAME) return `${safe}.json`;
  return `${safe.slice(0, MAX_NAME - 65)}-${createHash("sha256").update(id).digest("hex")}.json`;
}
