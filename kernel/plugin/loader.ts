import { createRequire } from "node:module";
import { realpathSync } from "node:fs";
import { extname, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { isPlugin } from "openclaw/plugin-sdk";
import type { Plugin } from "openclaw/plugin-sdk";
import type { Register } from "openclaw/plugin-sdk/compat";

/** What loading gave: something to activate, and whether a later reload is sure to see new code. */
export interface Loaded {
  readonly plugin: Plugin;
  readonly reloadable: boolean;
}

/** Modules handed to plugins whatever lies in their own `node_modules`. */
export type VirtualModules = () => Promise<Record<string, unknown>>;

/** Imports stock plugins natively and all others through jiti, each time as a fresh module graph. */
export class Loader {
  readonly #cacheDir: string;
  readonly #virtualModules: VirtualModules;

  constructor(cacheDir: string, virtualModules: VirtualModules) {
    this.#cacheDir = cacheDir;
    this.#virtualModules = virtualModules;
  }

  /** Code that ships with the gateway does not change while it runs; Node's own import is the cheapest. */
  async native(entry: string): Promise<Loaded> {
    const module: unknown = await import(pathToFileURL(entry).href);
    return { plugin: adoptModule(module, entry), reloadable: true };
  }

  /** kernel-notes §3: evict, new instance rooted at the entry, synchronous call so that nothing stays stale. */
  async fresh(entry: string, folder: string): Promise<Loaded> {
    evict(folder);
    const { createJiti } = await import("jiti");
    const virtualModules = await this.#virtualModules();
    const jiti = createJiti(entry, {
      moduleCache: false,
      fsCache: this.#cacheDir,
      interopDefault: true,
      virtualModules,
    });
    try {
      return { plugin: adoptModule(jiti(entry), entry), reloadable: true };
    } catch (error) {
      if (!needsAsync(error)) throw error;
      const module: unknown = await jiti.import(entry);
      return { plugin: adoptModule(module, entry), reloadable: extname(entry).endsWith("ts") };
    }
  }
}

const require = createRequire(import.meta.url);

function evict(folder: string): void {
  const roots = [folder, realpathSync(folder)].map((root) => root + sep);
  for (const key of Object.keys(require.cache)) {
    if (roots.some((root) => key.startsWith(root))) delete require.cache[key];
  }
}

/** Top-level await parses only as a module. */
function needsAsync(error: unknown): boolean {
  return error instanceof Error && /await is only valid|ERR_REQUIRE_ASYNC_MODULE|'await'/.test(error.message);
}

/** A module's plugin: made by `definePlugin`, or the established `register(api)` in any of its shapes. */
function adoptModule(module: unknown, entry: string): Plugin {
  const exported = (module as { default?: unknown } | undefined)?.default ?? module;
  if (isPlugin(exported)) return exported;
  const register = registerOf(exported);
  if (!register) throw new Error(`${entry}: plugin export missing register/activate`);
  return {
    async activate(gateway) {
      const { activateRegister } = await import("openclaw/plugin-sdk/compat");
      await activateRegister(register, gateway, entry);
    },
  };
}

function registerOf(exported: unknown): Register | undefined {
  if (typeof exported === "function") return exported as Register;
  const { register, activate } = (exported ?? {}) as { register?: unknown; activate?: unknown };
  const found = register ?? activate;
  return typeof found === "function" ? (found.bind(exported) as Register) : undefined;
}
