import { existsSync, watch as watchFolder } from "node:fs";
import type { FSWatcher as SystemWatcher } from "node:fs";
import { dirname, relative, sep } from "node:path";
import type { FSWatcher } from "chokidar";
import { isDeepStrictEqual } from "node:util";

const DEPTH = 2;

/** Tells when something in folders of skills has changed, once per burst of changes. */
export class FolderWatch {
  readonly #changed: () => void;
  readonly #failed: (error: unknown) => void;
  #folders: readonly string[] = [];
  #watcher: FSWatcher | undefined;
  /** Of the folders above those that are not there yet. */
  #above: readonly SystemWatcher[] = [];
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
    await this.#attach(folders);
  }

  async #attach(folders: readonly string[]): Promise<void> {
    const old = this.#watcher;
    this.#watcher = undefined;
    this.#wait(folders.filter((path) => !existsSync(path)));
    const there = folders.filter((path) => existsSync(path));
    if (there.length > 0) {
      const { watch } = await import("chokidar");
      // Closed meanwhile, or told to follow others.
      if (this.#closed || this.#folders !== folders) return;
      this.#watcher = watch(there, {
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

  /**
   * A folder that is not there yet comes about in the one above it. That can be the state directory, which changes all
   * the time: it is only told of, never looked through.
   */
  #wait(missing: readonly string[]): void {
    for (const watcher of this.#above) watcher.close();
    const above = new Set(missing.map(nearest));
    const look = () => {
      if (missing.every((path) => !existsSync(path) && above.has(nearest(path)))) return;
      this.#note();
      void this.#attach(this.#folders).catch(this.#failed);
    };
    this.#above = [...above].flatMap((path) => {
      // What else comes and goes there is nobody's business.
      const names = new Set(missing.filter((one) => nearest(one) === path).map((one) => nameBelow(path, one)));
      try {
        const watcher = watchFolder(path, { persistent: false }, (_event, name) => {
          if (name === null || names.has(name)) look();
        });
        watcher.on("error", this.#failed);
        return [watcher];
      } catch (error) {
        this.#failed(error);
        return [];
      }
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    for (const watcher of this.#above) watcher.close();
    await this.#watcher?.close();
  }

  #note(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#changed, this.#debounceMs);
  }
}

/** The folder above that is there. */
function nearest(path: string): string {
  const above = dirname(path);
  return above === path || existsSync(above) ? above : nearest(above);
}

/** The first step on the way down from `above` to `path`. */
function nameBelow(above: string, path: string): string {
  return relative(above, path).split(sep)[0] ?? "";
}
