import { readFileSync } from "node:fs";
import { CliError, defineCommand } from "openclaw/plugin-sdk";
import type { CliArgs } from "openclaw/plugin-sdk";
import { EXEC_ASK, EXEC_SECURITY } from "openclaw/plugin-sdk/exec";
import type { ExecApprovalsFile } from "openclaw/plugin-sdk/exec";
import { approvalsHost, HOST_OPTIONS, usage } from "./host.ts";
import { approvalsText } from "./show.ts";

const STDIN = 0;
const WORDS: Readonly<Record<"security" | "ask" | "askFallback", readonly string[]>> = {
  security: EXEC_SECURITY,
  ask: EXEC_ASK,
  askFallback: EXEC_SECURITY,
};

/** `openclaw approvals set` (cli.md §7): replace the whole file. */
export default defineCommand({
  options: {
    ...HOST_OPTIONS,
    file: { type: "string", describe: "JSON file with what shall hold" },
    stdin: { type: "boolean", describe: "read it from stdin" },
  },
  async run(context) {
    const file = readGiven(context.args);
    const client = await context.connect();
    try {
      const host = await approvalsHost(client, context.args);
      const snapshot = await host.edit(() => file);
      context.print(snapshot, approvalsText(snapshot, context));
    } finally {
      await client.close();
    }
  },
});

/** What it may hold is checked where it is written. */
function readGiven(args: CliArgs): ExecApprovalsFile {
  const path = args["file"] as string | undefined;
  if ((path === undefined) === (args["stdin"] !== true)) throw usage("either --file or --stdin is needed");
  const name = path ?? "stdin";
  let text: string;
  try {
    text = readFileSync(path ?? STDIN, "utf8");
  } catch (cause) {
    throw new CliError(`cannot read ${name}: ${(cause as Error).message}`, { code: "NOT_FOUND", cause });
  }
  try {
    const file = JSON.parse(text) as unknown;
    if (typeof file !== "object" || file === null || Array.isArray(file))
      throw new CliError(`${name} is not a JSON object`, { code: "INVALID" });
    return understood({ version: 1, ...file }, name);
  } catch (cause) {
    if (cause instanceof CliError) throw cause;
    throw new CliError(`${name} is not JSON: ${(cause as Error).message}`, { code: "INVALID", cause });
  }
}

/** A word that nobody knows would allow nothing, which whoever mistyped it did not mean. */
function understood(file: ExecApprovalsFile, name: string): ExecApprovalsFile {
  const agents = Object.entries(file?.agents ?? {}).map(([id, policy]) => [`agents.${id}`, policy] as const);
  for (const [where, policy] of [["defaults", file?.defaults] as const, ...agents]) {
    for (const [field, words] of Object.entries(WORDS)) {
      const word = policy?.[field as keyof typeof WORDS];
      if (word === undefined || words.includes(word)) continue;
      const text = `${name}: ${where}.${field} is ${JSON.stringify(word)}; use ${words.join(", ")}`;
      throw new CliError(text, { code: "INVALID" });
    }
  }
  return file;
}
