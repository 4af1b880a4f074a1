import { CliError } from "openclaw/plugin-sdk";
import type { GatewayClient, PairedDevice } from "openclaw/plugin-sdk";

const SHORTEST_PREFIX = 6;

/** The id of the paired device that is named by it or by its beginning. What no device is called is left to the gateway. */
export async function pickDevice(client: GatewayClient, wanted: string): Promise<string> {
  const { paired } = await client.request<{ paired: readonly PairedDevice[] }>("device.pair.list", {});
  const ids = paired.map(({ deviceId }) => deviceId);
  if (ids.includes(wanted) || wanted.length < SHORTEST_PREFIX) return wanted;
  const [only = wanted, ...others] = ids.filter((id) => id.startsWith(wanted.toLowerCase()));
  if (others.length === 0) return only;
  throw new CliError(`"${wanted}" is the beginning of several ids: ${[only, ...others].join(", ")}`, {
    code: "AMBIGUOUS",
  });
}
