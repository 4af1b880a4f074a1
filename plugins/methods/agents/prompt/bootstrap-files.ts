import { watch } from "node:fs";
import type { FSWatcher } from "node:fs";
import { join } from "node:path";
import { readTextFile } from "openclaw/plugin-sdk";
import type { PluginGateway, PromptFile } from "openclaw/plugin-sdk";

/** One file of a workspace, as the prompt has it. */
export interface BootstrapFile {
  readonly name: string;
  readonly path: string;
  readonly missing: boolean;
  readonly rawChars: number;
  /** As it is injected: shortened when it is too long, empty when it is blank or missing. */
  readonly text: string;
  readonly truncated: boolean;
}

/** In the order of the prompt (agent.md §9). */
const NAMES = [
  "AGENTS.md",
  "SOUL.md",
  "TOOLS.md",
  "IDENTITY.md",
  "USER.md",
  "HEARTBEAT.md",
  "BOOTSTRAP.md",
  "MEMORY.md",
] as const;
const MAX_CHARS = 20_000;
/** Of a file that are looked at. */
const MAX_BYTES = 2_000_000;
const HEAD = 0.7;
const TAIL = 0.2;
/** Workspaces whose files are kept in memory. */
const MAX_WATCHED = 32;

interface Kept {
  readonly maxChars: number;
  readonly files: Promise<readonly BootstrapFile[]>;
  readonly watcher: FSWatcher;
}

/** The files that a workspace tells its agent at the beginning. Read once, and again when one of them changes. */
export class BootstrapFiles {
  readonly #gateway: PluginGateway;
  /** Least recently used first. */
  readonly #kept = new Map<string, Kept>();

  constructor(gateway: PluginGateway) {
    this.#gateway = gateway;
    gateway.own("workspace watchers", () => {
      for (const workspace of Array.from(this.#kept.keys())) this.#forget(workspace);
    });
  }

  get maxChars(): number {
    return this.#gateway.settings.get<number>("agents.defaults.bootstrapMaxChars") ?? MAX_CHARS;
  }

  of(workspace: string): Promise<readonly BootstrapFile[]> {
    const { maxChars } = this;
    const kept = this.#kept.get(workspace);
    if (kept?.maxChars === maxChars) return kept.files;
    this.#forget(workspace);
    const watcher = this.#watch(workspace);
    const files = readAll(workspace, maxChars);
    // A folder that cannot be watched, because it is not there yet, is read each time.
    if (!watcher) return files;
    this.#kept.set(workspace, { maxChars, files, watcher });
    files.catch(() => this.#forget(workspace));
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MAX_WATCHED && oldest !== undefined) this.#forget(oldest);
    return files;
  }

  #watch(workspace: string): FSWatcher | undefined {
    try {
      const watcher = watch(workspace, { persistent: false });
      watcher.on("change", (_event, name) => {
        if (name === null || (NAMES as readonly string[]).includes(String(name))) this.#forget(workspace);
      });
      watcher.on("error", () => this.#forget(workspace));
      return watcher;
    } catch {
      // Not there, or the system has no watchers left.
      return undefined;
    }
  }

  #forget(workspace: string): void {
    this.#kept.get(workspace)?.watcher.close();
    this.#kept.delete(workspace);
  }
}

function readAll(workspace: string, maxChars: number): Promise<BootstrapFile[]> {
  return Promise.all(NAMES.map((name) => readOne(name, join(workspace, name), maxChars)));
}

async function readOne(name: string, path: string, maxChars: number): Promise<BootstrapFile> {
  const content = await readTextFile(path, MAX_BYTES);
  return bootstrapFile({ name, path, text: content ?? "", missing: content === undefined }, maxChars);
}

/** A file as the prompt has it, whoever has read it. */
export function bootstrapFile({ name, path, text, missing }: PromptFile, maxChars: number): BootstrapFile {
  const raw = String(text).trim();
  return {
    name,
    path,
    missing: missing === true,
    rawChars: raw.length,
    text: shortened(raw, name, maxChars),
    truncated: raw.length > maxChars,
  };
}

/** The beginning and the end of what is too long, with a line between them that says so. */
export function shortened(text: string, name: string, maxChars: number): string {
  if (text.length <= maxChars) return text;
  const head = text.slice(0, Math.floor(maxChars * HEAD));
  const tail = text.slice(-Math.floor(maxChars * TAIL));
  const left = text.length - head.length - tail.length;
  return `${head}\n[… ${left} characters of ${name} are left out here; read the file for all of it …]\n${tail}`;
}
