import { defineCommand } from "openclaw/plugin-sdk";
import { resolveRequest } from "./pending-nodes.ts";

/** `openclaw nodes reject <requestId>` (cli.md §7). */
export default defineCommand({
  async run({ args, connect, print }) {
    const client = await connect();
    try {
      const { answer, nodeId } = await resolveRequest(client, "reject", args["requestId"]);
      print(answer, `rejected ${nodeId}`);
    } finally {
      await client.close();
    }
  },
});
