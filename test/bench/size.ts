import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Figure } from "./report.ts";
import { ROOT } from "./server.ts";

/** The packed release, installed elsewhere: packages and disk. */
export function sizeFigures(): Figure[] {
  const folder = mkdtempSync(join(tmpdir(), "openclaw-size-"));
  const quiet = { stdio: ["ignore", "pipe", "ignore"] as ["ignore", "pipe", "ignore"], encoding: "utf8" as const };
  const packed = execFileSync("npm", ["pack", "--ignore-scripts", "--pack-destination", folder], {
    cwd: ROOT,
    ...quiet,
  })
    .trim()
    .split("\n")
    .at(-1);
  writeFileSync(join(folder, "package.json"), '{ "name": "elsewhere", "version": "1.0.0" }\n');
  execFileSync("npm", ["install", "--omit=dev", "--ignore-scripts", join(folder, packed as string)], {
    cwd: folder,
    ...quiet,
  });
  const listed = execFileSync("npm", ["ls", "--all", "--parseable"], { cwd: folder, ...quiet })
    .trim()
    .split("\n");
  const packages = new Set(listed.slice(1)).size;
  const bytes = sizeOf(join(folder, "node_modules"));
  rmSync(folder, { recursive: true, force: true });
  return [
    { name: "run-time packages", ours: packages, unit: "packages", goal: { value: 40 } },
    { name: "installed size", ours: bytes / 1e6, unit: "MB", goal: { value: 60 } },
  ];
}

function sizeOf(path: string): number {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat?.isDirectory()) return stat?.size ?? 0;
  return readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0);
}
