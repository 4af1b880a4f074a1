import { CliError, defineCommand } from "openclaw/plugin-sdk";

/** `openclaw system event --text …` (cli.md §3): something for the agent to know. */
export default defineCommand({
  options: {
    text: { type: "string", describe: "what the agent is told" },
    mode: {
      type: "string",
      describe: "wake the agent now, or leave it for the next heartbeat",
      choices: ["now", "next-heartbeat"],
      default: "next-heartbeat",
    },
  },
  async run({ args, connect, print }) {
    const { text, mode } = args;
    if (typeof text !== "string" || text.trim() === "")
      throw new CliError("a text is needed", { exitCode: 2, code: "USAGE", hint: 'pass --text "…"' });
    const client = await connect();
    try {
      print(await client.request("wake", { mode, text }), "ok");
    } finally {
      await client.close();
    }
  },
});
