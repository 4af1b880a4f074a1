import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { mkdir, open, readdir, rename, rm, stat, unlink } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { extname, join } from "node:path";
import type { Media, OpenFile } from "openclaw/plugin-sdk";
import { ceilingOf, fileType, HEAD_BYTES, kindOf } from "./kind.ts";
import type { Said } from "./kind.ts";

export interface Saved {
  readonly path: string;
  readonly contentType: string;
  readonly size: number;
  readonly kind: Media["kind"];
}

export interface Incoming extends Said {
  readonly body: AsyncIterable<Uint8Array>;
  /** Names the file: the same text is the same file. */
  readonly identity: string;
  readonly kind?: Media["kind"];
  /** Bytes at most, whatever it is. */
  readonly limit: number;
  /** For a file of the gateway's own owner there is no ceiling by kind. */
  readonly isCeiled: boolean;
  readonly signal: AbortSignal;
}

export interface SweepLimits {
  readonly ageMs: number;
  readonly bytes: number;
}

/** As {@link uuidOf} makes them. */
const ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const DAY_MS = 24 * 3_600_000;
const NAME_CHARS = 60;
const ONE_HOUR_MS = 3_600_000;
/** Media store (reliability.md §9). */
const LIMITS: SweepLimits = { ageMs: 7 * DAY_MS, bytes: 1_073_741_824 };

/** There were more bytes than are taken. */
export class TooLarge extends Error {
  readonly limit: number;

  constructor(limit: number) {
    super(`the file is larger than ${Math.floor(limit / 1_024)} KB`);
    this.limit = limit;
  }
}

/**
 * Files of messages, in a folder of the state directory for each direction. A file has its name when it is whole, not
 * before. Nothing but age and the size of all ends it, save for what goes out, which goes with its entry.
 */
export class MediaStore {
  readonly #root: string;

  constructor(stateDir: string) {
    this.#root = join(stateDir, "media");
  }

  get root(): string {
    return this.#root;
  }

