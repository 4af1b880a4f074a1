import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { globSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { acquireLock } from "openclaw/plugin-sdk";

export const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

const SOURCES = ["package.json", ".scripts/build.mjs", "{kernel,sdk,plugins}/**/*.{ts,json}"];
const BUILD_MS = 60_000;

/** Make `dist` what the sources say. Test files that start together build it once. */
export async function ensureBuilt(): Promise<void> {
  if (isFresh()) return;
  const name = createHash("sha256").update(root).digest("hex").slice(0, 16);
  const lock = await acquireLock(join(tmpdir(), `openclaw-build-${name}.lock`), { waitMs: BUILD_MS });
  try {
    if (!isFresh()) await promisify(execFile)(process.execPath, [join(root, ".scripts", "build.mjs")], { cwd: root });
  } finally {
    lock.release();
  }
}

function isFresh(): boolean {
  const built = statSync(join(root, "dist", "main.js"), { throwIfNoEntry: false });
  return (
    built !== undefined &&
    globSync(SOURCES, { cwd: root }).every((file) => statSync(join(root, file)).mtimeMs < built.mtimeMs)
  );
}
