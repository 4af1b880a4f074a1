import { text } from "node:stream/consumers";
import JSON5 from "json5";
import { CliError, defineCommand } from "openclaw/plugin-sdk";

/** `openclaw gateway call <method>`: prints the payload and nothing else (cli.md §2.4). */
export const call = defineCommand({
  anyConfig: true,
  options: {
    params: { type: "string", describe: "parameters as JSON; - reads them from stdin" },
    "expect-final": { type: "boolean", describe: "wait for the second answer of a two-phase method" },
  },
  async run({ args, connect, print }) {
    const params = await readParams(args["params"] as string | undefined);
    const client = await connect();
    try {
      const timeoutMs = args["timeout"] as number | undefined;
      const payload = await client.request(args["method"] as string, params, {
        ...(timeoutMs !== undefined && { timeoutMs }),
        ...(args["expect-final"] === true && { onAccepted: () => undefined }),
      });
      print(payload ?? null);
    } finally {
      await client.close();
    }
  },
});

async function readParams(given: string | undefined): Promise<unknown> {
  if (given === undefined) return {};
  const source = given === "-" ? await text(process.stdin) : given;
  try {
    return JSON5.parse(source);
  } catch (cause) {
    throw new CliError(`--params is not JSON: ${(cause as Error).message}`, { exitCode: 2, code: "USAGE", cause });
  }
}