  /** Bytes as a file. Rejects with {@link TooLarge} as soon as there are too many; then nothing is left behind. */
  async save(direction: "inbound" | "outbound", incoming: Incoming): Promise<Saved> {
    const id = uuidOf(incoming.identity);
    const part = join(await this.#folder("tmp"), id);
    const file = await open(part, "w", 0o600);
    try {
      const { head, size } = await copy(file, incoming);
      await file.close();
      const { contentType, extension } = await fileType(head, incoming);
      const kind = kindOf(contentType, incoming.kind);
      if (incoming.isCeiled && size > ceilingOf(kind)) throw new TooLarge(ceilingOf(kind));
      const path = join(await this.#folder(direction), `${safeName(incoming.fileName, kind)}---${id}${extension}`);
      await rename(part, path);
      return { path, contentType, size, kind };
    } catch (error) {
      await file.close().catch(() => undefined);
      await rm(part, { force: true });
      throw error;
    }
  }

  /** The file that was saved under this identity before. */
  async find(
    direction: "inbound" | "outbound",
    identity: string,
    said: Said,
    kind?: Media["kind"],
  ): Promise<Saved | undefined> {
    const folder = await this.#folder(direction);
    const mark = `---${uuidOf(identity)}`;
    const name = (await readdir(folder)).find((one) => one.includes(mark));
    if (name === undefined) return undefined;
    const path = join(folder, name);
    const file = await open(path, "r");
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
      const { contentType } = await fileType(buffer.subarray(0, bytesRead), said);
      return { path, contentType, size: (await file.stat()).size, kind: kindOf(contentType, kind) };
    } finally {
      await file.close();
    }
  }

  /** The file with this id, to be read by whoever closes it. Nothing when there is none (any more). */
  async open(
    id: string,
  ): Promise<(OpenFile & { readonly contentType: string; readonly fileName: string }) | undefined> {
    if (!ID.test(id)) return undefined;
    for (const direction of ["inbound", "outbound"] as const) {
      const folder = join(this.#root, direction);
      const names = await readdir(folder).catch(() => []);
      const name = names.find((one) => one.includes(`---${id}`));
      if (name === undefined) continue;
      const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
      const handle = await open(join(folder, name), O_RDONLY | O_NOFOLLOW | O_NONBLOCK).catch(() => undefined);
      const facts = await handle?.stat();
      if (handle && facts?.isFile()) {
        const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
        const fileName = name.replace(`---${id}`, "");
        const { contentType } = await fileType(buffer.subarray(0, bytesRead), { fileName });
        return { handle, size: facts.size, contentType, fileName };
      }
      await handle?.close();
    }
    return undefined;
  }

  /** Takes away what is too old, then the oldest until what is left is not too much. Resolves with how many. */
  async sweep(limits: SweepLimits = LIMITS): Promise<number> {
    const now = Date.now();
    const files = (await Promise.all(["inbound", "outbound", "tmp"].map((folder) => this.#files(folder)))).flat();
    const byAge = files.toSorted((a, b) => a.at - b.at);
    let left = files.reduce((sum, { size }) => sum + size, 0);
    let removed = 0;
    for (const { path, folder, at, size } of byAge) {
      const isOld = now - at > (folder === "tmp" ? ONE_HOUR_MS : limits.ageMs);
      if (!isOld && left <= limits.bytes) continue;
      await unlink(path).catch(() => undefined);
      left -= size;
      removed++;
    }
    return removed;
  }

  async #files(folder: string) {
    const path = join(this.#root, folder);
    const names = await readdir(path).catch(() => []);
    const files = [];
    for (const name of names) {
      const file = join(path, name);
      const facts = await stat(file).catch(() => undefined);
      if (facts?.isFile()) files.push({ path: file, folder, at: facts.mtimeMs, size: facts.size });
    }
    return files;
  }

  async #folder(name: string): Promise<string> {
    const path = join(this.#root, name);
    await mkdir(path, { recursive: true, mode: 0o700 });
    return path;
  }
}

/** Writes what comes, and stops at the limit: what was said of the length counts for nothing. */
async function copy(file: FileHandle, { body, limit, kind, isCeiled, signal, ...said }: Incoming) {
  const { promise: stopped, reject } = Promise.withResolvers<never>();
  stopped.catch(() => undefined);
  const stop = () => reject(signal.reason);
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop, { once: true });
  const source = body[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  let size = 0;
  let most = limit;
  let isTold = !isCeiled;
  try {
    for (;;) {
      const { done, value } = await Promise.race([source.next(), stopped]);
      if (done) return { head, size };
      size += value.length;
      if (size > most) throw new TooLarge(most);
      if (head.length < HEAD_BYTES) head = Buffer.concat([head, value]).subarray(0, HEAD_BYTES);
      await file.write(value);
      if (isTold || head.length < HEAD_BYTES) continue;
      isTold = true;
      most = Math.min(limit, ceilingOf(kindOf((await fileType(head, said)).contentType, kind)));
    }
  } catch (error) {
    // Nobody waits for it: it may take its time.
    void Promise.resolve(source.return?.()).catch(() => undefined);
    throw error;
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

function uuidOf(identity: string): string {
  const hex = createHash("sha256").update(identity).digest("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    "-",
  );
}

/** What is left of a stranger's name for a file, without its ending. */
function safeName(fileName: string | undefined, kind: string): string {
  const bare = (fileName ?? "").split(/[/\\]/).at(-1) ?? "";
  const stem = bare.slice(0, bare.length - extname(bare).length);
  const safe = stem
    .normalize("NFC")
    .replaceAll(/[^\p{L}\p{N}._-]+/gu, "_")
    .replace(/^[._-]+/, "");
  return Array.from(safe).slice(0, NAME_CHARS).join("") || kind;
}
