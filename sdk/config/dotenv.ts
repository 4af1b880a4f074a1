import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";

/** What a `.env` of the current directory may not set: it may belong to somebody else (security.md S-51). */
const GUARDED = /^(OPENCLAW_|NODE_|LD_|DYLD_|PATH$|HOME$|.*_PROXY$)/i;
const LINE = /^\s*(#|$|(export\s+)?[A-Za-z_][A-Za-z0-9_]*\s*=)/;

/** Fill the environment from `.env` files without overriding anything. Returns warnings (config.md §1.5). */
export function loadDotEnv(cwd: string, stateDir: string, env: NodeJS.ProcessEnv = process.env): string[] {
  const warnings: string[] = [];
  const sources = [
    { file: join(cwd, ".env"), guarded: true },
    { file: join(stateDir, ".env"), guarded: false },
  ];
  for (const { file, guarded } of sources) {
    if (!existsSync(file)) continue;
    const text = read(file, warnings);
    const skipped: string[] = [];
    for (const [name, value] of Object.entries(parseEnv(text))) {
      if (guarded && GUARDED.test(name)) skipped.push(name);
      else env[name] ??= value;
    }
    if (skipped.length > 0)
      warnings.push(
        `${file}: ignored ${skipped.join(", ")}; set them in the environment or in ${join(stateDir, ".env")}`,
      );
    warnings.push(...badLines(text).map((line) => `${file}:${line}: not KEY=value, ignored`));
  }
  return warnings;
}

function read(file: string, warnings: string[]): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    warnings.push(`cannot read ${file}: ${(error as NodeJS.ErrnoException).code}`);
    return "";
  }
}

/** Lines that neither assign nor comment. Values over several lines in quotes are let through. */
function badLines(text: string): number[] {
  if (/=\s*(["'`])[^"'`]*\n/.test(text)) return [];
  return text.split("\n").flatMap((line, index) => (LINE.test(line) ? [] : [index + 1]));
}
