import { defineCommand } from "openclaw/plugin-sdk";
import { COLUMNS, rowsOf } from "./job-line.ts";
import type { ListedJob } from "./job-line.ts";

/** `openclaw cron list`. */
export default defineCommand({
  options: { all: { type: "boolean", alias: "a", describe: "also jobs that are switched off" } },
  async run({ args, connect, print, table }) {
    const client = await connect();
    try {
      const includeDisabled = args["all"] === true;
      const answer = await client.request<{ jobs: ListedJob[] }>("cron.list", { includeDisabled });
      const none = includeDisabled ? "there is no job" : "there is no job that is on; see --all";
      print(answer, answer.jobs.length > 0 ? table(rowsOf(answer.jobs, Date.now()), COLUMNS) : none);
    } finally {
      await client.close();
    }
  },
});
