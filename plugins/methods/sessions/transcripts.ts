import { join } from "node:path";
import type { Logger, Session, Transcript } from "openclaw/plugin-sdk";
import { ContextCache } from "./context-cache.ts";
import type { Flusher } from "./flusher.ts";
import { transcriptName } from "./file-name.ts";
import type { Lanes } from "./lanes.ts";
import { TranscriptFile } from "./transcript-file.ts";

export interface TranscriptsOptions {
  readonly directory: (agentId: string) => string;
  readonly workspace: (agentId: string) => string;
  readonly log: Logger;
  /** One row of writes per file. */
  readonly writes: Lanes;
  /** The session's transcript has got its first entry. */
  readonly created: (session: Session) => void;
  readonly flusher: Flusher;
  /** Whether what is committed survives the loss of power. */
  readonly waitsForDisk: () => boolean;
}

/** Files whose state is kept in memory (reliability.md §9); the others are read again when they are needed. */
const MAX_OPEN = 200;

/** The transcripts of all sessions. Whoever asks for the same one gets the same file, so that its writes stay in order. */
export class Transcripts {
  readonly #options: TranscriptsOptions;
  /** Least recently used first. */
  readonly #files = new Map<string, TranscriptFile>();
  readonly #contexts = new ContextCache();

  constructor(options: TranscriptsOptions) {
    this.#options = options;
  }

  of(session: Session): Transcript {
    const file = this.pathOf(session);
    const current = () => this.#open(file, session);
    return {
      file,
      messages: ({ limit } = {}) => current().messages(limit),
      context: ({ limit } = {}) => current().context(limit),
      compact: (compaction) => current().compact(compaction),
      append: (message, options = {}) => current().append(message, options),
      has: (sourceId) => current().has(sourceId),
      sync: () => current().sync(),
    };
  }

  pathOf({ agentId, entry }: Session): string {
    return join(this.#options.directory(agentId), transcriptName(entry));
  }

  /** Keeps so many of the newest entries. Resolves with nothing when there is no transcript. */
  keepNewest(session: Session, count: number): Promise<{ kept: number; archived?: string } | undefined> {
    return this.#open(this.pathOf(session), session).keepNewest(count);
  }

  /** Takes the session's transcript away under another name. */
  archive(session: Session): Promise<string[]> {
    return this.#open(this.pathOf(session), session).archive();
  }

  #open(path: string, session: Session): TranscriptFile {
    const { workspace, created, ...options } = this.#options;
    const { key, agentId, entry } = session;
    const file =
      this.#files.get(path) ??
      new TranscriptFile({
        path,
        header: { id: entry.sessionId, cwd: workspace(agentId), sessionKey: key, agentId },
        ...options,
        contexts: this.#contexts,
        created: () => created(session),
      });
    this.#files.delete(path);
    this.#files.set(path, file);
    this.#forget();
    return file;
  }

  #forget(): void {
    for (const [path, file] of this.#files) {
      if (this.#files.size <= MAX_OPEN) return;
      if (file.isIdle) this.#files.delete(path);
    }
  }
}
