import JSON5 from "json5";
import type { CommandCall, ConfigApi } from "openclaw/plugin-sdk";
import { parsePath, valueAt } from "openclaw/plugin-sdk/config";
import { change } from "./edit.ts";
import { actorOf } from "./gate.ts";

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
  return change(new Map([[path, value]]), { config, actor: actorOf(call) });
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
