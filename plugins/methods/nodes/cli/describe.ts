import { defineCommand } from "openclaw/plugin-sdk";
import type { NodeInfo } from "openclaw/plugin-sdk";
import { NODE_OPTION } from "./node-option.ts";
import { pickNode } from "./pick-node.ts";

/** `openclaw nodes describe` (cli.md §7). */
export default defineCommand({
  options: NODE_OPTION,
  async run({ args, connect, print }) {
    const client = await connect();
    try {
      const { nodeId } = await pickNode(client, args["node"]);
      const node = await client.request<NodeInfo>("node.describe", { nodeId });
      print(node, lines(node).join("\n"));
    } finally {
      await client.close();
    }
  },
});

function lines(node: NodeInfo): string[] {
  const { nodeId, displayName, platform, version, remoteIp, caps, commands, permissions = {} } = node;
  const granted = Object.entries(permissions).map(([name, isGranted]) => `${name}=${isGranted ? "yes" : "no"}`);
  const rows: readonly (readonly [string, string | undefined])[] = [
    ["Node", displayName],
    ["Id", nodeId],
    ["Platform", [platform, version].filter(Boolean).join(" ")],
    ["Address", remoteIp],
    ["State", `${node.connected ? "connected" : "away"}, ${node.paired ? "paired" : "not paired"}`],
    ["Caps", caps.join(", ")],
    ["Permissions", granted.join(", ")],
    ["Commands", commands.join(", ")],
  ];
  return rows.flatMap(([label, value]) => (value ? [`${`${label}:`.padEnd(13)}${value}`] : []));
}
