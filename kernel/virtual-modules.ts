/**
 * What plugins outside the distribution import: the SDK and TypeBox of this process, wherever the plugin
 * lies. The names of earlier generations of the ecosystem mean the same module.
 */
export async function virtualModules(): Promise<Record<string, unknown>> {
  const [sdk, testing, compat, typebox] = await Promise.all([
    import("openclaw/plugin-sdk"),
    import("openclaw/plugin-sdk/testing"),
    import("openclaw/plugin-sdk/compat"),
    import("@sinclair/typebox"),
  ]);
  const established = compat.establishedSdk(sdk);
  return {
    "openclaw/plugin-sdk": established,
    "openclaw/plugin-sdk/testing": testing,
    "openclaw/plugin-sdk/core": established,
    "openclaw/plugin-sdk/plugin-entry": established,
    "clawdbot/plugin-sdk": established,
    "moltbot/plugin-sdk": established,
    "@sinclair/typebox": typebox,
  };
}
