import { defineCommand } from "openclaw/plugin-sdk";

/** `openclaw sandbox recreate` (cli.md §8): the next command of each has a new container. */
export default defineCommand({
  options: {
    all: { type: "boolean", describe: "every sandbox of this gateway" },
    session: { type: "string", describe: "the one of this session" },
    agent: { type: "string", describe: "those that this agent used last" },
    force: { type: "boolean", describe: "also those in which a command runs, which ends with them" },
  },
  async run({ args, connect, print }) {
    const client = await connect();
    try {
      const { all, session, agent, force } = args;
      const params = {
        ...(all === true && { all }),
        ...(session !== undefined && { sessionKey: session }),
        ...(agent !== undefined && { agentId: agent }),
        ...(force === true && { force }),
      };
      const answer = await client.request<{ removed: string[]; inUse: string[] }>("sandbox.recreate", params);
      const { removed, inUse } = answer;
      const lines = [
        ...removed.map((name) => `removed ${name}; the next command has a new one`),
        ...inUse.map((name) => `${name} is in use; --force ends what runs in it`),
      ];
      print(answer, lines.length === 0 ? "no such sandbox is there" : lines.join("\n"));
      return inUse.length > 0 ? 1 : 0;
    } finally {
      await client.close();
    }
  },
});
