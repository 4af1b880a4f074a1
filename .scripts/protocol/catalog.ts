import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import * as sdk from "openclaw/plugin-sdk";
import type { EventOptions, Manifest, MethodOptions, Plugin, ServiceToken } from "openclaw/plugin-sdk";
import { createTestHost } from "openclaw/plugin-sdk/testing";

export interface CatalogMethod extends MethodOptions {
  readonly name: string;
  readonly plugin: string;
}

export interface CatalogEvent extends EventOptions {
  readonly name: string;
  readonly plugin: string;
}

/** Everything that the plugins of a distribution register on the wire, each list by name. */
export interface Catalog {
  readonly methods: readonly CatalogMethod[];
  readonly events: readonly CatalogEvent[];
}

/**
 * What every plugin below `plugins/` registers when it is activated, and the host's own events. Their services are
 * stand-ins that know nothing.
 */
export async function readCatalog(root: string): Promise<Catalog> {
  const folders = globSync("plugins/*/*/openclaw.plugin.json", { cwd: root }).map(dirname).toSorted();
  const methods: CatalogMethod[] = [];
  const events: CatalogEvent[] = Object.entries(sdk.KERNEL_EVENTS).map(([name, options]) => ({
    name,
    plugin: "kernel",
    ...options,
  }));
  for (const folder of folders) {
    const manifest = JSON.parse(readFileSync(join(root, folder, "openclaw.plugin.json"), "utf8")) as Manifest;
    const entry = pathToFileURL(join(root, folder, "index.ts")).href;
    const { default: plugin } = (await import(entry)) as { default: Plugin };
    const found = await activate(plugin, manifest);
    methods.push(...found.methods);
    events.push(...found.events);
  }
  return { methods: methods.toSorted(byName), events: events.toSorted(byName) };
}

async function activate(plugin: Plugin, manifest: Manifest): Promise<Catalog> {
  const events: CatalogEvent[] = [];
  const recording: Plugin = {
    activate: (gateway) =>
      plugin.activate({
        ...gateway,
        event(name, options = {}) {
          events.push({ name, plugin: manifest.id, ...options });
          return gateway.event(name, options);
        },
      }),
  };
  const services = (Object.values(sdk) as unknown[])
    .filter(isToken)
    .filter(({ name }) => !manifest.provides?.includes(name))
    .map((token) => [token, nothing] as const);
  await using host = await createTestHost(recording, { manifest, services });
  const methods = [...host.hooks.method.offers.values()].map(({ key, options }) => ({
    name: key,
    plugin: manifest.id,
    ...options,
  }));
  return { methods, events };
}

/** Can be called, read, iterated and awaited, and is empty. */
const nothing: object = new Proxy(() => undefined, {
  get: (_target, member) => {
    if (member === "then") return undefined;
    if (member === Symbol.iterator) return () => [].values();
    if (member === Symbol.toPrimitive) return () => "";
    return nothing;
  },
  apply: () => nothing,
});

function isToken(value: unknown): value is ServiceToken<object> {
  return typeof value === "object" && value !== null && "name" in value && "createHooks" in value;
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return sdk.compareText(a.name, b.name);
}
