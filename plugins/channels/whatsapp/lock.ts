import { join } from "node:path";
import { acquireLock, ChannelError, LockedError } from "openclaw/plugin-sdk";
import type { FileLock } from "openclaw/plugin-sdk";

const WAIT_MS = 1_500;

/** Two programs on one session break its keys: the folder belongs to one at a time. */
export async function takeLock(directory: string, signal: AbortSignal): Promise<FileLock> {
  try {
    return await acquireLock(join(directory, "openclaw.lock"), { waitMs: WAIT_MS, signal });
  } catch (cause) {
    if (!(cause instanceof LockedError)) throw cause;
    throw new ChannelError(
      "conflict",
      `the WhatsApp credentials in ${directory} are in use by process ${cause.pid ?? "unknown"}`,
      { fix: "stop the other gateway, or give this account a folder of its own with authDir", cause },
    );
  }
}
