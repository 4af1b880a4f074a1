import { defineCommand, terminalText } from "openclaw/plugin-sdk";
import { hooksHere, stateOf } from "./hooks-here.ts";

/** `openclaw hooks [list]` (cli.md §7). */
export default defineCommand({
  local: true,
  async run(context) {
    const hooks = await hooksHere(context);
    const rows = hooks.map((hook) => ({
      status: stateOf(hook),
      hook: terminalText(hook.name),
      source: hook.source.replace(/^openclaw-/, ""),
      events: hook.events.join(", "),
      description: terminalText(hook.problem ?? hook.description).slice(0, 100),
    }));
    context.print({ hooks }, context.table(rows, ["status", "hook", "source", "events", "description"]));
  },
});
