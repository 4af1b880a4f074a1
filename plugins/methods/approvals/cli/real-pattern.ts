import { realpath } from "node:fs/promises";
import { join } from "node:path";
import type { CliContext } from "openclaw/plugin-sdk";

/**
 * The pattern that matches the program a path leads to: only the real path of a program is looked at (agent.md §13.3).
 * Links can be followed on this machine alone; what is meant for another one, or for many programs, stays as it is.
 */
export async function realPattern(pattern: string, { args, home, target }: CliContext): Promise<string> {
  const isElsewhere = args["node"] !== undefined || target().id !== "local";
  if (isElsewhere || /[*?[\]{}]/.test(pattern)) return pattern;
  const path = pattern.startsWith("~/") ? join(home, pattern.slice(2)) : pattern;
  // A program that is not there yet may come.
  const real = await realpath(path).catch(() => path);
  return real === path ? pattern : real;
}
