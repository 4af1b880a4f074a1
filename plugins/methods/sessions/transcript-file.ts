import { statSync } from "node:fs";
import { basename, dirname } from "node:path";
import { appendLines, writeFileAtomic } from "openclaw/plugin-sdk";
import type { AppendOptions, Compaction, Logger, TranscriptContext, TranscriptMessage } from "openclaw/plugin-sdk";
import type { ContextCache } from "./context-cache.ts";
import { compactionLine, headerLine, messageLine } from "./entry.ts";
import type { Header } from "./entry.ts";
import { flush } from "./flusher.ts";
import type { Flusher } from "./flusher.ts";
import type { Lanes } from "./lanes.ts";
import { newestMessages } from "./newest-messages.ts";
import type { NewestMessages } from "./newest-messages.ts";
import { emptyScan, scan } from "./scan.ts";
import type { Scan } from "./scan.ts";
import { archiveTranscript, keepAs, timeStamp } from "./transcript-archive.ts";
import { transcriptContext } from "./transcript-context.ts";
import { cutTranscript } from "./transcript-cut.ts";
import { transcriptFailure } from "./transcript-failure.ts";

export interface TranscriptFileOptions {
  readonly path: string;
  readonly header: Header;
  readonly log: Logger;
  /** One row of writes per path. */
  readonly writes: Lanes;
  /** The file has got its first entry. */
  readonly created: () => void;
  /** What was parsed of this file and of others, for the next turn. */
  readonly contexts: ContextCache;
  readonly flusher: Flusher;
  /** Whether what is committed survives the loss of power. */
  readonly waitsForDisk: () => boolean;
}

const ENDING = ".jsonl";
/** One file holds no more (reliability.md §9): then its entries become an older part, and a new file goes on. */
const MAX_ENTRIES = 5_000;
const MAX_BYTES = 10_485_760;
/** Entries that stay, so that readers of the established format have something to go on from. */
const CARRIED = 200;
const CARRIED_BYTES = 1_048_576;

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

  async context(limit = Number.POSITIVE_INFINITY): Promise<TranscriptContext> {
    return this.#serial(async () => {
      const { path, contexts } = this.#options;
      // Looks for what a crash left behind first.
      const { size } = await this.#current();
      const known = contexts.get(path, size, limit);
      if (known) return known;
      if (size === 0) return { entries: [] };
      const { context, sizes } = transcriptContext(path, limit);
      contexts.put(path, { size, limit, context, sizes });
      return context;
    });
  }

  async compact(compaction: Compaction): Promise<string> {
    return this.#serial(async () => {
      const known = await this.#current();
      return this.#write((id) => compactionLine(id, known.leaf, compaction), undefined, known);
    });
  }

  async append(message: TranscriptMessage, { sourceId }: AppendOptions): Promise<string> {
    return this.#serial(async () => {
      const known = await this.#current();
      const present = sourceId === undefined ? undefined : known.sources.get(sourceId);
      return present ?? this.#append(message, sourceId, isFull(known) ? await this.#rotate(known) : known);
    });
  }

  /** Keeps the newest entries; the whole file gets another name. Nothing happens when there are no more than that. */
  async keepNewest(count: number): Promise<{ readonly kept: number; readonly archived?: string } | undefined> {
    return this.#serial(async () => {
      const { path } = this.#options;
      const { size, count: there } = await this.#current();
      if (size === 0) return undefined;
      if (there <= count) return { kept: there };
      const archived = `${path}.bak.${timeStamp()}`;
      const { content, kept } = await cutTranscript(path, { count, header: () => ({ continues: undefined }) });
      await this.#replace(content, archived);
      return { kept, archived };
    });
  }

  /** Takes the transcript away under another name. Resolves with the names of its parts. */
  async archive(): Promise<string[]> {
    return this.#serial(async () => {
      this.#known = undefined;
      return archiveTranscript(this.#options.path, "deleted");
    });
  }

  async has(sourceId: string): Promise<boolean> {
    return this.#serial(async () => (await this.#current()).sources.get(sourceId) !== undefined);
  }

  /** Resolves when everything appended so far is on disk, or on its way there where commits do not wait for it either. */
  async sync(): Promise<void> {
    const { path, flusher, waitsForDisk } = this.#options;
    await this.#serial(async () => {
      // The entry of a new file in its directory is data of the directory. Windows cannot open one.
      const hasNewName = this.#isNew && process.platform !== "win32";
      const put = waitsForDisk() ? flush : (...file: Parameters<typeof flush>) => flusher.add(...file);
      await Promise.all([put(path, "r+"), hasNewName && put(dirname(path), "r")]);
      this.#isNew = false;
    });
  }

  #append(message: TranscriptMessage, sourceId: string | undefined, known: Scan): string {
    return this.#write((id) => messageLine(id, known.leaf, message, sourceId), sourceId, known);
  }

  /** Runs to its end without waiting: the file cannot change under it. */
  #write(line: (id: string) => string, sourceId: string | undefined, known: Scan): string {
    const { path, header, created, contexts } = this.#options;
    const { size, leaf, ids, sources } = known;
    const id = ids.fresh();
    const text = line(id);
    try {
      appendLines(path, [...(size === 0 ? [headerLine(header)] : []), text]);
    } catch (cause) {
      throw transcriptFailure("write", path, cause);
    }
    ids.add(id);
    if (sourceId !== undefined) sources.set(sourceId, id);
    this.#known = { size: sizeOf(path), leaf: id, count: known.count + 1, ids, sources };
    contexts.extend(path, { from: size, to: this.#known.size, line: text });
    if (leaf === null) {
      this.#isNew = true;
      created();
    }
    return id;
  }

  /** The older entries move to a part of their own; the file goes on with the newest ones. */
  async #rotate(known: Scan): Promise<Scan> {
    const { path } = this.#options;
    const part = `${path.slice(0, -ENDING.length)}.part.${timeStamp()}${ENDING}`;
    const { content, older, dropped } = await cutTranscript(path, {
      count: CARRIED,
      maxBytes: CARRIED_BYTES,
      header: ({ before }) => ({
        parentSession: basename(part),
        continues: { file: basename(part), entry: before },
      }),
    });
    if (dropped === 0) return known;
    try {
      // First what is to be kept: whatever happens in between, nothing is lost.
      await writeFileAtomic(part, older);
      await writeFileAtomic(path, content);
    } catch (cause) {
      throw transcriptFailure("write", path, cause);
    } finally {
      this.#known = undefined;
    }
    return this.#current();
  }

  async #replace(content: string, keptAs: string): Promise<void> {
    const { path } = this.#options;
    try {
      await keepAs(path, keptAs);
      await writeFileAtomic(path, content);
    } catch (cause) {
      throw transcriptFailure("write", path, cause);
    } finally {
      this.#known = undefined;
    }
  }

  /** What is known of the file as it is now. Looks again when somebody else has changed it. */
  async #current(): Promise<Scan> {
    let known = this.#known;
    while (known === undefined || known.size !== sizeOf(this.#options.path)) known = await this.#look();
    return known;
  }

  async #look(): Promise<Scan> {
    const { path, header, log, contexts } = this.#options;
    contexts.drop(path);
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
      return await newestMessages(path, limit);
    } catch (cause) {
      throw transcriptFailure("read", path, cause);
    }
  }

  #serial<T>(work: () => Promise<T>): Promise<T> {
    return this.#options.writes.run(this.#options.path, work);
  }
}

function isFull({ size, count }: Scan): boolean {
  return count >= MAX_ENTRIES || size >= MAX_BYTES;
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
