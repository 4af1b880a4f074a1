import { defineCommand } from "openclaw/plugin-sdk";
import { diagnostics } from "./diagnostics.ts";
import { states } from "./states.ts";

/** `openclaw plugins doctor`: exit 1 when something is wrong. */
export default defineCommand({
  anyConfig: true,
  async run(context) {
    const { plugins } = await states(context);
    const found = diagnostics(plugins);
    const text = found.map(({ pluginId, level, message }) => `${level} ${pluginId}: ${message}`).join("\n");
    context.print({ ok: found.length === 0, diagnostics: found }, text || "no problems found");
    return found.length === 0 ? 0 : 1;
  },
});
