/** An option as a plugin declares it, such as `-p, --port <number>`. */
export interface BuiltOption {
  readonly flags: string;
  /** Without dashes. */
  readonly long: string;
  readonly short: string | undefined;
  readonly description: string;
  /** Takes a value; without it the option is a switch. */
  readonly takesValue: boolean;
  readonly repeats: boolean;
  /** `--no-x`: on unless it is given. */
  readonly negates: boolean;
  readonly required: boolean;
  readonly preset: unknown;
  readonly parse: ((value: string, previous: unknown) => unknown) | undefined;
}

export interface BuiltArgument {
  readonly name: string;
  readonly required: boolean;
  readonly repeats: boolean;
  readonly description: string;
  readonly preset: unknown;
}

type Action = (...args: never[]) => unknown;

/** What an action gets as its last argument. */
export interface RunningCommand {
  name(): string;
  opts(): Record<string, unknown>;
  optsWithGlobals(): Record<string, unknown>;
  readonly args: readonly string[];
  readonly parent: CommandBuilder | undefined;
}

/**
 * A command being declared. Speaks the words of commander's `Command` that plugins chain, and keeps what
 * they say as data: our own parser reads the command line.
 */
export class CommandBuilder {
  readonly parent: CommandBuilder | undefined;
  readonly commands: CommandBuilder[] = [];
  readonly options: BuiltOption[] = [];
  readonly registeredArguments: BuiltArgument[] = [];
  readonly helpTexts: string[] = [];
  readonly #name: string;
  readonly #aliases: string[] = [];
  #description = "";
  #action: Action | undefined;

  constructor(name: string, parent?: CommandBuilder) {
    this.#name = name;
    this.parent = parent;
  }

  get builtAction(): Action | undefined {
    return this.#action;
  }

  name(): string {
    return this.#name;
  }

  /** `word <required> [optional] [several...]`; the same word twice is the same command. */
  command(nameAndArguments: string, description?: unknown): CommandBuilder {
    const [name = "", ...rest] = nameAndArguments.trim().split(/\s+/);
    const known = this.commands.find((command) => command.name() === name);
    const command = known ?? new CommandBuilder(name, this);
    if (!known) this.commands.push(command);
    for (const spec of rest) command.argument(spec);
    if (typeof description === "string") command.description(description);
    return command;
  }

  description(): string;
  description(text: string): this;
  description(text?: string): string | this {
    if (text === undefined) return this.#description;
    this.#description = text;
    return this;
  }

  summary(text: string): this {
    return this.#description === "" ? this.description(text) : this;
  }

  argument(spec: string, description = "", parseOrPreset?: unknown, preset?: unknown): this {
    const name = spec.replaceAll(/[<>[\]]|\.\.\./g, "");
    this.registeredArguments.push({
      name,
      required: !spec.startsWith("["),
      repeats: spec.includes("..."),
      description,
      preset: typeof parseOrPreset === "function" ? preset : parseOrPreset,
    });
    return this;
  }

  arguments(specs: string): this {
    for (const spec of specs.trim().split(/\s+/)) this.argument(spec);
    return this;
  }

  option(flags: string, description = "", parseOrPreset?: unknown, preset?: unknown): this {
    this.options.push(optionOf(flags, description, false, parseOrPreset, preset));
    return this;
  }

  requiredOption(flags: string, description = "", parseOrPreset?: unknown, preset?: unknown): this {
    this.options.push(optionOf(flags, description, true, parseOrPreset, preset));
    return this;
  }

  alias(): string | undefined;
  alias(word: string): this;
  alias(word?: string): string | undefined | this {
    if (word === undefined) return this.#aliases[0];
    this.#aliases.push(word);
    return this;
  }

  aliases(): readonly string[];
  aliases(words: readonly string[]): this;
  aliases(words?: readonly string[]): readonly string[] | this {
    if (words === undefined) return this.#aliases;
    this.#aliases.push(...words);
    return this;
  }

  addHelpText(_position: string, text: string | (() => string)): this {
    this.helpTexts.push(typeof text === "function" ? text() : text);
    return this;
  }

  action(action: Action): this {
    this.#action = action;
    return this;
  }

  // What follows has no meaning for our parser; plugins chain it all the same.
  usage(_text?: string): this {
    return this;
  }

  allowUnknownOption(_allow?: boolean): this {
    return this;
  }

  allowExcessArguments(_allow?: boolean): this {
    return this;
  }

  showHelpAfterError(_show?: boolean | string): this {
    return this;
  }

  helpOption(_flags?: string | boolean, _description?: string): this {
    return this;
  }

  configureHelp(_settings?: object): this {
    return this;
  }
}

function optionOf(
  flags: string,
  description: string,
  required: boolean,
  parseOrPreset: unknown,
  preset: unknown,
): BuiltOption {
  const long = /--([^\s,<[]+)/.exec(flags)?.[1] ?? "";
  const isParser = typeof parseOrPreset === "function";
  return {
    flags,
    long: long.replace(/^no-/, ""),
    short: /(?:^|[\s,])-([^\s,-])/.exec(flags)?.[1],
    description,
    takesValue: /[<[]/.test(flags),
    repeats: flags.includes("..."),
    negates: long.startsWith("no-"),
    required,
    preset: isParser ? preset : parseOrPreset,
    // Told apart by what it is: commander takes a parser or a default in this place.
    parse: isParser ? (parseOrPreset as BuiltOption["parse"]) : undefined,
  };
}
