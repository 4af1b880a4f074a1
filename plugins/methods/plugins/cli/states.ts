import { CliError, ConnectionError, GatewayError } from "openclaw/plugin-sdk";
import type { CliContext, PluginState } from "openclaw/plugin-sdk";
import { nearest } from "openclaw/plugin-sdk/config";

export interface States {
  /** A running gateway said so. */
  readonly live: boolean;
  readonly plugins: readonly PluginState[];
}

/**
 * The states that the running gateway holds; when this machine's own does not answer, what the manifests and the
 * configuration say. Of another gateway the files here say nothing.
 */
export async function states(context: CliContext): Promise<States> {
  try {
    const client = await context.connect();
    try {
      const { plugins } = await client.request<{ plugins: PluginState[] }>("plugins.list", {});
      return { live: true, plugins };
    } finally {
      await client.close();
    }
  } catch (error) {
    const isExpected = error instanceof CliError || error instanceof ConnectionError || error instanceof GatewayError;
    if (!isExpected || context.target().id !== "local") throw error;
    if (isRefusal(error)) context.note(`showing what the files say; the gateway answers: ${error.message}`);
    return { live: false, plugins: context.plugins() };
  }
}

/** A gateway is there and says no. */
function isRefusal(error: unknown): error is CliError | GatewayError {
  return error instanceof GatewayError || (error instanceof CliError && error.code !== "GATEWAY_UNAVAILABLE");
}

export function pluginById(plugins: readonly PluginState[], id: string): PluginState {
  const plugin = plugins.find((candidate) => candidate.id === id);
  if (plugin) return plugin;
  throw notFound(
    id,
    plugins.map((one) => one.id),
  );
}

export function notFound(id: string, known: readonly string[] = []): CliError {
  const near = nearest(id, known);
  const text = `plugin not found: ${id}${near === undefined ? "" : `\nDid you mean ${near}?`}`;
  return new CliError(text, { code: "NOT_FOUND", hint: "openclaw plugins list" });
}
