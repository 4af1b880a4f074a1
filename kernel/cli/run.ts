import { readSource } from "openclaw/plugin-sdk/config";
import { allCommands } from "./commands.ts";
import { commandStore, createContext } from "./context.ts";
import type { Surroundings } from "./context.ts";
import { GLOBAL, parseFlags, RPC, takesValue } from "./flags.ts";
import { invalidConfig, wrongUsage } from "./report.ts";
import { findCommand } from "./words.ts";

/** Run one command line. Resolves with the exit code; throws what `report` prints. */
export async function runCommandLine(argv: readonly string[], around: Surroundings): Promise<number> {
  const entries = allCommands(around, readSource(around.paths.configPath, around.env).resolved);
  const { node, rest } = findCommand(entries, argv, takesValue);
  const command = await node.entry?.load(around);
  const options = { ...GLOBAL, ...(command && !command.local && RPC), ...command?.options };
  const asks = rest.slice(0, rest.includes("--") ? rest.indexOf("--") : rest.length);
  if (asks.some((word) => word === "--help" || word === "-h")) {
    const { helpText } = await import("./help.ts");
    return print(await helpText(node, options));
  }
  if (asks.some((word) => word === "--version" || word === "-V" || word === "-v")) return print(around.version);
  const args = parseFlags(rest, options, node);
  if (!command) throw wrongUsage("A command is needed", node.name);
  const store = commandStore(around);
  if (!command.anyConfig) {
    const { issues } = store.read();
    if (issues.length > 0) throw invalidConfig(issues);
  }
  const ownTimeout = command.options?.["timeout"] !== undefined;
  return (await command.run(createContext(args, around, store, ownTimeout))) ?? 0;
}

function print(text: string): number {
  process.stdout.write(`${text}\n`);
  return 0;
}
