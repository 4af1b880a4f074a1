import { existsSync } from "node:fs";
import { join } from "node:path";
import { acquireLock, CliError, defineCommand, LockedError } from "openclaw/plugin-sdk";
import type { CliContext } from "openclaw/plugin-sdk";
import { compact } from "../compact.ts";
import { openDatabase } from "../database.ts";
import { FILE_NAME } from "../file-name.ts";
import { sizeText } from "./size.ts";

/** `openclaw store compact`: the running gateway does it itself; without one this process has the file for itself. */
export default defineCommand({
  anyConfig: true,
  async run(context) {
    const reclaimedBytes = await (context.gateway.running ? askGateway(context) : compactAlone(context));
    context.print({ ok: true, reclaimedBytes }, `Gave ${sizeText(reclaimedBytes)} back to the disk`);
  },
});

async function askGateway({ connect }: CliContext): Promise<number> {
  const client = await connect();
  try {
    return (await client.request<{ reclaimedBytes: number }>("store.compact", {})).reclaimedBytes;
  } finally {
    await client.close();
  }
}

async function compactAlone({ stateDir, note, tilde }: CliContext): Promise<number> {
  const file = join(stateDir, FILE_NAME);
  const lock = await acquireLock(join(stateDir, "gateway.lock"), { waitMs: 0 }).catch((error: unknown) => {
    if (!(error instanceof LockedError)) throw error;
    throw new CliError(`a gateway (pid ${error.pid}) is just starting or stopping; try again`, { exitCode: 75 });
  });
  try {
    if (!existsSync(file)) throw new CliError(`${tilde(file)} does not exist yet; there is nothing to compact`);
    const log = { debug: () => undefined, info: note, warn: note, error: note };
    const { database, refusal } = openDatabase({ file, log });
    try {
      if (refusal !== undefined) throw new CliError(refusal);
      return compact(database, file);
    } finally {
      database.close();
    }
  } finally {
    lock.release();
  }
}
