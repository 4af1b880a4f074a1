import { dirname } from "node:path";

/** Where only the owner of the machine puts programs. */
const TRUSTED = new Set(["/bin", "/usr/bin", "/usr/local/bin", "/opt/homebrew/bin", "/run/current-system/sw/bin"]);

/** Does the program with this real path lie where only the owner of the machine puts programs? */
export function isTrustedFolder(program: string): boolean {
  return TRUSTED.has(dirname(program));
}
