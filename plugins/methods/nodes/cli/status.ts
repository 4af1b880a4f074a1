import { defineCommand } from "openclaw/plugin-sdk";
import { NODE_COLUMNS, nodeRow } from "./node-rows.ts";
import type { NodeList } from "./pick-node.ts";

/** `openclaw nodes status` (cli.md §7): every node the gateway knows, and whether it is here. */
export default defineCommand({
  options: { connected: { type: "boolean", describe: "only nodes that are connected" } },
  async run({ args, connect, print, table }) {
    const client = await connect();
    try {
      const list = await client.request<NodeList>("node.list", {});
      const nodes = list.nodes.filter(({ connected }) => args["connected"] !== true || connected);
      const here = nodes.filter(({ connected }) => connected).length;
      const text =
        nodes.length > 0
          ? `Nodes (${here} of ${nodes.length} connected)\n${table(nodes.map(nodeRow), NODE_COLUMNS)}`
          : "no node is known";
      print({ ...list, nodes }, text);
    } finally {
      await client.close();
    }
  },
});
