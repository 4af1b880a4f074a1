import { defineCommand, terminalText } from "openclaw/plugin-sdk";
import { findJob } from "./find-job.ts";

interface Ran {
  readonly ran: boolean;
  readonly reason?: string;
}

/** A turn may take as long as its job lets it. */
const LONGEST_MS = 24 * 3_600_000;

/** `openclaw cron run <id>`: now, whether or not it is due; with --due only when it is. */
export default defineCommand({
  options: {
    due: { type: "boolean", describe: "only when it is due" },
    force: { type: "boolean", describe: "whether or not it is due, which is the default" },
  },
  async run({ args, connect, print }) {
    const client = await connect();
    try {
      const { id, name } = await findJob(client, args);
      const params = { id, mode: args["due"] === true ? "due" : "force" };
      const answer = await client.request<Ran>("cron.run", params, { timeoutMs: LONGEST_MS });
      const text = answer.ran ? `has run; see openclaw cron runs ${id}` : `has not run: ${answer.reason}`;
      print(answer, `${terminalText(name)} ${text}`);
      return answer.ran || args["due"] === true ? 0 : 1;
    } finally {
      await client.close();
    }
  },
});
