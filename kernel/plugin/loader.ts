import { readFileSync, realpathSync } from "node:fs";
import { createRequire, registerHooks } from "node:module";
import type { ResolveHookSync } from "node:module";
import { extname, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { types } from "node:util";
import type { Jiti } from "jiti";
import { isPlugin } from "openclaw/plugin-sdk";
import type { Plugin } from "openclaw/plugin-sdk";

/** Modules handed to the plugin at `entry`, whatever lies in its own `node_modules`. */
export type VirtualModules = (entry: string) => Promise<Record<string, unknown>>;

/** Imports stock plugins natively and all others through jiti, each time as a fresh module graph. */
export class Loader {
  readonly #cacheDir: string;
  readonly #virtualModules: VirtualModules;

  constructor(cacheDir: string, virtualModules: VirtualModules) {
    this.#cacheDir = cacheDir;
    this.#virtualModules = virtualModules;
  }

  /** Code that ships with the gateway does not change while it runs; Node's own import is the cheapest. */
  async native(entry: string): Promise<Plugin> {
    const module: unknown = await import(pathToFileURL(entry).href);
    return adoptModule(module, entry);
  }

  /**
   * New code, whatever kind of module it is (kernel-notes §3): what went through `require` is evicted, what
   * Node imports as an ES module gets an address of its own, and the one kind that stays is told.
   */
  async fresh(entry: string, folder: string): Promise<Plugin> {
    const { createJiti } = await import("jiti");
    const virtualModules = await this.#virtualModules(entry);
    const roots = [...new Set([folder, realpathSync(folder)])].map((root) => root + sep);
    for (const path of requiredFrom(roots)) delete require.cache[path];
    renew(roots);
    const jiti = createJiti(entry, {
      moduleCache: false,
      fsCache: this.#cacheDir,
      interopDefault: true,
      virtualModules,
    });
    const module: unknown = await load(jiti, entry);
    refuseStale(roots);
    return adoptModule(module, entry, virtualModules);
  }
}

const require = createRequire(import.meta.url);

// Of the process, as the module caches of Node are.
/** Generation of the ES modules below a folder. */
const generations = new Map<string, number>();
/** Text of ES modules that CommonJS code required, as they were first. Node never loads those again. */
const pinned = new Map<string, string>();
let latest = 0;

/**
 * Synchronously, so that helpers are fresh too, unless top-level await makes that impossible. Always compiled: jiti
 * would let Node run CommonJS first, and run it again when that throws.
 */
async function load(jiti: Jiti, entry: string): Promise<unknown> {
  const options = { id: entry, filename: entry, ext: extname(entry), forceTranspile: true };
  try {
    return jiti.evalModule(readFileSync(entry, "utf8"), options);
  } catch (error) {
    if (!needsAsync(error)) throw error;
    return jiti.import(entry);
  }
}

function requiredFrom(roots: readonly string[]): string[] {
  return Object.keys(require.cache).filter((path) => roots.some((root) => path.startsWith(root)));
}

/** From here on Node imports the ES modules below `roots` anew. */
function renew(roots: readonly string[]): void {
  if (generations.size === 0) registerHooks({ resolve: addressed });
  latest++;
  for (const root of roots) generations.set(root, latest);
}

const addressed: ResolveHookSync = (specifier, context, next) => {
  const found = next(specifier, context);
  if (found.format !== "module" || !found.url.startsWith("file:")) return found;
  const path = fileURLToPath(found.url);
  // Installed libraries do not change while they are used, and Node keeps every generation of a module for ever.
  if (path.includes(`${sep}node_modules${sep}`)) return found;
  const root = [...generations.keys()].find((folder) => path.startsWith(folder));
  return root === undefined ? found : { ...found, url: `${found.url}?g=${generations.get(root)}` };
};

function refuseStale(roots: readonly string[]): void {
  for (const path of requiredFrom(roots)) {
    if (!types.isModuleNamespaceObject(require.cache[path]?.exports)) continue;
    const text = readFileSync(path, "utf8");
    const first = pinned.get(path) ?? text;
    pinned.set(path, first);
    if (text === first) continue;
    throw new Error(`${path} is an ES module that CommonJS code requires; restart the gateway to run its new version`);
  }
}

/** Top-level await parses only as a module. */
function needsAsync(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, message } = error as NodeJS.ErrnoException;
  return code === "ERR_REQUIRE_ASYNC_MODULE" || /await is only valid|'await'/.test(message);
}

/** A module's plugin: made by `definePlugin`, or the established `register(api)` in any of its shapes. */
async function adoptModule(module: unknown, entry: string, modules?: Record<string, unknown>): Promise<Plugin> {
  const exported = (module as { default?: unknown } | undefined)?.default ?? module;
  if (isPlugin(exported)) return exported;
  const { activateRegister, registerOf } = await import("openclaw/plugin-sdk/compat");
  const register = registerOf(exported);
  if (!register) {
    throw new Error(`${entry}: plugin export missing register/activate; write export default definePlugin(...)`);
  }
  return {
    activate: (gateway) => activateRegister(register, gateway, entry, { exported, ...(modules && { modules }) }),
  };
}
