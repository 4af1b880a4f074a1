import { rename } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { isErrno } from "./errno.ts";

export interface RenameOptions {
  readonly platform?: NodeJS.Platform;
  readonly rename?: (from: string, to: string) => Promise<void>;
}

/** How long a busy target is waited for on Windows (state.md section 2). */
const RETRY_MS = 2000;

/** Renames a file over another in one step. On Windows, where a reader or scanner can hold the target, it tries for 2 s. */
export async function renameOver(from: string, to: string, options: RenameOptions = {}): Promise<void> {
  const { platform = process.platform, rename: attempt = rename } = options;
  const deadline = performance.now() + RETRY_MS;
  for (;;) {
    try {
      return await attempt(from, to);
    } catch (error) {
      const isBusy = platform === "win32" && isErrno(error, "EPERM", "EBUSY", "EACCES");
      if (!isBusy || performance.now() >= deadline) throw error;
    }
    // uneven, so that two writers do not keep meeting
    await delay(10 + Math.random() * 40);
  }
}
