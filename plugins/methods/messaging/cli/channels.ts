import { defineCommand } from "openclaw/plugin-sdk";

interface Account {
  readonly accountId: string;
  readonly running: boolean;
  readonly connected: boolean;
  readonly lastError: string | null;
}

interface Status {
  readonly channelOrder: readonly string[];
  readonly channelAccounts: Readonly<Record<string, readonly Account[]>>;
}

/** `openclaw channels status` (cli.md §6). */
export default defineCommand({
  options: { probe: { type: "boolean", describe: "ask the networks too; exit 1 when an account fails" } },
  async run({ args, connect, print, table }) {
    const client = await connect();
    try {
      const status = await client.request<Status>("channels.status", { probe: args["probe"] === true });
      const rows = status.channelOrder.flatMap((channel) =>
        (status.channelAccounts[channel] ?? []).map(({ accountId, running, connected, lastError }) => ({
          channel,
          account: accountId,
          state: connected ? "connected" : running ? "connecting" : "stopped",
          error: lastError ?? "",
        })),
      );
      print(
        status,
        rows.length > 0 ? table(rows, ["channel", "account", "state", "error"]) : "no channel is configured",
      );
      return args["probe"] === true && rows.some((row) => row.state !== "connected") ? 1 : 0;
    } finally {
      await client.close();
    }
  },
});
