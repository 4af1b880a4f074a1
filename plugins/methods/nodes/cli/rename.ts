import { CliError, defineCommand, onOneLine } from "openclaw/plugin-sdk";
import { NODE_OPTION } from "./node-option.ts";
import { pickNode } from "./pick-node.ts";

/** `openclaw nodes rename` (cli.md §7). */
export default defineCommand({
  options: { ...NODE_OPTION, name: { type: "string", describe: "what it is called from now on" } },
  async run({ args, connect, print }) {
    const { name } = args;
    if (typeof name !== "string" || name.trim() === "") {
      throw new CliError("--name is needed", { exitCode: 2, code: "USAGE", hint: "openclaw nodes rename --help" });
    }
    const client = await connect();
    try {
      const { nodeId } = await pickNode(client, args["node"]);
      const answer = await client.request("node.rename", { nodeId, displayName: name });
      print(answer, `${nodeId} is called ${onOneLine(name.trim())} now`);
    } finally {
      await client.close();
    }
  },
});
