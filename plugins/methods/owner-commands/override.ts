import type { CommandCall, ConfigApi, Settings } from "openclaw/plugin-sdk";
import { assignmentOf, valueOf } from "./assignment.ts";
import { effect, refusalOf } from "./edit.ts";
import { actorOf, closedGate } from "./gate.ts";

const USE =
  "Use /debug, /debug show, /debug set <path> <value>, /debug unset <path> or /debug reset. What is set is not written and is gone with the next restart.";
const MOST = 50;
const MAX_SHOWN = 200;

export interface OverrideParts {
  readonly config: ConfigApi;
  readonly settings: Settings;
}

/** `/debug show|set|unset|reset`: values that run over the file's until the gateway stops, and are written nowhere. */
export async function override(call: CommandCall, { config, settings }: OverrideParts): Promise<string> {
  const [, action = "", words = ""] = /^(\S*)\s*([\s\S]*)$/.exec(call.args) ?? [];
  const { path, text } = assignmentOf(words);
  const now = config.overrides();
  if (action === "show") return now.size === 0 ? "Nothing is set for this run." : overrideLines(now).join("\n");
  const closed = closedGate(call, { key: "debug", writes: true }, settings);
  if (closed !== undefined) return closed;
  const run = (values: ReadonlyMap<string, unknown>) => config.override(values, { actor: actorOf(call) });
  if (action === "reset") {
    await run(new Map());
    return `The file alone counts again; ${now.size} taken back.`;
  }
  if (path === "" || (action === "set") === (text === "")) return USE;
  if (action === "unset") {
    if (!now.has(path)) return `${path} is not set for this run; /debug show lists what is.`;
    return `The file counts again for ${path} (${effect(await run(new Map([...now].filter(([one]) => one !== path))))}).`;
  }
  if (action !== "set") return USE;
  if (now.size >= MOST && !now.has(path)) return `${MOST} values are set already; /debug reset takes them back.`;
  const value = valueOf(text);
  // What a chat may never write, it may not run with either.
  const refused = refusalOf(new Map([[path, value]]), (await config.snapshot()).parsed, config);
  if (refused !== undefined) return refused;
  // Somebody else may have set a value meanwhile.
  const plan = await run(new Map([...config.overrides()].filter(([one]) => one !== path)).set(path, value));
  return `Set ${path} for this run (${effect(plan)}); nothing was written.`;
}

/** What runs over the file's values, a line each. */
export function overrideLines(overrides: ReadonlyMap<string, unknown>): string[] {
  return [...overrides].map(
    ([path, value]) => `Set for this run: ${path} = ${JSON.stringify(value).slice(0, MAX_SHOWN)}`,
  );
}
