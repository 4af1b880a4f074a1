import { defineCommand } from "openclaw/plugin-sdk";
import type { HealthReport } from "openclaw/plugin-sdk";
import { duration } from "./words.ts";

/** What the report holds beside its established fields. */
interface Details {
  readonly version?: string;
  readonly uptime?: number;
  readonly gateway?: { readonly port: number; readonly bind: string; readonly auth: string };
  readonly channelStates?: Readonly<Record<string, string>>;
  readonly models?: object;
  readonly plugins?: readonly { readonly id: string; readonly state: string; readonly reason?: string }[];
  readonly issues?: readonly { readonly path: string; readonly message: string }[];
  readonly ready?: boolean;
  readonly degraded?: boolean;
}

export type DetailedHealth = HealthReport & Details;

/** `openclaw health` (cli.md §3). */
export default defineCommand({
  anyConfig: true,
  options: {
    timeout: { type: "number", describe: "milliseconds to wait", default: 10_000 },
    format: { type: "string", describe: "shape of the JSON", choices: ["full", "seed"], default: "full" },
  },
  async run({ args, verbose, connect, print }) {
    const timeoutMs = args["timeout"] as number;
    const client = await connect({ timeoutMs });
    try {
      const report = await client.request<DetailedHealth>("health", { probe: verbose }, { timeoutMs });
      print(args["format"] === "seed" ? seedShape(report) : report, healthText(report, verbose));
      return report.ok ? 0 : 1;
    } finally {
      await client.close();
    }
  },
});

/** The plain form, with a word for each channel (cli.md §3.1). */
function seedShape({ ok, version, uptime, gateway, channelStates = {}, models = {} }: DetailedHealth): object {
  return { ok, version, uptime, gateway, channels: channelStates, models };
}

export function healthText(report: DetailedHealth, verbose: boolean): string {
  const { ok, version, uptime = 0, gateway, channelStates = {}, plugins = [], issues = [], ready, degraded } = report;
  const channels = Object.entries(channelStates).map(([id, state]) => `${report.channelLabels[id] ?? id}: ${state}`);
  const failed = plugins.filter(({ state }) => state === "failed" || state === "invalid" || state === "missing");
  return [
    `Health: ${!ok ? "failing" : degraded ? "degraded" : "ok"}${ready ? "" : " (not ready)"}`,
    `Gateway: ${version ?? "-"}, up ${duration(uptime * 1_000)}`,
    ...(gateway ? [`Listening: port ${gateway.port}, ${gateway.bind}, auth ${gateway.auth}`] : []),
    ...(channels.length > 0 ? channels : ["Channels: none"]),
    `Plugins: ${plugins.length - failed.length} ok, ${failed.length} failed`,
    ...(verbose ? plugins : failed).map(({ id, state, reason }) => `  ${id}: ${state}${reason ? ` (${reason})` : ""}`),
    ...issues.map(({ path, message }) => `Issue: ${path === "" ? "" : `${path}: `}${message}`),
  ].join("\n");
}
