import { readFileSync } from "node:fs";
import { CliError, defineCommand } from "openclaw/plugin-sdk";
import { INVOKE_OPTIONS, invokeNode } from "./invoke-node.ts";
import { NODE_OPTION } from "./node-option.ts";
import { pickNode } from "./pick-node.ts";

const STDIN = 0;

/** `openclaw nodes invoke` (cli.md §7): any command a node declares. */
export default defineCommand({
  options: {
    ...NODE_OPTION,
    command: { type: "string", describe: "such as system.which" },
    params: { type: "string", describe: "JSON; - reads it from stdin", default: "{}" },
    ...INVOKE_OPTIONS,
  },
  async run({ args, connect, print }) {
    const command = args["command"] as string | undefined;
    if (!command) throw usage("--command is needed");
    const params = parsed(args["params"] as string);
    const client = await connect();
    try {
      const { nodeId } = await pickNode(client, args["node"]);
      const answer = await invokeNode(client, nodeId, command, params, { args });
      print(answer, JSON.stringify(answer.payload ?? null, null, 2));
    } finally {
      await client.close();
    }
  },
});

function parsed(text: string): unknown {
  try {
    return JSON.parse(text === "-" ? readFileSync(STDIN, "utf8") : text) as unknown;
  } catch (error) {
    throw usage(`--params is not JSON: ${(error as Error).message}`);
  }
}

function usage(message: string): CliError {
  return new CliError(message, { exitCode: 2, code: "USAGE", hint: "openclaw nodes invoke --help" });
}
