import { CliError, defineCommand } from "openclaw/plugin-sdk";
import { namedHook } from "./hooks-here.ts";

/** `openclaw hooks enable <name>`: what it is now is what may run (cli.md §7). */
export default defineCommand({
  local: true,
  async run(context) {
    const { name, problem, hash, baseDir, source } = await namedHook(context);
    if (problem !== undefined) throw new CliError(`${name} cannot be enabled: it ${problem}`, { code: "INVALID" });
    const edit = new Map<string, unknown>([
      ["hooks.internal.enabled", true],
      [`hooks.internal.entries.${name}.enabled`, true],
    ]);
    if (source !== "openclaw-bundled") {
      const install = { sourcePath: baseDir, hash, installedAt: new Date().toISOString() };
      edit.set(`hooks.internal.installs.${name}`, install);
    }
    await context.config.write(edit);
    context.print({ ok: true, name, enabled: true }, `enabled ${name}`);
  },
});
