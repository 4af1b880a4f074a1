import { CliError } from "../cli.ts";
import type { CliArgs, CliCommand, CliContext, CliOption } from "../cli.ts";
import { createApi } from "./api.ts";
import { CommandBuilder } from "./command-builder.ts";
import type { BuiltArgument, BuiltOption, RunningCommand } from "./command-builder.ts";
import type { CliRegistrarContext } from "./contract.ts";
import { createEstablished } from "./established.ts";
import { inertGateway } from "./inert-gateway.ts";
import type { CommandLinePlugin } from "./inert-gateway.ts";
import { attachModules } from "./modules.ts";
import { packageFacts } from "./package-facts.ts";
import { registerOf } from "./register.ts";
import type { RegisterModule } from "./register.ts";

export type { CommandLinePlugin } from "./inert-gateway.ts";

/** A command as our command line knows it. */
export interface EstablishedCommand {
  /** Words and arguments, such as `notes add <text>`. */
  readonly name: string;
  readonly summary: string;
  readonly command: CliCommand;
}

/**
 * The commands that an established plugin adds with `registerCli`. Runs its `register` in this process,
 * where nothing else that it registers has any effect: there is no gateway.
 */
export async function establishedCommands(
  { exported, modules }: RegisterModule,
  plugin: CommandLinePlugin,
): Promise<EstablishedCommand[]> {
  const register = registerOf(exported);
  if (!register) return [];
  const gateway = inertGateway(plugin);
  const established = createEstablished(gateway);
  const facts = packageFacts(plugin.manifest, plugin.source, exported);
  const { api, mount, registrars } = createApi(established, facts, plugin.source);
  attachModules(modules, { gateway, mount });
  await register(api);
  const program = new CommandBuilder("openclaw");
  const context: CliRegistrarContext = {
    program,
    config: established.config(),
    workspaceDir: established.workspaceDir(),
    logger: established.logger,
  };
  for (const registrar of registrars) await registrar(context);
  return program.commands.flatMap((command) => commandsOf(command, []));
}

/** `command` and those below it, under each of its words. */
function commandsOf(command: CommandBuilder, above: readonly string[]): EstablishedCommand[] {
  return [command.name(), ...command.aliases()].flatMap((word) => {
    const words = [...above, word];
    const own = command.builtAction ? [entryOf(command, words)] : [];
    return [...own, ...command.commands.flatMap((child) => commandsOf(child, words))];
  });
}

function entryOf(command: CommandBuilder, words: readonly string[]): EstablishedCommand {
  const { options, registeredArguments } = command;
  const places = registeredArguments.map(({ name, required }) => (required ? `<${name}>` : `[${name}]`));
  return {
    name: [...words, ...places].join(" "),
    summary: command.description(),
    command: {
      anyConfig: true,
      local: true,
      options: Object.fromEntries(options.map((option) => [optionName(option), cliOption(option)])),
      run: (context) => run(command, context),
    },
  };
}

/** The action gets its arguments, then the options, then the command. */
async function run(command: CommandBuilder, { args }: CliContext): Promise<number | undefined> {
  const positional = command.registeredArguments.map((argument) => argumentValue(argument, args));
  const options: Record<string, unknown> = {};
  for (const option of command.options) {
    const value = optionValue(option, args);
    if (value !== undefined) options[camelCase(option.long)] = value;
  }
  const running: RunningCommand = {
    name: () => command.name(),
    opts: () => options,
    optsWithGlobals: () => options,
    args: positional
      .flat()
      .filter((value) => value !== undefined)
      .map(String),
    parent: command.parent,
  };
  // What an action takes is the plugin's to know.
  const action = command.builtAction as (...values: unknown[]) => unknown;
  await action(...positional, options, running);
  return typeof process.exitCode === "number" ? process.exitCode : undefined;
}

function argumentValue({ name, repeats, preset }: BuiltArgument, args: CliArgs): unknown {
  const value = args[name] ?? preset;
  return repeats && value !== undefined && !Array.isArray(value) ? [value] : value;
}

function optionValue(option: BuiltOption, args: CliArgs): unknown {
  const { flags, parse, preset, required, negates, repeats } = option;
  const given = args[optionName(option)];
  if (negates) return given !== true;
  if (given === undefined && required && preset === undefined) {
    throw new CliError(`required option '${flags}' not specified`, { exitCode: 2, code: "USAGE" });
  }
  if (given === undefined || !parse) return given ?? preset;
  const values = repeats ? [given].flat() : [given];
  return values.reduce<unknown>((previous, value) => parse(String(value), previous), preset);
}

function optionName({ long, short, negates }: BuiltOption): string {
  return negates ? `no-${long}` : long || (short ?? "");
}

function cliOption({ description, short, long, takesValue, repeats }: BuiltOption): CliOption {
  const type = repeats ? "array" : takesValue ? "string" : "boolean";
  return { type, describe: description, ...(short && long && { alias: short }) };
}

function camelCase(name: string): string {
  return name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}
