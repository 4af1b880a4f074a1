import { defineCommand, terminalText } from "openclaw/plugin-sdk";
import { findJob } from "./find-job.ts";

/** `openclaw cron rm <id>`. */
export default defineCommand({
  async run({ args, connect, print }) {
    const client = await connect();
    try {
      const { id, name } = await findJob(client, args);
      print(await client.request("cron.remove", { id }), `removed ${terminalText(name)}`);
    } finally {
      await client.close();
    }
  },
});
