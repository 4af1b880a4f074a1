import { existsSync, readFileSync } from "node:fs";
import { dirname, join, sep } from "node:path";

/** Where this gateway was installed from, and what its owner does to bring it up to date. */
export interface Install {
  readonly mode: "git" | "npm" | "folder";
  readonly root: string;
  readonly commands: readonly string[];
}

/** The installation that `folder` is part of. */
export function findInstall(folder: string): Install {
  const root = rootAbove(folder);
  if (existsSync(join(root, ".git")))
    return { mode: "git", root, commands: [`cd ${root}`, "git pull --ff-only", "npm ci", "npm run build"] };
  if (dirname(root).endsWith(`${sep}node_modules`))
    return { mode: "npm", root, commands: ["npm install --global <the package of the new version>"] };
  return { mode: "folder", root, commands: [`replace ${root} with the new version`] };
}

function rootAbove(folder: string): string {
  for (let at = folder; ; at = dirname(at)) {
    if (isOurs(join(at, "package.json")) || dirname(at) === at) return at;
  }
}

function isOurs(path: string): boolean {
  try {
    return (JSON.parse(readFileSync(path, "utf8")) as { name?: string }).name === "openclaw";
  } catch {
    // Not there, or the manifest of something else.
    return false;
  }
}
