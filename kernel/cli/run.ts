import { CliError, errorText, GatewayError } from "openclaw/plugin-sdk";
import type { CliCommand, CliOption } from "openclaw/plugin-sdk";
import { UsageError } from "openclaw/plugin-sdk/config";
import yargs from "yargs";
import type { Argv } from "yargs";
import { allCommands } from "./commands.ts";
import type { CommandEntry } from "./commands.ts";
import { commandStore, createContext } from "./context.ts";
import type { Surroundings } from "./context.ts";

/** Flags of every command. */
const GLOBAL: Readonly<Record<string, CliOption>> = {
  json: { type: "boolean", describe: "print one JSON value and nothing else" },
  verbose: { type: "boolean", describe: "say more" },
};

/** Flags of every command that talks to a gateway (cli.md §1.5). */
const RPC: Readonly<Record<string, CliOption>> = {
  url: { type: "string", describe: "WebSocket URL of the gateway" },
  token: { type: "string", describe: "gateway token" },
  password: { type: "string", describe: "gateway password" },
  timeout: { type: "number", describe: "milliseconds to wait" },
};

/** A wrong call: unknown command or flag, missing argument. */
class WrongUsage extends Error {}

/** Run one command line. Resolves with the exit code; prints everything, throws nothing. */
export async function runCommandLine(argv: readonly string[], around: Surroundings): Promise<number> {
  const json = argv.includes("--json");
  let exitCode = 0;
  try {
    const store = commandStore(around);
    const loaded = store.read();
    const commands = allCommands(around, loaded.source.resolved);
    const parser = yargs([...argv])
      .scriptName("openclaw")
      .version(false)
      .help("help", "show help")
      .alias("h", "help");
    parser.usage("$0 <command>").strict().recommendCommands().exitProcess(false).showHelpOnFail(false).wrap(100);
    parser.fail((message, error) => {
      throw error ?? new WrongUsage(message);
    });
    const run = async (command: CliCommand, args: Record<string, unknown>) => {
      if (!command.anyConfig && loaded.issues.length > 0) throw invalidConfig(loaded.issues);
      exitCode = (await command.run(createContext(args, around, store))) ?? 0;
    };
    for (const group of grouped(commands)) addCommand(parser, group, around, run);
    parser.demandCommand(1, "");
    await parser.parseAsync();
    return exitCode;
  } catch (error) {
    return report(error, json, argv);
  }
}

interface Group {
  readonly word: string;
  entry: CommandEntry | undefined;
  readonly children: Group[];
}

/** `plugins list` and `plugins info <id>` stand under one word. */
function grouped(entries: readonly CommandEntry[]): Group[] {
  const root: Group = { word: "", entry: undefined, children: [] };
  for (const entry of entries) {
    let group = root;
    for (const word of entry.name.split(" ").filter((part) => !isPositional(part))) {
      const known = group.children.find((child) => child.word === word);
      const next = known ?? { word, entry: undefined, children: [] };
      if (!known) group.children.push(next);
      group = next;
    }
    group.entry = entry;
  }
  return root.children.toSorted((a, b) => a.word.localeCompare(b.word));
}

function isPositional(part: string): boolean {
  return part.startsWith("<") || part.startsWith("[");
}

type Run = (command: CliCommand, args: Record<string, unknown>) => Promise<void>;

/** The command's code is loaded when yargs has chosen it, to learn its flags and then to run it. */
function addCommand(parent: Argv, { word, entry, children }: Group, around: Surroundings, run: Run): void {
  let command: CliCommand | undefined;
  const positionals = entry?.name.split(" ").filter(isPositional) ?? [];
  parent.command(
    [word, ...positionals].join(" "),
    entry?.summary ?? children.map((child) => child.word).join(", "),
    async (inner: Argv) => {
      for (const child of children) addCommand(inner, child, around, run);
      if (!entry) return inner.demandCommand(1, "");
      command = await entry.load(around);
      for (const [name, option] of Object.entries({ ...GLOBAL, ...RPC, ...command.options }))
        inner.option(name, toYargs(option));
      return inner;
    },
    async (args: Record<string, unknown>) => {
      if (command) await run(command, args);
    },
  );
}

function toYargs({ type, describe, alias, choices, default: preset, hidden }: CliOption): object {
  return {
    describe,
    ...(type === "array" ? { type: "string", array: true } : { type }),
    ...(alias && { alias }),
    ...(choices && { choices }),
    ...(preset !== undefined && { default: preset }),
    ...(hidden && { hidden }),
  };
}

function invalidConfig(issues: readonly { path: string; message: string }[]): CliError {
  const lines = issues.map(({ path, message }) => `${path}: ${message}`);
  return new CliError(`config is invalid: ${lines.join("; ")}`, {
    exitCode: 78,
    code: "CONFIG_INVALID",
    details: { issues },
    hint: "openclaw config validate",
  });
}

/** One line for people or one JSON value, and the exit code (cli.md §1.3, §1.4). */
function report(error: unknown, json: boolean, argv: readonly string[]): number {
  const failure = toFailure(error, argv);
  if (json) {
    const { code, message, details, hint } = failure;
    process.stdout.write(
      `${JSON.stringify({ ok: false, error: { code, message, ...(details && { details }), ...(hint && { hint }) } }, null, 2)}\n`,
    );
  } else {
    process.stderr.write(`${failure.message}\n${failure.hint ? `Hint: ${failure.hint}\n` : ""}`);
    if (argv.includes("--verbose") && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  }
  return failure.exitCode;
}

function toFailure(error: unknown, argv: readonly string[]): CliError {
  if (error instanceof CliError) return error;
  if (error instanceof UsageError) return new CliError(error.message, { exitCode: error.exitCode, code: "USAGE" });
  if (error instanceof GatewayError) {
    const { code, message, details } = error;
    return new CliError(message, {
      code,
      ...(details && { details }),
      exitCode: details?.["code"] === "TIMEOUT" ? 124 : 1,
    });
  }
  if (error instanceof WrongUsage || (error as Error).name === "YError") {
    const words = argv.filter((word) => !word.startsWith("-")).slice(0, 2);
    return new CliError((error as Error).message || "a command is needed", {
      exitCode: 2,
      code: "USAGE",
      hint: `openclaw ${[...words, "--help"].join(" ")}`,
    });
  }
  return new CliError(errorText(error));
}
