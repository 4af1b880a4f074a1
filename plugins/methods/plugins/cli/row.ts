import type { PluginState } from "openclaw/plugin-sdk";

/** The established keys of `plugins list --json`, and ours (plugin-compat.md). */
export function row(plugin: PluginState, live: boolean): object {
  const { contributes } = plugin;
  return {
    ...plugin,
    kind: undefined,
    status: establishedStatus(plugin),
    toolNames: contributes["tools"] ?? [],
    hookNames: contributes["eventHooks"] ?? [],
    channelIds: contributes["channels"] ?? [],
    providerIds: contributes["models"] ?? [],
    gatewayMethods: contributes["methods"] ?? [],
    cliCommands: contributes["cli"] ?? [],
    services: contributes["services"] ?? [],
    commands: contributes["commands"] ?? [],
    httpHandlers: (contributes["http"]?.length ?? 0) + (contributes["httpHandlers"]?.length ?? 0),
    hookCount: contributes["hooks"]?.length ?? 0,
    live,
  };
}

function establishedStatus({ enabled, state }: PluginState): string {
  if (state === "failed" || state === "invalid" || state === "missing")
    return state === "missing" ? "missing" : "error";
  if (state === "shadowed") return "shadowed";
  return enabled ? "loaded" : "disabled";
}
