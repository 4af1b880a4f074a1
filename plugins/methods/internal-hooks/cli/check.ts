import { defineCommand, terminalText } from "openclaw/plugin-sdk";
import { hooksHere } from "./hooks-here.ts";
import type { HookRow } from "./hooks-here.ts";
import { loadProblem } from "./load-problem.ts";

/** `openclaw hooks check`: exit 1 when one that is enabled, or one that is broken, does not run (cli.md §7). */
export default defineCommand({
  local: true,
  async run(context) {
    const hooks = await Promise.all((await hooksHere(context)).map(loaded));
    const bad = hooks.filter((hook) => hook.problem !== undefined || (hook.enabled && !hook.runs));
    const on = hooks.filter((hook) => hook.runs).length;
    const lines = [
      `Event scripts: ${hooks.length}, ${on} on`,
      ...bad.map((hook) => terminalText(`${hook.name} ${hook.reason}`)),
    ];
    context.print({ ok: bad.length === 0, total: hooks.length, on, hooks }, lines.join("\n"));
    return bad.length > 0 ? 1 : 0;
  },
});

/** One that may run, and does not even load, does not run. */
async function loaded(hook: HookRow): Promise<HookRow> {
  const reason = hook.runs && hook.handlerPath !== undefined ? await loadProblem(hook.handlerPath) : undefined;
  return reason === undefined ? hook : { ...hook, runs: false, reason };
}
