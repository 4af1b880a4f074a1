import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { PluginState } from "openclaw/plugin-sdk";
import { eventually, startTestGateway } from "openclaw/plugin-sdk/testing";
import type { TestGateway, TestGatewayOptions } from "openclaw/plugin-sdk/testing";

const STOCK = fileURLToPath(new URL("../../plugins/", import.meta.url));

/** A folder of plugins and other files that goes when the test ends. */
export interface Workshop extends Disposable {
  readonly folder: string;
  /** Folder of a bundled distro with these stock plugins (`methods/config`) and nothing else. */
  bundled(...stock: string[]): string;
  /** Write files by their path below the folder; returns the absolute path of the last one. */
  write(files: Readonly<Record<string, string>>): string;
  /** Write `<id>/` with a manifest and an entry file that is CommonJS; returns the plugin's folder. */
  plugin(id: string, body: string, manifest?: object): string;
}

export function createWorkshop(): Workshop {
  const folder = mkdtempSync(join(tmpdir(), "openclaw-workshop-"));
  const write = (files: Readonly<Record<string, string>>) => {
    let last = folder;
    for (const [path, text] of Object.entries(files)) {
      last = join(folder, path);
      mkdirSync(dirname(last), { recursive: true });
      writeFileSync(last, text);
    }
    return last;
  };
  return {
    folder,
    write,
    bundled(...stock) {
      const root = join(folder, "bundled");
      for (const name of stock) {
        mkdirSync(dirname(join(root, name)), { recursive: true });
        if (!existsSync(join(root, name))) symlinkSync(join(STOCK, name), join(root, name));
      }
      return root;
    },
    plugin(id, body, manifest = {}) {
      write({ [`${id}/openclaw.plugin.json`]: JSON.stringify({ id: basename(id), ...manifest }) });
      return dirname(write({ [`${id}/index.cjs`]: entry(body) }));
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Source of an entry file whose `activate(gateway)` is `body`. CommonJS: loading it needs no compiler. */
export function entry(body: string): string {
  return `const { definePlugin, defineService, Type, GatewayError } = require("openclaw/plugin-sdk");
module.exports = definePlugin(async (gateway) => {
${body}
});
`;
}

/** Source that offers method `name`, answered with `answer`, an expression. */
export function method(name: string, answer: string): string {
  return `gateway.method({ name: "${name}", scope: "operator.read", params: Type.Object({}), handle: async (params, call) => (${answer}) });`;
}

/** Manifest of a plugin that contributes methods for readers. */
export function offering(...methods: string[]): object {
  return { contributes: { methods: Object.fromEntries(methods.map((name) => [name, "operator.read"])) } };
}

/** Section `plugins` that loads these folders and enables what is in them. */
export function enabled(...folders: string[]): { load: object; entries: Record<string, object> } {
  return {
    load: { paths: folders },
    entries: Object.fromEntries(folders.map((folder) => [basename(folder), { enabled: true }])),
  };
}

/** The configuration with this section `plugins`; edits are noticed at once. */
export function configured(plugins: object, more: { readonly gateway?: object } = {}): object {
  return { ...more, plugins, gateway: { reload: { debounceMs: 10 }, ...more.gateway } };
}

/**
 * A gateway with the stock plugins that list and configure, and what section `plugins` adds; without one the home is
 * taken as it is.
 */
export function start(shop: Workshop, plugins?: object, more: TestGatewayOptions = {}): Promise<TestGateway> {
  const bundled = more.bundled ?? shop.bundled("methods/plugins", "methods/config");
  return startTestGateway({ ...(plugins && { config: configured(plugins) }), ...more, bundled });
}

/** What the gateway's list says of one plugin. */
export function stateOf({ run }: TestGateway, id: string): PluginState {
  const found = run.plugins().find((plugin) => plugin.id === id && plugin.state !== "shadowed");
  if (!found) throw new Error(`plugin ${id} is not listed`);
  return found;
}

/** Resolves when the plugin is in that state, and for that reason if one is given. */
export function reaches(
  gateway: TestGateway,
  id: string,
  state: PluginState["state"],
  reason?: string,
): Promise<PluginState> {
  return eventually(`${id} is ${state} ${reason ?? ""}`, () => {
    const plugin = stateOf(gateway, id);
    return plugin.state === state && (reason === undefined || plugin.reason === reason) && plugin;
  });
}
