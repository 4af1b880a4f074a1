import { defineCommand } from "openclaw/plugin-sdk";
import { PENDING_COLUMNS, pendingRow } from "./node-rows.ts";
import { pendingNodes } from "./pending-nodes.ts";

/** `openclaw nodes pending` (cli.md §7). */
export default defineCommand({
  async run({ connect, print, table }) {
    const client = await connect();
    try {
      const pending = await pendingNodes(client);
      const now = Date.now();
      const rows = pending.map((request) => pendingRow(request, now));
      print(pending, rows.length > 0 ? table(rows, PENDING_COLUMNS) : "no node waits for approval");
    } finally {
      await client.close();
    }
  },
});
