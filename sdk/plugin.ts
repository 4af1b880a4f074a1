import type { PluginGateway } from "./gateway.ts";

/** Called once per generation. Registrations made before it returns or resolves become visible together. */
export type Activate = (gateway: PluginGateway) => void | Promise<void>;

export interface Plugin {
  readonly activate: Activate;
}

/** Tells our plugins from the established ones, which may also have a member `activate`. */
const BRAND = Symbol.for("openclaw.plugin");

/** Types and marks a plugin's default export. */
export function definePlugin(plugin: Activate | Plugin): Plugin {
  const { activate } = typeof plugin === "function" ? { activate: plugin } : plugin;
  return Object.freeze({ activate, [BRAND]: true });
}

export function isPlugin(value: unknown): value is Plugin {
  return typeof value === "object" && value !== null && BRAND in value;
}
