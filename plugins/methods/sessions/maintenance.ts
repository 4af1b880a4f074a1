import { lstat, readdir, rename, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { setImmediate } from "node:timers/promises";
import type { Logger, Session, Settings } from "openclaw/plugin-sdk";
import { PART } from "./entry.ts";
import type { SessionIndex } from "./session-index.ts";
import { timeStamp } from "./transcript-archive.ts";
import { isMissing } from "./transcript-failure.ts";
import type { Transcripts } from "./transcripts.ts";

interface MaintenanceConfig {
  readonly mode?: "enforce" | "warn";
  readonly pruneAfter?: string | number;
  readonly maxEntries?: number;
  readonly ephemeralAfter?: string | number;
  readonly maxEphemeral?: number;
  readonly transcriptArchiveAfter?: string | number;
  readonly maxDiskBytes?: number;
}

export interface MaintenanceParts {
  readonly index: SessionIndex;
  readonly transcripts: Transcripts;
  readonly settings: Settings;
  readonly log: Logger;
  readonly isMain: (key: string) => boolean;
  readonly isRunning: (key: string) => boolean;
  /** Folders of transcripts. */
  readonly directories: () => readonly string[];
}

export interface CleanupReport {
  readonly mode: "enforce" | "warn";
  readonly removed: { readonly sessions: number; readonly archives: number; readonly orphans: number };
  /** Bytes of everything that is left. */
  readonly bytes: number;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: HOUR_MS,
  d: DAY_MS,
  w: 7 * DAY_MS,
};
/** Sessions of one call or one piece of work. */
const EPHEMERAL = /^(?:cron:.+:run:.+|openai:|openresponses:|subagent:|hook:[0-9a-f]{8}-)/s;
const ARCHIVE = /\.(?:deleted|bak)[.-]\d{4}-\d\d-\d\dT[\d-]+(?:\.\d+)?Z(?:-[0-9a-f]+)?$/;

/** Removes sessions and files that nobody comes back to (sessions.md §7). With `warn` it only counts them. */
export async function cleanUp(parts: MaintenanceParts, asked?: "enforce" | "warn"): Promise<CleanupReport> {
  const config = parts.settings.get<MaintenanceConfig>("session.maintenance") ?? {};
  const mode = asked ?? config.mode ?? "enforce";
  const isReal = mode === "enforce";
  const { victims, files } = await choose(parts, config);
  if (isReal) {
    for (const session of victims) {
      // Whoever has begun to work in it since then keeps it.
      if (parts.isRunning(session.key)) continue;
      await parts.index.remove(session.key);
      await parts.transcripts.archive(session);
    }
  }
  const swept = await sweep(parts, config, files, isReal);
  const report = { mode, removed: { sessions: victims.length, ...swept.removed }, bytes: swept.bytes };
  const { sessions, archives, orphans } = report.removed;
  const verb = isReal ? "removed" : "would remove";
  const found = `${sessions} entries, ${archives} archives, ${orphans} transcripts of no session`;
  // Every half an hour nothing to do is no news.
  parts.log[sessions + archives + orphans > 0 ? "info" : "debug"](`sessions: ${verb} ${found}`);
  return report;
}

interface Choice {
  readonly victims: readonly Session[];
  /** Transcripts that belong to an entry. */
  readonly files: ReadonlySet<string>;
}

async function choose(parts: MaintenanceParts, config: MaintenanceConfig): Promise<Choice> {
  const now = Date.now();
  const pruneBefore = now - durationMs(config.pruneAfter, 30 * DAY_MS);
  const ephemeralBefore = now - durationMs(config.ephemeralAfter, DAY_MS);
  const { maxEntries = 5_000, maxEphemeral = 200 } = config;
  const files = new Set<string>();
  const ephemeral: Session[] = [];
  const old: Session[] = [];
  let count = 0;
  for await (const page of parts.index.pages()) {
    for (const session of page) {
      count++;
      files.add(parts.transcripts.pathOf(session));
      const { key, entry } = session;
      const isKept = parts.isMain(key) || parts.isRunning(key) || (entry.label ?? "") !== "";
      if (isKept) continue;
      const isShort = entry["ephemeral"] === true || EPHEMERAL.test(key.replace(/^agent:[^:]+:/, ""));
      if (isShort) ephemeral.push(session);
      else if (entry.updatedAt < pruneBefore) old.push(session);
    }
    await setImmediate();
  }
  const byAge = (sessions: readonly Session[]) => sessions.toSorted((a, b) => a.entry.updatedAt - b.entry.updatedAt);
  const victims = new Set(byAge(ephemeral).slice(0, Math.max(0, ephemeral.length - maxEphemeral)));
  for (const session of ephemeral) if (session.entry.updatedAt < ephemeralBefore) victims.add(session);
  for (const session of old) victims.add(session);
  // Above the limit the rest of the short ones go too; conversations stay, however many there are.
  for (const session of byAge(ephemeral)) {
    if (count - victims.size <= maxEntries) break;
    victims.add(session);
  }
  return { victims: [...victims], files };
}

async function sweep(
  parts: MaintenanceParts,
  config: MaintenanceConfig,
  files: ReadonlySet<string>,
  isReal: boolean,
): Promise<{ removed: { archives: number; orphans: number }; bytes: number }> {
  const now = Date.now();
  const archivedBefore = now - durationMs(config.transcriptArchiveAfter, 30 * DAY_MS);
  const orphanBefore = now - durationMs(config.pruneAfter, 30 * DAY_MS);
  const removed = { archives: 0, orphans: 0 };
  const archives: { path: string; at: number; size: number }[] = [];
  let bytes = 0;
  const drop = async (path: string) => {
    if (isReal) await rm(path, { force: true });
    removed.archives++;
  };
  for (const directory of parts.directories()) {
    for (const name of await namesIn(directory)) {
      const path = join(directory, name);
      const info = await lstat(path).catch(() => undefined);
      if (!info?.isFile()) continue;
      const at = archivedAt(name);
      if (at !== undefined && at < archivedBefore) {
        await drop(path);
        continue;
      }
      bytes += info.size;
      if (at !== undefined) archives.push({ path, at, size: info.size });
      else if (name.endsWith(".jsonl") && info.mtimeMs < orphanBefore && !files.has(ownerOf(path))) {
        if (isReal) await rename(path, `${path}.deleted.${timeStamp(now)}`);
        removed.orphans++;
      }
    }
    await setImmediate();
  }
  const { maxDiskBytes = Number.POSITIVE_INFINITY } = config;
  for (const { path, size } of archives.toSorted((a, b) => a.at - b.at)) {
    if (bytes <= maxDiskBytes) break;
    await drop(path);
    bytes -= size;
  }
  if (bytes > maxDiskBytes) parts.log.warn(`sessions take ${bytes} bytes, more than session.maintenance.maxDiskBytes`);
  return { removed, bytes };
}

/** The transcript that a file is or is an older part of. */
function ownerOf(path: string): string {
  const name = basename(path);
  return join(path, "..", PART.test(name) ? `${name.replace(PART, "")}.jsonl` : name);
}

/** When a file was put aside, by its name; nothing for one that is in use. */
function archivedAt(name: string): number | undefined {
  const stamp = ARCHIVE.exec(name)?.[0];
  if (stamp === undefined) return undefined;
  const [, day = "", time = ""] = /(\d{4}-\d\d-\d\d)T([\d-]+(?:\.\d+)?Z)/.exec(stamp) ?? [];
  const at = Date.parse(`${day}T${time.replaceAll("-", ":")}`);
  return Number.isFinite(at) ? at : undefined;
}

function durationMs(given: string | number | undefined, fallback: number): number {
  if (typeof given === "number") return given >= 0 ? given : fallback;
  const [, count, unit = "ms"] = /^\s*(\d+(?:\.\d+)?)\s*(ms|s|m|h|d|w)?\s*$/i.exec(given ?? "") ?? [];
  return count === undefined ? fallback : Number(count) * (UNITS[unit.toLowerCase()] as number);
}

async function namesIn(directory: string): Promise<string[]> {
  return readdir(directory).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
}
