import { defineCommand } from "openclaw/plugin-sdk";

/** `openclaw sandbox explain` (cli.md §8): where tools of a session work, and why. */
export default defineCommand({
  options: {
    session: { type: "string", describe: "default: the main session" },
    agent: { type: "string", describe: "default: the default agent" },
  },
  async run({ args, connect, print }) {
    const client = await connect();
    try {
      const { session, agent } = args;
      const params = {
        ...(session !== undefined && { sessionKey: session }),
        ...(agent !== undefined && { agentId: agent }),
      };
      const answer = await client.request<Record<string, unknown>>("sandbox.explain", params);
      const lines = Object.entries(answer).map(([key, value]) => {
        return `${key}: ${typeof value === "object" ? JSON.stringify(value) : String(value)}`;
      });
      print(answer, lines.join("\n"));
    } finally {
      await client.close();
    }
  },
});
