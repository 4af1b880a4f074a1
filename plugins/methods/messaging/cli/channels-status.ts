import { defineCommand } from "openclaw/plugin-sdk";
import { age, cell } from "./text.ts";

interface Account {
  readonly accountId: string;
  readonly name?: string;
  readonly enabled: boolean;
  readonly configured: boolean;
  readonly linked?: boolean;
  readonly running: boolean;
  readonly connected: boolean;
  readonly state?: string;
  readonly lastError: string | null;
  readonly lastInboundAt?: number | null;
  readonly lastOutboundAt?: number | null;
  readonly mode?: string;
  readonly tokenSource?: string;
  readonly bot?: unknown;
  readonly probe?: { readonly ok: boolean; readonly error?: string; readonly bot?: unknown };
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
const LONGEST = 300;

/** `openclaw channels status` (cli.md §6, channels.md §1.17): a line for each account, then what is wrong and its fix. */
export default defineCommand({
  options: { probe: { type: "boolean", describe: "ask the networks too; exit 1 when an account fails" } },
  async run({ args, connect, print }) {
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
        (status.channelAccounts[channel] ?? []).map((account) => ({
          line: lineOf(status.channelLabels[channel] ?? channel, account),
          account,
        })),
      );
      const issues = (status.issues ?? []).map(({ channel, accountId, message, fix }) =>
        cell(
          `! ${channel} ${accountId}: ${message}${remedy(
            message,
            fix,
            status.channelAccounts[channel]?.find((account) => account.accountId === accountId),
          )}`,
          LONGEST,
        ),
      );
      const lines = all.length > 0 ? all.map(({ line }) => line) : ["no channel is configured"];
      print(status, [...lines, ...issues].join("\n"));
      return isProbe && all.some(({ account }) => !isWell(account)) ? 1 : 0;
    } finally {
      await client.close();
    }
  },
});

/** What to do, where the message does not say so itself. */
function remedy(message: string, fix: string | undefined, account: Account | undefined): string {
  if (fix !== undefined) return message.includes(fix) ? "" : ` - fix: ${fix}`;
  if (!account || account.connected) return "";
  const isTried = account.running || account.state === "connecting" || account.state === "reconnecting";
  return isTried ? " - it is tried again by itself" : "";
}

/** `- Telegram default: enabled, configured, running, connected, in:2 min, mode:polling, bot:@mybot, works` */
function lineOf(label: string, account: Account): string {
  const { accountId, name, enabled, configured, linked, mode, tokenSource, probe, lastError, connected } = account;
  const bot = nameOf(probe?.bot ?? account.bot);
  const facts = [
    enabled ? "enabled" : "disabled",
    configured ? "configured" : "not configured",
    linked !== undefined && (linked ? "linked" : "not linked"),
    ...stateOf(account),
    account.lastInboundAt ? `in:${since(account.lastInboundAt)}` : undefined,
    account.lastOutboundAt ? `out:${since(account.lastOutboundAt)}` : undefined,
    mode && `mode:${mode}`,
    bot !== undefined && `bot:${bot}`,
    tokenSource && `token:${tokenSource}`,
    probe && (probe.ok ? "works" : `probe failed: ${probe.error ?? "no reason given"}`),
    lastError !== null && !connected && `error: ${lastError}`,
  ];
  const who = name === undefined ? accountId : `${accountId} (${name})`;
  return cell(`- ${label} ${who}: ${facts.filter(Boolean).join(", ")}`, LONGEST);
}

function stateOf({ connected, running, configured, state }: Account): string[] {
  if (connected) return running ? ["running", "connected"] : ["connected"];
  if (!configured) return [];
  return running ? ["running", "connecting"] : [state === undefined || state === "configured" ? "stopped" : state];
}

function since(at: number): string {
  const text = age(at);
  return text.endsWith(" s") ? "just now" : `${text} ago`;
}

function nameOf(bot: unknown): string | undefined {
  if (typeof bot === "string") return bot;
  const { username, name } = (bot ?? {}) as { readonly username?: unknown; readonly name?: unknown };
  if (typeof username === "string") return `@${username}`;
  return typeof name === "string" ? name : undefined;
}

function isWell({ connected, probe }: Account): boolean {
  return connected && probe?.ok !== false;
}
