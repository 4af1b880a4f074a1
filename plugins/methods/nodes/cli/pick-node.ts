import { CliError } from "openclaw/plugin-sdk";
import type { GatewayClient, NodeInfo } from "openclaw/plugin-sdk";

const SHORTEST_PREFIX = 6;

export interface NodeList {
  readonly ts: number;
  readonly nodes: readonly NodeInfo[];
}

/** The node that `--node` means: its id, the beginning of it, its name or its address. */
export async function pickNode(client: GatewayClient, wanted: unknown): Promise<NodeInfo> {
  if (typeof wanted !== "string" || wanted.trim() === "") {
    throw new CliError("--node is needed", { exitCode: 2, code: "USAGE", hint: "openclaw nodes status" });
  }
  const { nodes } = await client.request<NodeList>("node.list", {});
  return findNode(nodes, wanted.trim());
}

export function findNode(nodes: readonly NodeInfo[], wanted: string): NodeInfo {
  const word = wanted.toLowerCase();
  const ways: readonly ((node: NodeInfo) => boolean)[] = [
    ({ nodeId }) => nodeId === wanted,
    ({ displayName }) => displayName?.toLowerCase() === word,
    ({ remoteIp }) => remoteIp === wanted,
    ({ nodeId }) => word.length >= SHORTEST_PREFIX && nodeId.toLowerCase().startsWith(word),
  ];
  for (const way of ways) {
    const found = nodes.filter(way);
    // Of several with one name, the one that is here is meant.
    const here = found.filter(({ connected }) => connected);
    const [only, ...others] = here.length > 0 ? here : found;
    if (only && others.length === 0) return only;
    if (only) {
      const list = [only, ...others].map(({ nodeId }) => nodeId).join(", ");
      throw new CliError(`"${wanted}" is the name of several nodes: ${list}`, { code: "AMBIGUOUS" });
    }
  }
  const known = nodes.map(({ displayName, nodeId }) => displayName ?? nodeId).join(", ");
  throw new CliError(`there is no node "${wanted}"${known ? `; there are ${known}` : ""}`, { code: "NOT_FOUND" });
}
