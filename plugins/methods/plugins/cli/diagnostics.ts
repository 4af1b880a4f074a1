import type { PluginState } from "openclaw/plugin-sdk";
import { missingHint } from "openclaw/plugin-sdk/plugins";

/** What is wrong with plugins, one entry each. */
export function diagnostics(
  plugins: readonly PluginState[],
): { level: string; pluginId: string; source: string; message: string }[] {
  const there = plugins.filter(({ state }) => state !== "missing").map(({ id }) => id);
  return plugins.flatMap(({ id, source, error, state, diagnostics: notes }) => [
    ...(error
      ? [
          {
            level: state === "shadowed" ? "warn" : "error",
            pluginId: id,
            source,
            message: state === "missing" ? `${error} (${missingHint(id, there)})` : error,
          },
        ]
      : []),
    ...notes.map((message) => ({ level: "warn", pluginId: id, source, message })),
  ]);
}
