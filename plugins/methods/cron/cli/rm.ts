import { CliError, defineCommand } from "openclaw/plugin-sdk";

/** `openclaw cron rm <id>`. */
export default defineCommand({
  async run({ args, connect, print }) {
    const client = await connect();
    try {
      const answer = await client.request<{ removed: boolean }>("cron.remove", { id: args["id"] });
      if (!answer.removed)
        throw new CliError(`there is no job ${String(args["id"])}`, {
          code: "NOT_FOUND",
          hint: "openclaw cron list --all",
        });
      print(answer, "removed");
    } finally {
      await client.close();
    }
  },
});
