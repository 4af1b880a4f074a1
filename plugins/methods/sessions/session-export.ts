import { open, rename, rm } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { setImmediate } from "node:timers/promises";
import { ensureDirectory, errorText } from "openclaw/plugin-sdk";
import type { PluginGateway, Session } from "openclaw/plugin-sdk";
import type { SessionIndex } from "./session-index.ts";

export interface ExportParts {
  readonly gateway: PluginGateway;
  readonly index: SessionIndex;
  readonly file: (agentId: string) => string;
}

/** The file is written so long after a change at the latest, and later with many sessions: the cost stays a fraction. */
const LEAST_WAIT_MS = 1_000;
const WAIT_PER_SESSION_MS = 20;
const MOST_WAIT_MS = 60_000;

/**
 * Writes the index to `sessions.json`, for tools that read it (sessions.md §2): a while after changes, and at the end.
 * The database is what counts; a file that cannot be written costs a line in the log.
 */
export class SessionExport {
  readonly #parts: ExportParts;
  readonly #changed = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  #isFailing = false;
  /** Sessions there are, as far as it is known. */
  #size = 0;

  constructor(parts: ExportParts) {
    this.#parts = parts;
  }

  /** There are so many sessions: writing them takes its time. */
  expect(size: number): void {
    this.#size = size;
  }

  /** An entry of this agent is another one now. */
  note(agentId: string): void {
    this.#changed.add(agentId);
    if (this.#timer) return;
    const wait = Math.min(MOST_WAIT_MS, Math.max(LEAST_WAIT_MS, this.#size * WAIT_PER_SESSION_MS));
    this.#timer = this.#parts.gateway.setTimeout(() => void this.flush(), wait);
    this.#timer.unref();
  }

  /** Resolves when the files say what the index says. Never rejects. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    return (this.#writing = this.#writing.then(() => this.#write()));
  }

  async #write(): Promise<void> {
    const agents = [...this.#changed];
    if (agents.length === 0) return;
    this.#changed.clear();
    try {
      await this.#writeFiles(agents);
      this.#isFailing = false;
    } catch (error) {
      for (const agentId of agents) this.#changed.add(agentId);
      if (!this.#isFailing) this.#parts.gateway.log.warn(`cannot write sessions.json: ${errorText(error)}`);
      this.#isFailing = true;
    }
  }

  async #writeFiles(agents: readonly string[]): Promise<void> {
    const { index, file } = this.#parts;
    const files = new Map(agents.map((agentId) => [file(agentId), new Draft(file(agentId))]));
    try {
      let size = 0;
      for await (const page of index.pages()) {
        size += page.length;
        for (const session of page) await files.get(file(session.agentId))?.add(session);
        // Whoever waits for the store or the network comes first.
        await setImmediate();
      }
      this.#size = size;
      for (const draft of files.values()) await draft.finish();
    } finally {
      for (const draft of files.values()) await draft.drop();
    }
  }
}

/** A file that comes to its place when it is whole. */
class Draft {
  readonly #path: string;
  readonly #temp: string;
  #file: FileHandle | undefined;
  #text = "{";
  #isEmpty = true;

  constructor(path: string) {
    this.#path = path;
    this.#temp = `${path}.${process.pid}.${Date.now().toString(16)}.tmp`;
  }

  async add({ key, entry }: Session): Promise<void> {
    const value = JSON.stringify(entry, undefined, 2).replaceAll("\n", "\n  ");
    this.#text += `${this.#isEmpty ? "" : ","}\n  ${JSON.stringify(key)}: ${value}`;
    this.#isEmpty = false;
    if (this.#text.length > 65_536) await this.#drain();
  }

  async finish(): Promise<void> {
    this.#text += this.#isEmpty ? "}\n" : "\n}\n";
    await this.#drain();
    await this.#file?.sync();
    await this.#file?.close();
    this.#file = undefined;
    // One that was read as broken stays beside under its own name; this one is whole.
    await rename(this.#temp, this.#path);
  }

  async drop(): Promise<void> {
    await this.#file?.close();
    await rm(this.#temp, { force: true });
  }

  async #drain(): Promise<void> {
    if (!this.#file) {
      ensureDirectory(dirname(this.#path));
      this.#file = await open(this.#temp, "wx", 0o600);
    }
    await this.#file.writeFile(this.#text);
    this.#text = "";
  }
}
