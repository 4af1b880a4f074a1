import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { acquireLock } from "openclaw/plugin-sdk";

export const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

const BUILD_MS = 60_000;

let built: Promise<void> | undefined;

/** Make `dist` what the sources say, once per test file. Files that start together build it once. */
export function ensureBuilt(): Promise<void> {
  return (built ??= build());
}

async function build(): Promise<void> {
  const name = createHash("sha256").update(root).digest("hex").slice(0, 16);
  const lock = await acquireLock(join(tmpdir(), `openclaw-build-${name}.lock`), { waitMs: BUILD_MS });
  try {
    await promisify(execFile)(process.execPath, [join(root, ".scripts", "build.mjs"), "--if-stale"], { cwd: root });
  } finally {
    lock.release();
  }
}
