import { homedir } from "node:os";
import { basename } from "node:path";
import { parseCommandLine, shellText, SHELLS } from "./command-line.ts";
import type { Words } from "./command-line.ts";
import { findProgram, realProgram } from "./program.ts";
import type { ProgramPlace } from "./program.ts";
import { isSafeBin, SAFE_BINS } from "./safe-bins.ts";
import { isTrustedFolder } from "./trusted-folders.ts";

export interface AllowlistRules {
  /** Globs of the real paths of programs, without regard to case. A bare name matches nothing. */
  readonly allowlist: readonly string[];
  /** Names of programs that skills need. */
  readonly skillBins?: readonly string[];
  /** Those of the harmless programs that need no entry; all of them by default. */
  readonly safeBins?: readonly string[] | undefined;
}

export interface AllowlistCheck {
  readonly isListed: boolean;
  /** Real paths of the programs that would run, as far as they are known. */
  readonly programs: readonly string[];
  /** Why it is not listed, for people. */
  readonly reason?: string;
}

/** Is every program that `argv` runs listed? What a shell is given is looked through, word by word. */
export async function checkAllowlist(argv: Words, rules: AllowlistRules, place: ProgramPlace): Promise<AllowlistCheck> {
  const direct = await checkProgram(argv, rules, place);
  const text = shellText(argv);
  // A shell is looked through only when it is one: anybody can call a program of their own `sh`.
  if (direct.isListed || text === undefined || !direct.programs.every(isShell)) return direct;
  const line = parseCommandLine(text);
  if (!line.ok) return { isListed: false, programs: [], reason: `there is ${line.reason} in the command line` };
  const checks = await Promise.all(line.commands.map((words) => checkProgram(words, rules, place)));
  const missing = checks.find(({ isListed }) => !isListed);
  return {
    isListed: missing === undefined,
    programs: [...new Set(checks.flatMap(({ programs }) => programs))],
    ...(missing?.reason !== undefined && { reason: missing.reason }),
  };
}

/** Does a pattern of an allowlist match the real path of a program? */
export function matchesProgram(pattern: string, path: string): boolean {
  const whole = pattern.startsWith("~/") ? `${homedir()}${pattern.slice(1)}` : pattern;
  if (!/[\\/]/.test(whole)) return false;
  return globPattern(whole).test(path);
}

async function checkProgram(argv: Words, rules: AllowlistRules, place: ProgramPlace): Promise<AllowlistCheck> {
  const [name = ""] = argv;
  const program = await realProgram(name, place);
  if (program === undefined) return { isListed: false, programs: [], reason: `there is no program "${name}"` };
  const isListed =
    rules.allowlist.some((pattern) => matchesProgram(pattern, program)) ||
    isSafeBin(argv, program, rules.safeBins ?? SAFE_BINS) ||
    (await isSkillBin(name, program, rules.skillBins ?? [], place));
  return { isListed, programs: [program], ...(!isListed && { reason: `${program} is not on the allowlist` }) };
}

function isShell(program: string): boolean {
  const name = basename(program);
  return (SHELLS.has(name) || name === "busybox") && isTrustedFolder(program);
}

/** The program a skill means is the one its name finds, and no other of that name. */
async function isSkillBin(
  name: string,
  program: string,
  skillBins: readonly string[],
  place: ProgramPlace,
): Promise<boolean> {
  const base = name.split(/[\\/]/).at(-1) ?? "";
  if (!skillBins.includes(base)) return false;
  const meant = await findProgram(base, place);
  return meant !== undefined && (await realProgram(meant, place)) === program;
}

/** `*` and `?` stay inside a folder, `**` does not. */
function globPattern(glob: string): RegExp {
  const source = glob.replaceAll(/\*\*|\*|\?|[\\^$.|+()[\]{}]/g, (part) => {
    if (part === "**") return ".*";
    if (part === "*") return "[^/\\\\]*";
    return part === "?" ? "[^/\\\\]" : `\\${part}`;
  });
  return new RegExp(`^${source}$`, "i");
}
