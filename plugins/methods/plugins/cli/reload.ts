import { defineCommand } from "openclaw/plugin-sdk";
import type { PluginState, ReloadOutcome } from "openclaw/plugin-sdk";
import { pluginById } from "./states.ts";

const RELOAD_MS = 60_000;

/** `openclaw plugins reload <id>`. */
export default defineCommand({
  async run({ args, connect, print }) {
    const client = await connect();
    try {
      const { plugins } = await client.request<{ plugins: PluginState[] }>("plugins.list", {});
      pluginById(plugins, args["id"] as string);
      const outcome = await client.request<ReloadOutcome>(
        "plugins.reload",
        { id: args["id"] },
        { timeoutMs: RELOAD_MS },
      );
      const { ok, id, durationMs, error } = outcome;
      print(outcome, ok ? `reloaded ${id} in ${durationMs} ms` : `reload failed: ${error}`);
      return ok ? 0 : 1;
    } finally {
      await client.close();
    }
  },
});
