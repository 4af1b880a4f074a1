import { once } from "node:events";
import type { FSWatcher } from "chokidar";

const SETTLE_MS = 100;
/** Installed libraries and hidden folders below a plugin's own. */
const OTHERS = /[\\/](node_modules|\.[^\\/]+)([\\/]|$)/;

/** Tells which source files of plugins were edited, those of one save together. */
export class SourceWatch {
  readonly #failed: (error: unknown) => void;
  readonly #changed: (files: readonly string[]) => void;
  readonly #watchers = new Map<string, FSWatcher>();
  readonly #edited = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(changed: (files: readonly string[]) => void, failed: (error: unknown) => void) {
    this.#failed = failed;
    this.#changed = changed;
  }

  /** Watch these folders and no others. Resolves when no edit can be missed any more. */
  async follow(folders: readonly string[]): Promise<void> {
    const { watch } = await import("chokidar");
    if (this.#closed) return;
    for (const [folder, watcher] of this.#watchers) if (!folders.includes(folder)) this.#drop(folder, watcher);
    const added = folders.filter((folder) => !this.#watchers.has(folder));
    await Promise.all(
      added.map((folder) => {
        const watcher = watch(folder, {
          ignoreInitial: true,
          ignored: (path) => OTHERS.test(path.slice(folder.length)),
        });
        this.#watchers.set(folder, watcher);
        watcher.on("all", (_event, path) => this.#note(path));
        watcher.on("error", this.#failed);
        return once(watcher, "ready");
      }),
    );
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    for (const [folder, watcher] of this.#watchers) this.#drop(folder, watcher);
  }

  #drop(folder: string, watcher: FSWatcher): void {
    this.#watchers.delete(folder);
    void watcher.close();
  }

  #note(path: string): void {
    this.#edited.add(path);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#changed([...this.#edited]);
      this.#edited.clear();
    }, SETTLE_MS);
  }
}
