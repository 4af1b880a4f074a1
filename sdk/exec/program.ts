import { constants } from "node:fs";
import { access, realpath, stat } from "node:fs/promises";
import { delimiter, extname, isAbsolute, join, resolve } from "node:path";

/** Where programs are looked for. */
export interface ProgramPlace {
  readonly cwd: string;
  /** A `PATH`. */
  readonly path: string;
}

const IS_WINDOWS = process.platform === "win32";

/** Where a program lies by the rules of a shell, or `undefined`. Only whole paths of the search path count. */
export async function findProgram(name: string, { cwd, path }: ProgramPlace): Promise<string | undefined> {
  if (name === "" || name.includes("\0")) return undefined;
  const isPath = name.includes("/") || (IS_WINDOWS && name.includes("\\"));
  const candidates = isPath
    ? [resolve(cwd, name)]
    : path
        .split(delimiter)
        .filter((folder) => isAbsolute(folder))
        .map((folder) => join(folder, name));
  for (const candidate of candidates.flatMap(withExtensions)) if (await isExecutable(candidate)) return candidate;
  return undefined;
}

/** The file that really runs: what links on the way to it lead to. */
export async function realProgram(name: string, place: ProgramPlace): Promise<string | undefined> {
  const found = await findProgram(name, place);
  return found === undefined ? undefined : realpath(found);
}

function withExtensions(path: string): string[] {
  if (!IS_WINDOWS || extname(path) !== "") return [path];
  return (process.env["PATHEXT"] ?? ".EXE;.CMD;.BAT").split(";").map((extension) => `${path}${extension}`);
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    // Not there, or not for us: the next folder may have it.
    return false;
  }
}
