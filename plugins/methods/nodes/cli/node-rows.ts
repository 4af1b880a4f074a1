import type { NodeInfo } from "openclaw/plugin-sdk";

const SHORT_ID = 12;

/** A node as a line of a table. */
export function nodeRow(node: NodeInfo): Readonly<Record<string, string>> {
  const { nodeId, displayName = "", platform = "", version = "", remoteIp = "", caps, connected, paired } = node;
  return {
    node: displayName || nodeId.slice(0, SHORT_ID),
    id: nodeId.slice(0, SHORT_ID),
    platform: [platform, version].filter(Boolean).join(" "),
    ip: remoteIp,
    state: [connected ? "connected" : "away", !paired && "not paired"].filter(Boolean).join(", "),
    caps: caps.join(" "),
  };
}

export const NODE_COLUMNS = ["node", "id", "platform", "ip", "state", "caps"] as const;

/** A node that waits to be let in, whichever way it asked. */
export interface PendingNode {
  readonly requestId: string;
  readonly nodeId: string;
  readonly displayName?: string;
  readonly platform?: string;
  readonly remoteIp?: string;
  readonly ts: number;
}

export function pendingRow({ requestId, nodeId, displayName = "", remoteIp = "", ts }: PendingNode, now: number) {
  return {
    request: requestId,
    node: displayName || nodeId.slice(0, SHORT_ID),
    ip: remoteIp,
    age: `${Math.max(0, Math.round((now - ts) / 1_000))}s`,
  };
}

export const PENDING_COLUMNS = ["request", "node", "ip", "age"] as const;
