import JSON5 from "json5";
import type { CommandCall, ConfigApi, ConfigWriteResult } from "openclaw/plugin-sdk";
import { parsePath, valueAt } from "openclaw/plugin-sdk/config";
import { actorOf } from "./gate.ts";
import { protectedPath } from "./protected.ts";

const USE = "Use /config show [path], /config get <path>, /config set <path> <value> or /config unset <path>.";
const MAX_SHOWN = 3_500;

export interface ConfigParts {
  readonly config: ConfigApi;
}

/** `/config`: the file of the gateway, without its secrets and without what opens doors. */
export async function configCommand(call: CommandCall, { config }: ConfigParts): Promise<string> {
  const [, action = "", path = "", text = ""] = /^(\S*)\s*(\S*)\s*([\s\S]*)$/.exec(call.args) ?? [];
  if (action === "show" || action === "get" || action === "") return show(path, action === "get", config);
  if (action !== "set" && action !== "unset") return USE;
  if (path === "" || (action === "set") === (text.trim() === "")) return USE;
  const value = action === "set" ? valueOf(text.trim()) : undefined;
  return change(call, new Map([[path, value]]), config);
}

/** Writes values by path where a chat may, with the hash of what was seen; says what the change does. */
export async function change(
  call: CommandCall,
  edit: ReadonlyMap<string, unknown>,
  config: ConfigApi,
): Promise<string> {
  const { parsed, hash } = await config.snapshot();
  const { uiHints } = config.schema();
  for (const [path, value] of edit) {
    const keys = parsePath(path);
    if (!keys) return `"${path}" is no path; write it as in agents.defaults.model.`;
    const refused = protectedPath(keys, { before: valueAt(parsed, keys), value }, uiHints);
    if (refused !== undefined)
      return `${refused} cannot be changed from a chat; use "openclaw config" on the gateway's machine.`;
  }
  const { changed, plan } = await config.write({ set: edit }, { baseHash: hash, actor: actorOf(call) });
  const paths = [...edit.keys()].join(", ");
  return changed.length === 0 ? `${paths}: nothing to change.` : `Changed ${paths} (${effect(plan)}).`;
}

async function show(path: string, isOne: boolean, config: ConfigApi): Promise<string> {
  const { config: whole } = await config.snapshot();
  if (path === "") return isOne ? USE : shown(whole);
  const keys = parsePath(path);
  const value = keys && valueAt(whole, keys);
  return value === undefined ? `${path} is not set.` : `${path}: ${shown(value)}`;
}

function shown(value: unknown): string {
  const text = JSON.stringify(value, null, 2);
  return text.length <= MAX_SHOWN ? text : `${text.slice(0, MAX_SHOWN)}\n… (longer; name a path)`;
}

/** JSON5, else the words themselves. */
function valueOf(text: string): unknown {
  try {
    return JSON5.parse<unknown>(text);
  } catch {
    // A plain word is a text.
    return text;
  }
}

function effect({ hot, plugins, restart }: ConfigWriteResult["plan"]): string {
  if (restart.length > 0) return "the gateway restarts for it";
  const names = plugins.filter((id) => id !== "*").map((id) => `plugin ${id} restarts`);
  return [...names, ...(hot.length > 0 ? ["applied at once"] : [])].join(", ") || "no effect on what runs";
}
