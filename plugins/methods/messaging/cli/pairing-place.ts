import { CliError } from "openclaw/plugin-sdk";
import type { CliContext, GatewayClient } from "openclaw/plugin-sdk";

/**
 * Asks the gateway when it runs. The files are the same without it: what runs on this machine may be asked of them
 * directly when nothing answers.
 */
export async function withGatewayOrFiles<T>(
  context: CliContext,
  ask: (client: GatewayClient) => Promise<T>,
  read: () => Promise<T>,
): Promise<T> {
  let client: GatewayClient;
  try {
    client = await context.connect();
  } catch (error) {
    const isDown = error instanceof CliError && error.code === "GATEWAY_UNAVAILABLE";
    if (!isDown || context.target().id !== "local") throw error;
    return read();
  }
  try {
    return await ask(client);
  } finally {
    await client.close();
  }
}
