import { defineCommand } from "openclaw/plugin-sdk";
import { approvalsHost, HOST_OPTIONS } from "./host.ts";
import { allowlistRows, allowlistText } from "./show.ts";

/** `openclaw approvals allowlist list`. */
export default defineCommand({
  options: { ...HOST_OPTIONS, agent: { type: "string", describe: "only what holds for this agent" } },
  async run(context) {
    const agent = context.args["agent"] as string | undefined;
    const client = await context.connect();
    try {
      const host = await approvalsHost(client, context.args);
      const { file, path } = await host.get();
      context.print({ path, allowlist: allowlistRows(file, agent) }, allowlistText(file, agent, context));
    } finally {
      await client.close();
    }
  },
});
