import type { CommandCall, ConfigApi } from "openclaw/plugin-sdk";
import { parsePath, valueAt } from "openclaw/plugin-sdk/config";
import { assignmentOf, valueOf } from "./assignment.ts";
import { change } from "./edit.ts";
import { actorOf } from "./gate.ts";

const USE = "Use /config show [path], /config get <path>, /config set <path> <value> or /config unset <path>.";
const MAX_SHOWN = 3_500;

export interface ConfigParts {
  readonly config: ConfigApi;
}

/** `/config`: the file of the gateway, without its secrets and without what opens doors. */
export async function configCommand(call: CommandCall, { config }: ConfigParts): Promise<string> {
  const [, action = "", words = ""] = /^(\S*)\s*([\s\S]*)$/.exec(call.args) ?? [];
  const { path, text } = assignmentOf(words);
  if (action === "show" || action === "get" || action === "") return show(path, action === "get", config);
  if (action !== "set" && action !== "unset") return USE;
  if (path === "" || (action === "set") === (text === "")) return USE;
  const value = action === "set" ? valueOf(text) : undefined;
  return change(new Map([[path, value]]), { config, actor: actorOf(call) });
}

async function show(path: string, isOne: boolean, config: ConfigApi): Promise<string> {
  const { config: whole } = await config.snapshot();
  if (path === "") return isOne ? USE : shown(whole);
  const keys = parsePath(path);
  const value = keys && valueAt(whole, keys);
  const over = config.overrides().has(path) ? "\nOver it runs what /debug set." : "";
  return value === undefined ? `${path} is not set.${over}` : `${path}: ${shown(value)}${over}`;
}

function shown(value: unknown): string {
  const text = JSON.stringify(value, null, 2);
  return text.length <= MAX_SHOWN ? text : `${text.slice(0, MAX_SHOWN)}\n… (longer; name a path)`;
}
