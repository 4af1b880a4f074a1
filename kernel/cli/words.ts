import type { CommandEntry } from "./commands.ts";

/** A word of the command line: a command, a group of commands, or both like `gateway`. */
export interface CommandNode {
  /** The words up to here, `plugins list`. */
  readonly name: string;
  entry: CommandEntry | undefined;
  readonly children: Map<string, CommandNode>;
}

export interface Found {
  readonly node: CommandNode;
  /** The command line without the command's own words. */
  readonly rest: readonly string[];
}

/**
 * The command that `argv` names. Its words are the leading ones that the table knows, flags between them left out, so
 * a flag reaches the command that was meant and never a parent that has one of the same name.
 */
export function findCommand(
  entries: readonly CommandEntry[],
  argv: readonly string[],
  takesValue: (flag: string) => boolean,
): Found {
  let node = commandTree(entries);
  const rest: string[] = [];
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] as string;
    const isFlag = word.startsWith("-");
    const next = isFlag ? undefined : node.children.get(word);
    if (next) {
      node = next;
      continue;
    }
    if (word === "--" || !isFlag) return { node, rest: [...rest, ...argv.slice(i)] };
    rest.push(word);
    const value = argv[i + 1];
    if (takesValue(word) && value !== undefined) {
      rest.push(value);
      i++;
    }
  }
  return { node, rest };
}

function commandTree(entries: readonly CommandEntry[]): CommandNode {
  const root: CommandNode = { name: "", entry: undefined, children: new Map() };
  for (const entry of entries) {
    let node = root;
    for (const word of commandWords(entry.name)) {
      const name = node.name === "" ? word : `${node.name} ${word}`;
      const next = node.children.get(word) ?? { name, entry: undefined, children: new Map() };
      node.children.set(word, next);
      node = next;
    }
    node.entry = entry;
  }
  return root;
}

/** `config set <path> <value>` has the words `config set` ... */
export function commandWords(name: string): string[] {
  return name.split(" ").filter((part) => !isPositional(part));
}

/** ... and the positionals `<path>`, `<value>`. */
export function positionals(name: string): string[] {
  return name.split(" ").filter(isPositional);
}

function isPositional(part: string): boolean {
  return part.startsWith("<") || part.startsWith("[");
}
