import { basename } from "node:path";

/** One program of a command line, and the words it gets. */
export type Words = readonly string[];

export type ParsedLine =
  | { readonly ok: true; readonly commands: readonly Words[] }
  /** There is something in it whose effect cannot be told from the text. */
  | { readonly ok: false; readonly reason: string };

const SEPARATORS = ["&&", "||", "|", ";"] as const;
/** Outside of quotes these make more of a line than programs with words. */
const REFUSED: Readonly<Record<string, string>> = {
  "\n": "a line break",
  "\r": "a line break",
  "`": "a command substitution",
  $: "an expansion",
  "<": "a redirection",
  ">": "a redirection",
  "&": "a background command",
  "(": "a subshell",
  ")": "a subshell",
  "{": "a brace",
  "}": "a brace",
  "!": "a negation",
  "#": "a comment",
  "*": "a pattern",
  "?": "a pattern",
  "[": "a pattern",
  "~": "a home directory",
  "\\": "an escape",
};
/** Words of the shell itself that change what other words mean, or run them. */
const OWN_WORDS = new Set(
  "alias bind builtin case command coproc declare enable eval exec export fc for function hash if local select set shopt source time trap typeset unalias unset until while .".split(
    " ",
  ),
);
const ASSIGNMENT = /^[A-Za-z_]\w*(\[.*\])?\+?=/;

/**
 * The programs that a shell would run for `line`: pipes and lists of plain commands. Whatever else a shell might make
 * of it is refused, so that what passes is all there is (agent.md §13.3).
 */
export function parseCommandLine(line: string): ParsedLine {
  const commands: string[][] = [[]];
  let word: string | undefined;
  /** The word has quotes in it, so it is no assignment and no keyword. */
  let quoted = false;
  const endWord = (): string | undefined => {
    const words = commands.at(-1) as string[];
    if (word === undefined) return undefined;
    if (words.length === 0 && !quoted && ASSIGNMENT.test(word)) return "an assignment";
    words.push(word);
    word = undefined;
    quoted = false;
    return undefined;
  };

  for (let at = 0; at < line.length;) {
    const char = line[at] as string;
    if (char === "\0") return refused("a zero character");
    if (char === " " || char === "\t") {
      const problem = endWord();
      if (problem) return refused(problem);
      at++;
      continue;
    }
    const separator = SEPARATORS.find((one) => line.startsWith(one, at));
    if (separator) {
      const problem = endWord();
      if (problem) return refused(problem);
      if (line[at + separator.length] === "&") return refused("a redirection");
      if (commands.at(-1)?.length === 0) return refused("an empty command");
      commands.push([]);
      at += separator.length;
      continue;
    }
    if (char === "'" || char === '"') {
      const end = line.indexOf(char, at + 1);
      if (end < 0) return refused("an open quote");
      const text = line.slice(at + 1, end);
      if (char === '"' && /[$`\\!]/.test(text)) return refused("an expansion inside quotes");
      word = (word ?? "") + text;
      quoted = true;
      at = end + 1;
      continue;
    }
    const problem = Object.hasOwn(REFUSED, char) ? REFUSED[char] : undefined;
    if (problem !== undefined) return refused(problem);
    word = (word ?? "") + char;
    at++;
  }
  const problem = endWord();
  if (problem) return refused(problem);
  // A list may end with a semicolon.
  if (commands.at(-1)?.length === 0 && commands.length > 1 && line.trimEnd().endsWith(";")) commands.pop();
  if (commands.some((words) => words.length === 0)) return refused("an empty command");
  if (commands.some(([name = ""]) => OWN_WORDS.has(name))) return refused("a word of the shell itself");
  return { ok: true, commands };
}

export const SHELLS: ReadonlySet<string> = new Set(["sh", "bash", "dash", "zsh", "ksh", "ash"]);

const LAUNCHERS = new Set(
  "busybox doas env find fish ionice nice nohup parallel pwsh script setsid ssh stdbuf su sudo systemd-run time timeout toybox watch xargs".split(
    " ",
  ),
);

/** Does the program with this path run whatever it is told to, so that allowing it allows everything? */
export function runsOthers(path: string): boolean {
  const name = basename(path)
    .toLowerCase()
    .replace(/\.exe$/, "");
  return SHELLS.has(name) || LAUNCHERS.has(name) || name === "cmd" || name === "powershell";
}

/** The text that a shell is given to run, when `argv` is a shell that is given one and nothing else. */
export function shellText(argv: Words): string | undefined {
  const [program = "", flag = "", text] = argv;
  if (argv.length !== 3 || !SHELLS.has(program.split("/").at(-1) ?? "")) return undefined;
  return /^-l?c$/.test(flag) ? text : undefined;
}

/** `argv` as people read it and as an approval names it: what a shell runs, else the words, quoted where they need it. */
export function commandText(argv: Words): string {
  return shellText(argv) ?? argv.map(quote).join(" ");
}

function quote(word: string): string {
  if (word !== "" && !/[\s"]/.test(word)) return word;
  return `"${word.replaceAll('"', '\\"')}"`;
}

function refused(reason: string): ParsedLine {
  return { ok: false, reason };
}
