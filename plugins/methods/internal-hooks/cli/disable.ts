import { defineCommand } from "openclaw/plugin-sdk";
import { namedHook } from "./hooks-here.ts";

/** `openclaw hooks disable <name>` (cli.md §7). */
export default defineCommand({
  local: true,
  async run(context) {
    const { name } = await namedHook(context);
    await context.config.write(new Map([[`hooks.internal.entries.${name}.enabled`, false]]));
    context.print({ ok: true, name, enabled: false }, `disabled ${name}`);
  },
});
