import { rm } from "node:fs/promises";
import type { SessionsApi, Settings } from "openclaw/plugin-sdk";
import { sandboxSettings } from "openclaw/plugin-sdk/workspace";
import type { Sandboxes } from "./sandboxes.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * Remove containers that nobody has used for long, or that are old, and the folders of sessions that are no more. What
 * runs a command stays. Resolves with the names of the containers that went.
 */
export async function prune(
  { containers, records }: Sandboxes,
  { settings, sessions, now = Date.now() }: { settings: Settings; sessions: SessionsApi; now?: number },
): Promise<string[]> {
  const [found, uses] = await Promise.all([containers.list(), records.uses()]);
  const gone: string[] = [];
  for (const { name, createdAtMs } of found) {
    const use = uses.get(name);
    const { idleHours, maxAgeDays } = sandboxSettings(settings, use?.agentId ?? "").prune;
    const isIdle = idleHours > 0 && now - (use?.usedAtMs ?? createdAtMs) > idleHours * HOUR_MS;
    const isOld = maxAgeDays > 0 && now - createdAtMs > maxAgeDays * DAY_MS;
    if ((isIdle || isOld) && (await containers.remove(name, { unlessUsed: true }))) gone.push(name);
  }
  const there = new Set(found.map(({ name }) => name));
  await records.forget([...gone, ...[...uses.keys()].filter((name) => !there.has(name))]);
  for (const { folder, sessionKey } of await records.folders()) {
    if (await sessions.get(sessionKey)) continue;
    // One that cannot be removed must not keep the others.
    if (await removed(folder)) await records.forgetFolder(folder);
  }
  return gone;
}

function removed(folder: string): Promise<boolean> {
  return rm(folder, { recursive: true, force: true }).then(
    () => true,
    () => false,
  );
}
