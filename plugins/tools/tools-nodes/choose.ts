import { GatewayError } from "openclaw/plugin-sdk";
import type { NodeInfo, NodesApi } from "openclaw/plugin-sdk";

/** The node an agent names, or the only one that is connected. */
export async function chooseNode(nodes: NodesApi, wanted: string | undefined): Promise<NodeInfo> {
  const all = await nodes.list();
  const connected = all.filter((one) => one.connected);
  if (wanted === undefined) {
    const [only, ...others] = connected;
    if (only && others.length === 0) return only;
    throw new GatewayError(
      "INVALID_REQUEST",
      only ? `several nodes are connected; name one: ${connected.map(nameOf).join(", ")}` : "no node is connected",
    );
  }
  const text = wanted.toLowerCase();
  const named = all.filter(({ nodeId, displayName }) => nodeId === wanted || displayName?.toLowerCase() === text);
  const begins = text.length < 6 ? [] : all.filter(({ nodeId }) => nodeId.startsWith(text));
  const [found, ...more] = named.length > 0 ? named : begins;
  if (found && more.length === 0) return found;
  throw new GatewayError(
    "INVALID_REQUEST",
    found
      ? `"${wanted}" is several nodes: ${[found, ...more].map(({ nodeId }) => nodeId).join(", ")}`
      : `there is no node "${wanted}"; there are ${all.map(nameOf).join(", ") || "none"}`,
  );
}

function nameOf({ nodeId, displayName }: NodeInfo): string {
  return displayName ?? nodeId;
}
