import { CliError, defineCommand } from "openclaw/plugin-sdk";
import { INVOKE_OPTIONS, invokeNode } from "./invoke-node.ts";
import { NODE_OPTION } from "./node-option.ts";
import { pickNode } from "./pick-node.ts";

/** `openclaw nodes notify` (cli.md §7). */
export default defineCommand({
  options: {
    ...NODE_OPTION,
    title: { type: "string", describe: "first line" },
    body: { type: "string", describe: "the text" },
    sound: { type: "string", describe: "name of a sound" },
    priority: { type: "string", describe: "how much it may disturb", choices: ["passive", "active", "timeSensitive"] },
    delivery: { type: "string", describe: "where it is shown", choices: ["system", "overlay", "auto"] },
    ...INVOKE_OPTIONS,
  },
  async run({ args, connect, print }) {
    const { title, body, sound, priority, delivery } = args as Readonly<Record<string, string | undefined>>;
    if (!title && !body) throw new CliError("--title or --body is needed", { exitCode: 2, code: "USAGE" });
    const client = await connect();
    try {
      const { nodeId, displayName = nodeId } = await pickNode(client, args["node"]);
      const params = { title: title ?? "", body: body ?? "", sound, priority, delivery };
      const answer = await invokeNode(client, nodeId, "system.notify", params, { args });
      print(answer, `shown on ${displayName}`);
    } finally {
      await client.close();
    }
  },
});
