import { statSync } from "node:fs";
import { open } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { appendLine } from "openclaw/plugin-sdk";
import type { AppendOptions, Logger, TranscriptMessage } from "openclaw/plugin-sdk";
import { headerLine, messageLine } from "./entry.ts";
import type { Header } from "./entry.ts";
import type { Lanes } from "./lanes.ts";
import { newestMessages } from "./newest-messages.ts";
import type { NewestMessages } from "./newest-messages.ts";
import { freshId, scan } from "./scan.ts";
import type { Scan } from "./scan.ts";
import { transcriptFailure } from "./transcript-failure.ts";

export interface TranscriptFileOptions {
  readonly path: string;
  readonly header: Header;
  readonly log: Logger;
  /** One row of writes per path. */
  readonly writes: Lanes;
  /** The file has got its first entry. */
  readonly created: () => void;
}

const NOTHING: NewestMessages = { messages: [], isDamaged: false };

/** One transcript on disk. Writes go one after the other; what a crash left behind is repaired before the first. */
export class TranscriptFile {
  readonly #options: TranscriptFileOptions;
  /** What is known of the file, as long as it has the size that this was found in. */
  #known: Scan | undefined;
  #isNew = false;

  constructor(options: TranscriptFileOptions) {
    this.#options = options;
  }

  /** Nothing is being written. */
  get isIdle(): boolean {
    return !this.#options.writes.isBusy(this.#options.path);
  }

  async messages(limit = Number.POSITIVE_INFINITY): Promise<TranscriptMessage[]> {
    if (!this.isIdle) await this.#serial(async () => undefined);
    const found = await this.#newest(limit);
    if (!found.isDamaged) return found.messages;
    await this.#serial(() => this.#look());
    return (await this.#newest(limit)).messages;
  }

  async append(message: TranscriptMessage, { sourceId }: AppendOptions): Promise<string> {
    return this.#serial(async () => {
      const known = await this.#current();
      const present = sourceId === undefined ? undefined : known.sources.get(sourceId);
      return present ?? this.#write(message, sourceId, known);
    });
  }

  async has(sourceId: string): Promise<boolean> {
    return this.#serial(async () => (await this.#current()).sources.has(sourceId));
  }

  /** Resolves when everything appended so far survives the loss of power. */
  async sync(): Promise<void> {
    await this.#serial(async () => {
      await flush(this.#options.path, "r+");
      // The entry of a new file in its directory is data of the directory. Windows cannot open one.
      if (this.#isNew && process.platform !== "win32") await flush(dirname(this.#options.path), "r");
      this.#isNew = false;
    });
  }

  /** Runs to its end without waiting: the file cannot change under it. */
  #write(message: TranscriptMessage, sourceId: string | undefined, { size, leaf, ids, sources }: Scan): string {
    const { path, header, created } = this.#options;
    const id = freshId(ids);
    try {
      if (size === 0) appendLine(path, headerLine(header));
      appendLine(path, messageLine(id, leaf, message, sourceId));
    } catch (cause) {
      throw transcriptFailure("write", path, cause);
    }
    ids.add(id);
    if (sourceId !== undefined) sources.set(sourceId, id);
    this.#known = { size: sizeOf(path), leaf: id, ids, sources };
    if (leaf === null) {
      this.#isNew = true;
      created();
    }
    return id;
  }

  /** What is known of the file as it is now. Looks again when somebody else has changed it. */
  async #current(): Promise<Scan> {
    let known = this.#known;
    while (known === undefined || known.size !== sizeOf(this.#options.path)) known = await this.#look();
    return known;
  }

  async #look(): Promise<Scan> {
    const { path, header, log } = this.#options;
    try {
      this.#known = sizeOf(path) === 0 ? emptyScan() : await scan(path, header, log);
    } catch (cause) {
      throw transcriptFailure("read", path, cause);
    }
    return this.#known;
  }

  async #newest(limit: number): Promise<NewestMessages> {
    const { path } = this.#options;
    try {
      const file = await openIfThere(path, "r");
      return file ? await newestMessages(file, limit).finally(() => file.close()) : NOTHING;
    } catch (cause) {
      throw transcriptFailure("read", path, cause);
    }
  }

  #serial<T>(work: () => Promise<T>): Promise<T> {
    return this.#options.writes.run(this.#options.path, work);
  }
}

function emptyScan(): Scan {
  return { size: 0, leaf: null, ids: new Set(), sources: new Map() };
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

async function openIfThere(path: string, flags: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, flags);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

async function flush(path: string, flags: string): Promise<void> {
  const file = await openIfThere(path, flags);
  try {
    await file?.sync();
  } finally {
    await file?.close();
  }
}
