import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Figure } from "./report.ts";
import { ROOT } from "./server.ts";

/** Libraries that only a channel needs, which is imported when it is configured. */
const CHANNEL_LIBRARIES = ["grammy", "discord.js", "@slack/bolt"];

/** The packed release without the libraries of channels, installed elsewhere: packages and disk. */
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
  execFileSync("tar", ["-xzf", packed as string], { cwd: folder });
  withoutChannels(join(folder, "package", "package.json"));
  execFileSync("npm", ["install", "--omit=dev", "--ignore-scripts", "--install-links", "./package"], {
    cwd: folder,
    ...quiet,
  });
  const installed = JSON.parse(readFileSync(join(folder, "node_modules", ".package-lock.json"), "utf8")) as {
    packages: object;
  };
  const packages = Object.keys(installed.packages).length;
  const bytes = sizeOf(join(folder, "node_modules"));
  rmSync(folder, { recursive: true, force: true });
  return [
    { name: "run-time packages", ours: packages, unit: "packages", goal: { value: 40 } },
    { name: "installed size", ours: bytes / 1e6, unit: "MB", goal: { value: 60 } },
  ];
}

function withoutChannels(path: string): void {
  const manifest = JSON.parse(readFileSync(path, "utf8")) as { dependencies: Record<string, string> };
  for (const name of CHANNEL_LIBRARIES) delete manifest.dependencies[name];
  writeFileSync(path, JSON.stringify(manifest));
}

function sizeOf(path: string): number {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat?.isDirectory()) return stat?.size ?? 0;
  return readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0);
}
