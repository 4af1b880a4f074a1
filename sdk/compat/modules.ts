import type { PluginGateway } from "../gateway.ts";
import { createSdkNames } from "./names.ts";
import type { Mount } from "./names.ts";
import { UnsupportedError, withAbsent } from "./unsupported.ts";

const SDK = /^(?:openclaw|clawdbot|moltbot)\/plugin-sdk(?:\/(.+))?$/;
/** Subpaths that later generations import the names of the one SDK by. */
const WHOLE = new Set([undefined, "core", "plugin-entry"]);
/** Libraries that plugins import without declaring, because another package used to bring them along. */
const UNDECLARED = /^(?:zod|@sinclair\/typebox)(?:\/|$)/;

const ATTACH = Symbol("attach");

export interface ModuleSources {
  /** Modules handed over as they are, by specifier. */
  readonly own: Readonly<Record<string, unknown>>;
  /** The SDK itself. */
  readonly sdk: object;
  /** Libraries that the plugin finds by itself. */
  readonly ofPlugin: Libraries;
  /** Libraries of the gateway, for a plugin that has none of its own. */
  readonly ofHost: Libraries;
}

interface Libraries {
  has(specifier: string): boolean;
  load(specifier: string): unknown;
}

/**
 * The modules of one plugin's import, by specifier. Names and subpaths of the SDK that are not there
 * break no import: see {@link withAbsent}. What is missing is told to the plugin's gateway once it is known.
 */
export function establishedModules({ own, sdk, ofPlugin, ofHost }: ModuleSources): Record<string, unknown> {
  const imports = new Imports();
  const made = new Map<string, unknown>(Object.entries(own));
  const names = { ...sdk, ...createSdkNames(() => imports.plugin?.mount) };

  const find = (specifier: string): unknown => {
    if (made.has(specifier)) return made.get(specifier);
    const module = make(specifier);
    made.set(specifier, module);
    return module;
  };
  const make = (specifier: string): unknown => {
    const subpath = SDK.exec(specifier)?.[1];
    if (SDK.test(specifier)) {
      if (WHOLE.has(subpath)) return moduleOf(names, imports);
      imports.diagnose(
        `imports ${specifier}, which this gateway does not have; its names throw when called`,
        specifier,
      );
      return moduleOf({}, imports);
    }
    if (!UNDECLARED.test(specifier) || ofPlugin.has(specifier) || !ofHost.has(specifier)) return undefined;
    return ofHost.load(specifier);
  };

  // jiti asks `specifier in modules`, then reads it.
  return new Proxy<Record<string, unknown>>(Object.create(null) as Record<string, unknown>, {
    has: (_, key) => typeof key === "string" && find(key) !== undefined,
    get: (_, key) => (key === ATTACH ? imports.attach : typeof key === "string" ? find(key) : undefined),
  });
}

/** What the modules need of the plugin that imported them. */
interface Importer {
  readonly gateway: PluginGateway;
  readonly mount: Mount;
}

/** Connect the modules a plugin was loaded with to its activation. */
export function attachModules(modules: Readonly<Record<string, unknown>> | undefined, plugin: Importer): void {
  const attach = (modules as { [ATTACH]?: Imports["attach"] } | undefined)?.[ATTACH];
  attach?.(plugin);
}

function moduleOf(names: object, imports: Imports): object {
  const known = { ...names, __esModule: true, default: undefined as unknown };
  const module = withAbsent(known, "", imports.refuse);
  // Where a name is not `in` the module, jiti looks for it in the default export.
  known.default = module;
  return module;
}

/** What one load of a plugin found missing, kept until there is a gateway to tell. */
class Imports {
  #plugin: Importer | undefined;
  readonly #early: Parameters<PluginGateway["diagnose"]>[] = [];

  get plugin(): Importer | undefined {
    return this.#plugin;
  }

  diagnose(text: string, lacks: string): void {
    if (this.#plugin) this.#plugin.gateway.diagnose(text, lacks);
    else this.#early.push([text, lacks]);
  }

  readonly refuse = (name: string): Error => {
    this.diagnose(`calls ${name} of openclaw/plugin-sdk, which this gateway does not have`, name);
    return new UnsupportedError(name, this.#plugin?.gateway.id ?? "being loaded");
  };

  readonly attach = (plugin: Importer): void => {
    this.#plugin = plugin;
    for (const [text, lacks] of this.#early.splice(0)) plugin.gateway.diagnose(text, lacks);
  };
}
