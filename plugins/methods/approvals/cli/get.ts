import { defineCommand } from "openclaw/plugin-sdk";
import { approvalsHost, HOST_OPTIONS } from "./host.ts";
import { approvalsText } from "./show.ts";

/** `openclaw approvals get` (cli.md §7). */
export default defineCommand({
  options: HOST_OPTIONS,
  async run(context) {
    const client = await context.connect();
    try {
      const host = await approvalsHost(client, context.args);
      const snapshot = await host.get();
      context.print(snapshot, approvalsText(snapshot, context));
    } finally {
      await client.close();
    }
  },
});
