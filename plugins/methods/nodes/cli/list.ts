import { defineCommand } from "openclaw/plugin-sdk";
import { NODE_COLUMNS, nodeRow, PENDING_COLUMNS, pendingRow } from "./node-rows.ts";
import { pendingNodes } from "./pending-nodes.ts";
import type { NodeList } from "./pick-node.ts";

/** `openclaw nodes list` (cli.md §7): who is paired, and who waits for it. */
export default defineCommand({
  options: { connected: { type: "boolean", describe: "only nodes that are connected" } },
  async run({ args, connect, print, table }) {
    const client = await connect();
    try {
      const pending = await pendingNodes(client);
      const { nodes } = await client.request<NodeList>("node.list", {});
      const paired = nodes.filter((node) => node.paired && (args["connected"] !== true || node.connected));
      const now = Date.now();
      const waiting = table(
        pending.map((request) => pendingRow(request, now)),
        PENDING_COLUMNS,
      );
      const text = [
        ...(pending.length > 0 ? [`Waiting (${pending.length}): openclaw nodes approve <request>`, waiting, ""] : []),
        paired.length > 0 ? `Paired (${paired.length})` : "no node is paired",
        ...(paired.length > 0 ? [table(paired.map(nodeRow), NODE_COLUMNS)] : []),
      ];
      print({ pending, paired }, text.join("\n"));
    } finally {
      await client.close();
    }
  },
});
