import type { PluginState } from "openclaw/plugin-sdk";

/** What is wrong with plugins, one entry each. */
export function diagnostics(
  plugins: readonly PluginState[],
): { level: string; pluginId: string; source: string; message: string }[] {
  return plugins.flatMap(({ id, source, error, state, diagnostics: notes }) => [
    ...(error ? [{ level: state === "shadowed" ? "warn" : "error", pluginId: id, source, message: error }] : []),
    ...notes.map((message) => ({ level: "warn", pluginId: id, source, message })),
  ]);
}
