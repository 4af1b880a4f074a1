import { defineCommand, terminalText } from "openclaw/plugin-sdk";
import { timeOf } from "./job-line.ts";
import { usage } from "./job-options.ts";

interface Entry {
  readonly ts: number;
  readonly status?: string;
  readonly trigger?: string;
  readonly durationMs?: number;
  readonly summary?: string;
  readonly error?: string;
  readonly note?: string;
}

/** `openclaw cron runs --id <id>`. */
export default defineCommand({
  options: {
    id: { type: "string", describe: "id of the job" },
    limit: { type: "number", describe: "how many, the newest", default: 50 },
  },
  async run({ args, connect, print, table }) {
    if (typeof args["id"] !== "string" || args["id"] === "")
      throw usage("which job? pass --id; see openclaw cron list");
    const client = await connect();
    try {
      const answer = await client.request<{ entries: Entry[] }>("cron.runs", { id: args["id"], limit: args["limit"] });
      const rows = answer.entries.map(({ ts, status, trigger, durationMs, summary, error, note }) => ({
        ended: timeOf(ts),
        status: status ?? "-",
        by: trigger ?? "-",
        took: durationMs === undefined ? "-" : `${(durationMs / 1_000).toFixed(1)} s`,
        result: terminalText([error ?? summary ?? "", note ?? ""].filter((one) => one !== "").join("; ")).slice(0, 100),
      }));
      print(answer, rows.length > 0 ? table(rows, ["ended", "status", "by", "took", "result"]) : "it has not run yet");
    } finally {
      await client.close();
    }
  },
});
