import { defineCommand } from "openclaw/plugin-sdk";
import { lineOf } from "./job-line.ts";
import type { ListedJob } from "./job-line.ts";
import { fieldsOf, JOB_OPTIONS, usage } from "./job-options.ts";

/** `openclaw cron add`: plan a job. */
export default defineCommand({
  options: { ...JOB_OPTIONS, disabled: { type: "boolean", describe: "plan it, switched off" } },
  async run({ args, connect, print }) {
    const fields = fieldsOf(args, Date.now());
    if (fields["schedule"] === undefined) throw usage("when? pass --at, --every or --cron");
    const payload = fields["payload"] as { message?: unknown; kind: string } | undefined;
    if (payload === undefined || (payload.kind === "agentTurn" && payload.message === undefined))
      throw usage("what? pass --message, --system-event, --send or --webhook");
    const client = await connect();
    try {
      const params = { ...fields, ...(args["disabled"] === true && { enabled: false }) };
      const job = await client.request<ListedJob>("cron.add", params);
      print(job, lineOf(job));
    } finally {
      await client.close();
    }
  },
});
