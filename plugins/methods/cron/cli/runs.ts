import { defineCommand, terminalText } from "openclaw/plugin-sdk";
import { findJob } from "./find-job.ts";
import { timeOf } from "./job-line.ts";
import type { ListedJob } from "./job-line.ts";
import { text, usage } from "./job-options.ts";

interface Entry {
  readonly ts: number;
  readonly status?: string;
  readonly trigger?: string;
  readonly durationMs?: number;
  readonly summary?: string;
  readonly error?: string;
  readonly note?: string;
}

/** `openclaw cron runs <id>`. */
export default defineCommand({
  options: {
    id: { type: "string", describe: "the same as the argument" },
    limit: { type: "number", describe: "how many, the newest", default: 50 },
  },
  async run({ args, connect, print, table }) {
    const given = text(args, "job") ?? text(args, "id");
    if (given === undefined) throw usage("which job? pass its id; see openclaw cron list");
    const client = await connect();
    try {
      // A job that was removed still has its runs, under its whole id.
      const job = await findJob(client, { id: given }).catch((error: unknown) => error);
      const id = job instanceof Error ? given : (job as ListedJob).id;
      const answer = await client.request<{ entries: Entry[] }>("cron.runs", { id, limit: args["limit"] });
      if (answer.entries.length === 0 && job instanceof Error) throw job;
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
