import { createRequire } from "node:module";

/**
 * What plugins outside the distribution import: the SDK and TypeBox of this process, wherever the plugin
 * lies. The names of earlier generations of the ecosystem mean the same module. Made for one load, so
 * that what is missing is told to the plugin that asked for it.
 */
export async function virtualModules(entry: string): Promise<Record<string, unknown>> {
  const [sdk, config, plugins, exec, net, httpApi, markdown, workspace, aiSdk, testing, compat, typebox] =
    await Promise.all([
      import("openclaw/plugin-sdk"),
      import("openclaw/plugin-sdk/config"),
      import("openclaw/plugin-sdk/plugins"),
      import("openclaw/plugin-sdk/exec"),
      import("openclaw/plugin-sdk/net"),
      import("openclaw/plugin-sdk/http-api"),
      import("openclaw/plugin-sdk/markdown"),
      import("openclaw/plugin-sdk/workspace"),
      import("openclaw/plugin-sdk/ai-sdk"),
      import("openclaw/plugin-sdk/testing"),
      import("openclaw/plugin-sdk/compat"),
      import("@sinclair/typebox"),
    ]);
  return compat.establishedModules({
    sdk,
    own: {
      "openclaw/plugin-sdk/config": config,
      "openclaw/plugin-sdk/plugins": plugins,
      "openclaw/plugin-sdk/exec": exec,
      "openclaw/plugin-sdk/net": net,
      "openclaw/plugin-sdk/http-api": httpApi,
      "openclaw/plugin-sdk/markdown": markdown,
      "openclaw/plugin-sdk/workspace": workspace,
      "openclaw/plugin-sdk/ai-sdk": aiSdk,
      "openclaw/plugin-sdk/testing": testing,
      "openclaw/plugin-sdk/compat": compat,
      "@sinclair/typebox": typebox,
    },
    ofPlugin: finder(createRequire(entry)),
    ofHost: finder(createRequire(import.meta.url)),
  });
}

/** Finds a library as `require` does, without running it for one that is only looked for. */
function finder(require: NodeJS.Require): { has(specifier: string): boolean; load(specifier: string): unknown } {
  return {
    has(specifier) {
      try {
        require.resolve(specifier);
        return true;
      } catch {
        // Not there: that is the answer.
        return false;
      }
    },
    load: (specifier) => require(specifier) as unknown,
  };
}
