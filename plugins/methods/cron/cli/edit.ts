import { defineCommand } from "openclaw/plugin-sdk";
import { lineOf } from "./job-line.ts";
import type { ListedJob } from "./job-line.ts";
import { fieldsOf, JOB_OPTIONS, usage } from "./job-options.ts";

/** `openclaw cron edit <id>`: change what the flags name, and nothing else. */
export default defineCommand({
  options: {
    ...JOB_OPTIONS,
    "clear-agent": { type: "boolean", describe: "run it as the default agent" },
    enable: { type: "boolean", describe: "switch it on" },
    disable: { type: "boolean", describe: "switch it off" },
  },
  async run({ args, connect, print }) {
    const patch = {
      ...fieldsOf(args, Date.now()),
      ...(args["clear-agent"] === true && { agentId: null }),
      ...(args["enable"] === true && { enabled: true }),
      ...(args["disable"] === true && { enabled: false }),
    };
    if (Object.keys(patch).length === 0) throw usage("there is nothing to change; pass what is to be other");
    const client = await connect();
    try {
      const job = await client.request<ListedJob>("cron.update", { id: args["id"], patch });
      print(job, lineOf(job));
    } finally {
      await client.close();
    }
  },
});
