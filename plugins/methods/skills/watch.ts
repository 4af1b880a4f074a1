import type { FSWatcher } from "chokidar";
import { isDeepStrictEqual } from "node:util";

const DEPTH = 2;

/** Tells when something in folders of skills has changed, once per burst of changes. */
export class FolderWatch {
  readonly #changed: () => void;
  readonly #failed: (error: unknown) => void;
  #folders: readonly string[] = [];
  #watcher: FSWatcher | undefined;
  #timer: NodeJS.Timeout | undefined;
  #debounceMs = 0;
  #closed = false;

  constructor(changed: () => void, failed: (error: unknown) => void) {
    this.#changed = changed;
    this.#failed = failed;
  }

  /** Watch these folders, which need not be there yet, and no others. */
  async follow(folders: readonly string[], debounceMs: number): Promise<void> {
    this.#debounceMs = debounceMs;
    if (isDeepStrictEqual(folders, this.#folders)) return;
    this.#folders = folders;
    const old = this.#watcher;
    this.#watcher = undefined;
    if (folders.length > 0) {
      const { watch } = await import("chokidar");
      // Closed meanwhile, or told to follow others.
      if (this.#closed || this.#folders !== folders) return;
      this.#watcher = watch([...folders], {
        ignoreInitial: true,
        followSymlinks: false,
        depth: DEPTH,
        ignored: (path) => /[\\/](node_modules|\.git)([\\/]|$)/.test(path),
      });
      this.#watcher.on("all", () => this.#note());
      this.#watcher.on("error", this.#failed);
    }
    await old?.close();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#watcher?.close();
  }

  #note(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#changed, this.#debounceMs);
  }
}
