import { defineCommand, terminalText } from "openclaw/plugin-sdk";
import { namedHook, stateOf } from "./hooks-here.ts";

/** `openclaw hooks info <name>` (cli.md §7). */
export default defineCommand({
  local: true,
  async run(context) {
    const hook = await namedHook(context);
    const lines = [
      `${hook.emoji ? `${hook.emoji} ` : ""}${hook.name}: ${stateOf(hook)}`,
      hook.description,
      `Folder: ${context.tilde(hook.baseDir)}`,
      `Events: ${hook.events.join(", ")}`,
      ...(hook.reason === undefined ? [] : [`It ${hook.reason}`]),
    ];
    context.print(hook, lines.map((line) => terminalText(line)).join("\n"));
  },
});
