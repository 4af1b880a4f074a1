import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { writeFileAtomic } from "openclaw/plugin-sdk";
import type { GatewayApi, PluginGateway, RestartNote, RestartRequest, ScheduledRestart } from "openclaw/plugin-sdk";

const FILE = "restart-sentinel.json";
const DELAY_MS = 2_000;
const MAX_DELAY_MS = 60_000;
/** An older note is about a restart that nobody waits for any more (state.md §10). */
const KEPT_MS = 3_600_000;
const MAX_BYTES = 65_536;

/** Write down why, then restart. What has been written before by others who asked is replaced: one restart, one note. */
export async function restartWithNote(
  { kind, reason, delayMs = DELAY_MS, sessionKey, message, stats }: RestartRequest,
  gateway: PluginGateway,
  kernel: GatewayApi,
): Promise<ScheduledRestart> {
  const path = join(gateway.paths.stateDir, FILE);
  const payload: RestartNote = {
    kind,
    status: "ok",
    ts: Date.now(),
    ...(sessionKey !== undefined && { sessionKey }),
    message: message ?? null,
    doctorHint: "Run: openclaw doctor --non-interactive",
    stats,
  };
  await writeFileAtomic(path, `${JSON.stringify({ version: 1, payload }, null, 2)}\n`);
  const delay = Math.min(delayMs, MAX_DELAY_MS);
  kernel.restart(reason, delay);
  return {
    restart: { ok: true, pid: process.pid, signal: "SIGUSR1", delayMs: delay, reason, mode: "emit" },
    sentinel: { path, payload },
  };
}

/** The note that the run before left, taken away. Undefined when there is none, or none that is of use. */
export async function takeNote(gateway: PluginGateway): Promise<RestartNote | undefined> {
  const path = join(gateway.paths.stateDir, FILE);
  const text = await readFile(path, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  await rm(path, { force: true });
  const note = text.length <= MAX_BYTES ? parsed(text) : undefined;
  if (!note) gateway.log.warn(`${FILE} is not readable and was removed`);
  return note && Date.now() - note.ts <= KEPT_MS ? note : undefined;
}

function parsed(text: string): RestartNote | undefined {
  try {
    const { payload } = JSON.parse(text) as { payload?: Partial<RestartNote> | null };
    const isNote = typeof payload?.kind === "string" && typeof payload.ts === "number";
    return isNote ? (payload as RestartNote) : undefined;
  } catch {
    // Cut off by a crash: said by the caller.
    return undefined;
  }
}
