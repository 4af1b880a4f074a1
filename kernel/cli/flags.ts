import type { CliArgs, CliOption } from "openclaw/plugin-sdk";
import { nearest } from "openclaw/plugin-sdk/config";
import parse from "yargs-parser";
import { wrongUsage } from "./report.ts";
import type { CommandNode } from "./words.ts";
import { positionals } from "./words.ts";

export type Options = Readonly<Record<string, CliOption>>;

/** Flags of every command. */
export const GLOBAL: Options = {
  json: { type: "boolean", describe: "print one JSON value and nothing else" },
  verbose: { type: "boolean", describe: "say more" },
  help: { type: "boolean", alias: "h", describe: "show help" },
  version: { type: "boolean", alias: "V", describe: "show the version" },
  dev: { type: "boolean", describe: "the same as --profile dev" },
  profile: { type: "string", describe: "name of a separate gateway with files of its own" },
  "no-color": { type: "boolean", describe: "plain text" },
};

/** Flags of every command that talks to a gateway (cli.md §1.5). */
export const RPC: Options = {
  url: { type: "string", describe: "WebSocket URL of the gateway" },
  token: { type: "string", describe: "gateway token" },
  password: { type: "string", describe: "gateway password" },
  timeout: { type: "number", describe: "milliseconds to wait" },
};

/** Does this flag take the next word, whatever the command is? */
export function takesValue(flag: string): boolean {
  const option = { ...GLOBAL, ...RPC }[flag.replace(/^-+/, "")];
  return option !== undefined && option.type !== "boolean";
}

/**
 * `args` as values by name. Throws what is wrong with them: nothing unknown, missing or of the wrong kind passes. This
 * is the parser of yargs without the rest of it, which would cost each command and each start of a gateway some 40 ms.
 */
export function parseFlags(args: readonly string[], options: Options, node: CommandNode): CliArgs {
  const names = (type: CliOption["type"]) => Object.keys(options).filter((name) => options[name]?.type === type);
  const aliases = Object.entries(options).flatMap(([name, { alias }]) => (alias ? [[name, alias]] : []));
  const { argv, error } = parse.detailed([...args], {
    string: names("string"),
    number: names("number"),
    boolean: names("boolean"),
    array: names("array").map((key) => ({ key, string: true })),
    alias: Object.fromEntries(aliases),
    narg: Object.fromEntries([...names("string"), ...names("number")].map((name) => [name, 1])),
    configuration: CONFIGURATION,
  });
  const { _: words, ...flags } = argv;
  for (const arg of args) {
    const negated = /^--no-(.+)$/.exec(arg)?.[1];
    // The parser would make 0 or an empty text of it.
    if (negated && options[negated] && options[negated].type !== "boolean")
      throw wrongUsage(`Unknown argument: ${arg}`, node.name);
  }
  refuseSurplus(words.map(String), node);
  if (error) throw wrongUsage(error.message, node.name);
  const values: Record<string, unknown> = {};
  for (const [name, { default: preset }] of Object.entries(options)) if (preset !== undefined) values[name] = preset;
  for (const [given, value] of Object.entries(flags)) {
    const isNegation = value === false && Object.hasOwn(options, `no-${given}`);
    const name = isNegation ? `no-${given}` : given;
    const last = Array.isArray(value) && options[name]?.type !== "array" ? (value.at(-1) as unknown) : value;
    values[name] = checked(name, isNegation ? true : last, options, node);
  }
  return { ...values, ...named(words.map(String), node) };
}

const CONFIGURATION = {
  "camel-case-expansion": false,
  "dot-notation": false,
  "greedy-arrays": false,
  "parse-numbers": false,
  "parse-positional-numbers": false,
  "strip-aliased": true,
} as const;

function checked(name: string, value: unknown, options: Options, node: CommandNode): unknown {
  const option = Object.hasOwn(options, name) ? options[name] : undefined;
  if (!option) {
    const near = nearest(name, Object.keys(options));
    const flag = name.length === 1 ? `-${name}` : `--${name}`;
    throw wrongUsage(`Unknown argument: ${flag}`, node.name, near && `--${near}`);
  }
  const { type, choices } = option;
  const fits = type === "array" ? Array.isArray(value) && value.length > 0 : typeof value === type;
  const isBelow = type === "number" && (value as number) < 0;
  if (!fits || isBelow || Number.isNaN(value)) {
    const needs = type === "number" ? `needs a number${isBelow ? " of 0 or more" : ""}` : "needs a value";
    throw wrongUsage(`--${name} ${type === "boolean" ? "is a switch" : needs}`, node.name);
  }
  const foreign = [value].flat().find((one) => choices && !choices.includes(String(one)));
  if (foreign === undefined || !choices) return value;
  throw wrongUsage(`--${name} must be one of ${choices.join(", ")}`, node.name, nearest(String(foreign), choices));
}

function refuseSurplus(words: readonly string[], { name, entry, children }: CommandNode): void {
  const names = positionals(entry?.name ?? "");
  const surplus = words[names.length];
  if (surplus === undefined || names.some(takesTheRest)) return;
  if (children.size === 0) throw wrongUsage(`Unknown argument: ${surplus}`, name);
  // A command that exists stands in the wrong place, behind a flag of another one.
  const near = children.has(surplus) ? undefined : nearest(surplus, children.keys());
  throw wrongUsage(`Unknown command: ${`${name} ${surplus}`.trim()}`, name, near);
}

/** The words after the command, by the names it gives them. */
function named(words: readonly string[], { name, entry }: CommandNode): CliArgs {
  const names = positionals(entry?.name ?? "");
  const missing = names.slice(words.length).find((part) => part.startsWith("<"));
  if (missing) throw wrongUsage(`Missing argument: ${missing}`, name);
  const values: Record<string, unknown> = {};
  for (const [index, part] of names.entries()) {
    if (takesTheRest(part)) values[part.slice(1, -4)] = words.slice(index);
    else if (words[index] !== undefined) values[part.slice(1, -1)] = words[index];
  }
  return values;
}

/** `[command...]`: whatever words are left, as a list. */
function takesTheRest(part: string): boolean {
  return part.endsWith("...]") || part.endsWith("...>");
}
