import { compareText } from "openclaw/plugin-sdk";
import yargs from "yargs";
import { GLOBAL, RPC } from "./flags.ts";
import type { Options } from "./flags.ts";
import type { CommandNode } from "./words.ts";

const WIDTH = 100;

/** What `--help` prints of a command, of a group, or of everything. Nothing of a plugin runs for it. */
export async function helpText({ name, entry, children }: CommandNode, options: Options): Promise<string> {
  const usage = `openclaw ${entry?.name ?? `${name} <command>`.trim()} [flags]`;
  const parser = yargs([])
    .scriptName("openclaw")
    .usage(entry ? `${usage}\n\n${entry.summary}` : usage)
    .help(false)
    .version(false)
    .wrap(Math.min(WIDTH, process.stdout.columns || WIDTH));
  for (const child of [...children.values()].toSorted((a, b) => compareText(a.name, b.name))) {
    const words = child.entry?.name ?? `${child.name} <command>`;
    parser.command(words, child.entry?.summary ?? [...child.children.keys()].toSorted().join(", "));
  }
  for (const [key, { type, ...option }] of Object.entries(options)) {
    parser.option(key, { ...option, ...(type === "array" ? { type: "string", array: true } : { type }) });
  }
  const rpc = Object.keys(RPC).filter((key) => options[key] === RPC[key]);
  const own = Object.keys(options).filter((key) => !rpc.includes(key) && !(key in GLOBAL));
  if (own.length > 0) parser.group(own, "Options:");
  if (rpc.length > 0) parser.group(rpc, "Gateway:");
  parser.group(Object.keys(GLOBAL), "Every command:");
  return parser.getHelp();
}
