import { CliError, defineCommand } from "openclaw/plugin-sdk";
import type { HeartbeatEvent } from "openclaw/plugin-sdk";

/** `openclaw system heartbeat last|enable|disable` (cli.md §3). */
export default defineCommand({
  async run({ args, connect, print }) {
    const action = args["action"] as string;
    if (action !== "last" && action !== "enable" && action !== "disable") {
      const hint = "openclaw system heartbeat last|enable|disable";
      throw new CliError(`"${action}" is nothing to do with a heartbeat`, { exitCode: 2, code: "USAGE", hint });
    }
    const client = await connect();
    try {
      if (action === "last") {
        const last = await client.request<HeartbeatEvent | null>("last-heartbeat");
        const reason = typeof last?.["reason"] === "string" ? ` (${last["reason"]})` : "";
        return print(
          last,
          last ? `${new Date(last.ts).toISOString()} ${last.status}${reason}` : "no heartbeat has run",
        );
      }
      const answer = await client.request("set-heartbeats", { enabled: action === "enable" });
      print(answer, `heartbeats are ${action}d until the gateway ends`);
    } finally {
      await client.close();
    }
  },
});
