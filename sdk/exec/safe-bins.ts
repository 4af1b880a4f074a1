import type { Words } from "./command-line.ts";
import { isTrustedFolder } from "./trusted-folders.ts";

interface SafeUse {
  /** Words that are no flags. */
  readonly words: number;
  /** Flags without a value, as a cluster of letters. */
  readonly flags: RegExp;
  /** Flags with a value, glued to it or before it. */
  readonly valued?: RegExp;
  /** What a word must not be. */
  readonly refuse?: RegExp;
}

const NONE = /^$/;

/** Filters of what they read from stdin: nothing here opens a file, writes one or starts a program (agent.md §13.3). */
const SAFE: Readonly<Record<string, SafeUse>> = {
  cut: { words: 0, flags: /^-[sz]+$/, valued: /^-[bcdf]$/ },
  grep: { words: 1, flags: /^-[EFGPchilnoqsvwxz]+$/, valued: /^-[ABCm]$/ },
  head: { words: 0, flags: /^-([qvz]+|\d+)$/, valued: /^-[cn]$/ },
  jq: {
    words: 1,
    flags: /^-[CMRSacejnrs]+$/,
    refuse:
      /\$|\b(env|import|include|input_filename|get_search_list|modulemeta|input_line_number|debug|stderr|halt\w*)\b/,
  },
  sort: { words: 0, flags: /^-[MRVbcdfghinrsuz]+$/, valued: /^-[kt]$/ },
  tail: { words: 0, flags: /^-([qvz]+|\d+)$/, valued: /^-[cn]$/ },
  tr: { words: 2, flags: /^-[Ccdst]+$/ },
  uniq: { words: 0, flags: /^-[Dcdiuz]+$/, valued: /^-[fsw]$/ },
  wc: { words: 0, flags: /^-[Lclmw]+$/ },
};

/** The names of all programs whose harmless uses are known. */
export const SAFE_BINS: readonly string[] = Object.keys(SAFE);

/** Is this one of the harmless programs in `names`, used harmlessly? `program` is the real path of `argv[0]`. */
export function isSafeBin([name = "", ...words]: Words, program: string, names: readonly string[]): boolean {
  if (!names.includes(name)) return false;
  const use = Object.hasOwn(SAFE, name) ? SAFE[name] : undefined;
  // A name that is a link to a program of many names would not be what it says.
  if (!use || !isTrustedFolder(program) || !program.endsWith(`/${name}`)) return false;
  return isSafeUse(words, use);
}

function isSafeUse(words: Words, { words: most, flags, valued = NONE, refuse }: SafeUse): boolean {
  let count = 0;
  for (let at = 0; at < words.length; at++) {
    const word = words[at] as string;
    if (word.startsWith("-") && word !== "-") {
      if (flags.test(word)) continue;
      if (!valued.test(word.slice(0, 2))) return false;
      const value = word.length > 2 ? word.slice(2) : words[++at];
      if (value === undefined || isPathLike(value)) return false;
      continue;
    }
    if (++count > most || isPathLike(word) || refuse?.test(word)) return false;
  }
  return true;
}

function isPathLike(word: string): boolean {
  return word === "-" || word.includes("/") || word.startsWith("~") || word.startsWith("..");
}
