import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { PluginState } from "openclaw/plugin-sdk";
import { eventually } from "openclaw/plugin-sdk/testing";
import type { TestGateway } from "openclaw/plugin-sdk/testing";

const STOCK = fileURLToPath(new URL("../../plugins/", import.meta.url));

/** A folder of plugins and other files that goes when the test ends. */
export interface Workshop extends Disposable {
  readonly folder: string;
  /** Folder of a bundled distro with these stock plugins (`methods/config`) and nothing else. */
  bundled(...stock: string[]): string;
  /** Write files by their path below the folder; returns the absolute path of the last one. */
  write(files: Readonly<Record<string, string>>): string;
  /** Write `<id>/` with a manifest and an entry file; returns the plugin's folder. */
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
      mkdirSync(root, { recursive: true });
      for (const name of stock) {
        mkdirSync(dirname(join(root, name)), { recursive: true });
        symlinkSync(join(STOCK, name), join(root, name));
      }
      return root;
    },
    plugin(id, body, manifest = {}) {
      return dirname(
        write({
          [`${id}/openclaw.plugin.json`]: JSON.stringify({ id, ...manifest }),
          [`${id}/index.cjs`]: entry(body),
        }),
      );
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Source of an entry file whose `activate(gateway)` is `body`. CommonJS: loading it needs no compiler. */
export function entry(body: string): string {
  return `const { definePlugin, Type, GatewayError } = require("openclaw/plugin-sdk");
module.exports = definePlugin(async (gateway) => {
${body}
});
`;
}

/** Source that offers method `name` and answers it with `answer`, an expression. */
export function method(name: string, answer: string): string {
  return `gateway.method({ name: "${name}", scope: "operator.read", params: Type.Object({}), handle: async (params, call) => (${answer}) });`;
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
  return eventually(`${id} ${state} ${reason ?? ""}`, () => {
    const plugin = stateOf(gateway, id);
    return plugin.state === state && (reason === undefined || plugin.reason === reason) && plugin;
  });
}
