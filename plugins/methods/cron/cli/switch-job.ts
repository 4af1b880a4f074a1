import { defineCommand } from "openclaw/plugin-sdk";
import type { CliCommand } from "openclaw/plugin-sdk";
import { findJob } from "./find-job.ts";
import { lineOf } from "./job-line.ts";
import type { ListedJob } from "./job-line.ts";

/** A command that switches a job on or off. */
export function switchTo(enabled: boolean): CliCommand {
  return defineCommand({
    async run({ args, connect, print }) {
      const client = await connect();
      try {
        const { id } = await findJob(client, args);
        const job = await client.request<ListedJob>("cron.update", { id, patch: { enabled } });
        print(job, lineOf(job));
      } finally {
        await client.close();
      }
    },
  });
}
