import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Manifest, PluginState } from "openclaw/plugin-sdk";
import { activateRegister } from "openclaw/plugin-sdk/compat";
import type { Register } from "openclaw/plugin-sdk/compat";
import { createTestHost, startTestGateway } from "openclaw/plugin-sdk/testing";
import type { TestGateway, TestHost, TestHostOptions } from "openclaw/plugin-sdk/testing";

/** Folder of a plugin below `fixtures/`. */
export function fixture(name: string): string {
  return join(dirname(fileURLToPath(import.meta.url)), "fixtures", name);
}

/** Plugins written to disk for one test; gone with it. */
export class Folders implements Disposable {
  readonly root = mkdtempSync(join(tmpdir(), "openclaw-compat-"));

  /** A plugin folder of these files. A manifest without more than the id is added when there is none. */
  plugin(id: string, files: Readonly<Record<string, string>>): string {
    const folder = join(this.root, id);
    const manifest = JSON.stringify({ id, configSchema: { type: "object" } });
    for (const [name, text] of Object.entries({ "openclaw.plugin.json": manifest, ...files })) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    return folder;
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

export interface CompatOptions {
  /** More of the configuration. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** `plugins.entries.<id>` by id, beside `enabled`. */
  readonly entries?: Readonly<Record<string, object>>;
  /** With the stock distro; without it the gateway has nothing but the given plugins. */
  readonly stock?: boolean;
}

/** A real gateway that runs the plugins in `folders`, each under the id of its folder. */
export async function startWith(
  folders: readonly string[],
  { config = {}, entries = {}, stock = false }: CompatOptions = {},
): Promise<TestGateway> {
  const ids = folders.map((folder) => folder.split("/").at(-1) as string);
  const enabled = Object.fromEntries(ids.map((id) => [id, { enabled: true, ...entries[id] }]));
  return startTestGateway({
    ...(!stock && { bundled: fixture("no-stock") }),
    config: { ...config, plugins: { load: { paths: folders }, entries: enabled } },
  });
}

export function stateOf(gateway: TestGateway, id: string): PluginState {
  const state = gateway.run.plugins().find((plugin) => plugin.id === id);
  if (!state) throw new Error(`no plugin "${id}"`);
  return state;
}

/** `register` in a host without sockets, for hooks that no plugin fires yet. */
export function hostFor(
  register: Register,
  { manifest = {}, ...options }: Omit<TestHostOptions, "manifest"> & { readonly manifest?: Partial<Manifest> } = {},
): Promise<TestHost> {
  const source = join(fixture("no-stock"), "index.ts");
  return createTestHost(
    { activate: (gateway) => activateRegister(register, gateway, source) },
    { ...options, manifest: { id: "fixture", ...manifest } },
  );
}

/** One HTTP request to the gateway. */
export function fetchFrom(gateway: TestGateway, path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(`http://127.0.0.1:${gateway.port}${path}`, init);
}
