import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ManifestError } from "openclaw/plugin-sdk/plugins";
import { running } from "./faults.ts";

/** Lies in the state directory while a plugin is activated. One that is left over tells whom the last process died of. */
interface Mark {
  /** Digest of what the plugin was made with. */
  readonly made: string;
  readonly tries: number;
}

/** A process that dies without a word may have been killed by anybody: the plugin gets one more chance. */
const MAX_TRIES = 2;

/**
 * Keeps a plugin that ends the process when it is activated from doing so at every start (kernel-notes §10). It stays
 * out until its configuration or its code changes, or the operator reloads it.
 */
export class Quarantine {
  readonly #folder: string;
  readonly #entered = new Map<string, string>();

  constructor(stateDir: string) {
    this.#folder = join(stateDir, "quarantine");
  }

  /** The plugin in `folder`, made with `parts`, is about to run for the first time. Throws if that ended a process. */
  enter(id: string, folder: string, parts: unknown): void {
    const made = createHash("sha256").update(JSON.stringify(parts)).digest("hex");
    const { tries } = this.#left(id, folder, made);
    if (tries >= MAX_TRIES) {
      const text = `activating it ended the gateway's process; change it or its configuration, or reload it`;
      throw new ManifestError("crashed_last_start", text);
    }
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    this.#entered.set(id, made);
    this.#write(id, { made, tries: tries + 1 });
  }

  /** It runs, or has failed like anybody may. */
  leave(id: string): void {
    if (this.#entered.delete(id)) this.forgive(id);
  }

  forgive(id: string): void {
    rmSync(this.#file(id), { force: true });
  }

  /** A plugin that calls `process.exit` is known for certain, and the others are cleared. Returns the undo. */
  watchProcess(): () => void {
    const ended = () => {
      const culprit = running.getStore()?.owner;
      for (const [id, made] of this.#entered) {
        if (id === culprit) this.#write(id, { made, tries: MAX_TRIES });
        else if (culprit !== undefined) this.forgive(id);
      }
    };
    process.on("exit", ended);
    return () => void process.off("exit", ended);
  }

  /** How often the same thing has been tried. */
  #left(id: string, folder: string, made: string): { tries: number } {
    const file = this.#file(id);
    const markedAt = statSync(file, { throwIfNoEntry: false })?.mtimeMs;
    if (markedAt === undefined || changedSince(folder, markedAt)) return { tries: 0 };
    try {
      const mark = JSON.parse(readFileSync(file, "utf8")) as Mark;
      return mark.made === made ? mark : { tries: 0 };
    } catch {
      // The process died while writing it.
      return { tries: 1 };
    }
  }

  #write(id: string, mark: Mark): void {
    writeFileSync(this.#file(id), JSON.stringify(mark), { mode: 0o600 });
  }

  #file(id: string): string {
    return join(this.#folder, `${id}.json`);
  }
}

/** Was a file of the plugin written, replaced or moved since? Installed libraries do not count. */
function changedSince(folder: string, time: number): boolean {
  return readdirSync(folder, { withFileTypes: true }).some((entry) => {
    if (entry.name === "node_modules" || entry.name.startsWith(".")) return false;
    const path = join(folder, entry.name);
    return (
      (statSync(path, { throwIfNoEntry: false })?.ctimeMs ?? 0) > time ||
      (entry.isDirectory() && changedSince(path, time))
    );
  });
}
