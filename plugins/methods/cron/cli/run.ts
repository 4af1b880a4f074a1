import { defineCommand } from "openclaw/plugin-sdk";

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
      const params = { id: args["id"], mode: args["due"] === true ? "due" : "force" };
      const answer = await client.request<Ran>("cron.run", params, { timeoutMs: LONGEST_MS });
      print(answer, answer.ran ? "it has run; see openclaw cron runs" : `it has not run: ${answer.reason}`);
      return answer.ran || args["due"] === true ? 0 : 1;
    } finally {
      await client.close();
    }
  },
});
