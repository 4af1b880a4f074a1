import { defineCommand } from "openclaw/plugin-sdk";
import { findJob } from "./find-job.ts";
import { lineOf } from "./job-line.ts";
import type { ListedJob } from "./job-line.ts";
import { fieldsOf, JOB_OPTIONS, text, usage } from "./job-options.ts";

const ZONE = /^TZ=(\S+) /;

/** `openclaw cron edit <id>`: change what the flags name, and nothing else. */
export default defineCommand({
  options: {
    ...JOB_OPTIONS,
    "clear-agent": { type: "boolean", describe: "run it as the default agent" },
    enable: { type: "boolean", describe: "switch it on" },
    disable: { type: "boolean", describe: "switch it off" },
  },
  async run({ args, connect, print }) {
    const patch: Record<string, unknown> = {
      ...fieldsOf(args, Date.now()),
      ...(args["clear-agent"] === true && { agentId: null }),
      ...(args["enable"] === true && { enabled: true }),
      ...(args["disable"] === true && { enabled: false }),
    };
    if (Object.keys(patch).length === 0) throw usage("there is nothing to change; pass what is to be other");
    const client = await connect();
    try {
      const { id, scheduleText } = await findJob(client, args);
      const zone = ZONE.exec(scheduleText)?.[1];
      // Another time of day is meant in the zone that the job has.
      if (text(args, "cron") !== undefined && text(args, "tz") === undefined && zone !== undefined)
        patch["schedule"] = { ...(patch["schedule"] as object), tz: zone };
      const job = await client.request<ListedJob>("cron.update", { id, patch });
      print(job, lineOf(job));
    } finally {
      await client.close();
    }
  },
});
