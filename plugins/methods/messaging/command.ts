import type { FurtherCommand, HooksOf, Messaging } from "openclaw/plugin-sdk";

type CommandTable = HooksOf<typeof Messaging>["command"];

export interface ParsedCommand {
  readonly name: string;
  readonly args: string;
}

const COMMAND = /^\/([a-z][a-z0-9_-]*):?(?:\s+([\s\S]*))?$/i;
const MAX_ARGS = 4_096;
/** Whole messages that mean `/stop` (channels.md §1.15). */
const STOP_WORDS = new Set(["stop", "abort", "esc", "wait", "exit", "interrupt"]);

/** A slash command that somebody offers. Anything else is for the agent (plugin-compat.md §6). */
export function parseCommand(text: string, table: CommandTable): ParsedCommand | undefined {
  const { name, rest } = wordsOf(text) ?? {};
  const offer = name === undefined ? shorthandOf(text, table) : offerOf(name, table);
  const further = offer || name === undefined ? undefined : furtherOf(name, table);
  if (further) return parseCommand(`/${further.key} ${further.args} ${rest ?? ""}`, table);
  if (!offer) return undefined;
  const args = (rest ?? text.trim().slice(1))
    .replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f]/g, "")
    .slice(0, MAX_ARGS)
    .trim();
  if (args !== "" && offer.options.acceptsArgs !== true) return undefined;
  return offer.options.accepts?.(args) === false ? undefined : { name: offer.key, args };
}

/** Activates the plugin that only announces the command that `text` names. */
export async function wakeCommand(text: string, table: CommandTable): Promise<void> {
  const name = wordsOf(text)?.name;
  if (name === undefined || table.offers.has(name) || table.announcer?.(name) === undefined) return;
  await table.resolve(name);
}

/** A message that stops what runs instead of saying something. */
export function isStopWord(text: string): boolean {
  return STOP_WORDS.has(text.trim().toLowerCase());
}

function wordsOf(text: string): { readonly name: string; readonly rest: string } | undefined {
  const [, name, rest = ""] = COMMAND.exec(text.trim()) ?? [];
  return name === undefined ? undefined : { name: name.toLowerCase(), rest };
}

function shorthandOf(text: string, { offers }: CommandTable) {
  const [, first] = /^([^\w\s/])[\w./~]/.exec(text.trim()) ?? [];
  return first === undefined ? undefined : [...offers.values()].find(({ options }) => options.shorthand?.() === first);
}

/** Further ways to call commands, without those whose name is a command's. */
export function furtherCommands(table: CommandTable): (FurtherCommand & { readonly key: string })[] {
  const all = [...table.offers.values()].flatMap(({ key, options }) =>
    (options.further?.() ?? []).map((one) => ({ ...one, key })),
  );
  return all.filter(({ name }) => !offerOf(name, table) && table.announcer?.(name) === undefined);
}

/** Menus of some networks have no hyphens in names. */
function furtherOf(name: string, table: CommandTable) {
  const wanted = name.replaceAll("_", "-");
  return furtherCommands(table).find((one) => one.name === wanted);
}

/** The command of that name, its own or another one. */
export function offerOf(name: string, { offers }: CommandTable) {
  return offers.get(name) ?? [...offers.values()].find(({ options }) => options.aliases?.includes(name));
}
