import { defineCommand } from "openclaw/plugin-sdk";
import { age, cell } from "./text.ts";

interface Account {
  readonly accountId: string;
  readonly enabled: boolean;
  readonly configured: boolean;
  readonly running: boolean;
  readonly connected: boolean;
  readonly lastError: string | null;
  readonly lastInboundAt?: number | null;
  readonly lastOutboundAt?: number | null;
  readonly mode?: string;
  readonly tokenSource?: string;
  readonly bot?: { readonly username?: string };
  readonly probe?: { readonly ok: boolean; readonly error?: string };
}

interface Issue {
  readonly channel: string;
  readonly accountId: string;
  readonly message: string;
  readonly fix?: string;
}

interface Status {
  readonly channelOrder: readonly string[];
  readonly channelLabels: Readonly<Record<string, string>>;
  readonly channelAccounts: Readonly<Record<string, readonly Account[]>>;
  readonly issues?: readonly Issue[];
}

const PROBE_MS = 10_000;

/** `openclaw channels status` (cli.md §6). */
export default defineCommand({
  options: { probe: { type: "boolean", describe: "ask the networks too; exit 1 when an account fails" } },
  async run({ args, connect, print, table }) {
    const isProbe = args["probe"] === true;
    const timeoutMs = typeof args["timeout"] === "number" ? args["timeout"] : PROBE_MS;
    const client = await connect();
    try {
      const status = await client.request<Status>(
        "channels.status",
        { probe: isProbe, timeoutMs },
        { timeoutMs: timeoutMs + PROBE_MS },
      );
      const all = status.channelOrder.flatMap((channel) =>
        (status.channelAccounts[channel] ?? []).map((account) => ({ channel, account })),
      );
      const rows = all.map(({ channel, account }) => row(channel, account));
      const issues = (status.issues ?? []).map(({ channel, accountId, message, fix }) =>
        cell(`! ${channel} ${accountId}: ${message}${fix === undefined ? "" : ` - ${fix}`}`, 200),
      );
      const shown =
        rows.length > 0
          ? table(rows, ["channel", "account", "state", "in", "out", "details", "error"])
          : "no channel is configured";
      print(status, [shown, ...issues].join("\n"));
      return isProbe && all.some(({ account }) => !isWell(account)) ? 1 : 0;
    } finally {
      await client.close();
    }
  },
});

function row(channel: string, account: Account) {
  const { accountId, lastError, lastInboundAt, lastOutboundAt, mode, tokenSource, bot, probe } = account;
  const details = [
    mode && `mode:${mode}`,
    bot?.username && `bot:@${bot.username}`,
    tokenSource && `token:${tokenSource}`,
    probe && (probe.ok ? "works" : `probe: ${probe.error ?? "failed"}`),
  ];
  return {
    channel,
    account: accountId,
    state: stateOf(account),
    in: lastInboundAt ? age(lastInboundAt) : "",
    out: lastOutboundAt ? age(lastOutboundAt) : "",
    details: cell(details.filter(Boolean).join(", ")),
    error: cell(lastError ?? ""),
  };
}

function stateOf({ connected, running, configured }: Account): string {
  if (connected) return "connected";
  if (!configured) return "not configured";
  return running ? "connecting" : "stopped";
}

function isWell({ connected, probe }: Account): boolean {
  return connected && probe?.ok !== false;
}
