import { constants, fstatSync, openSync, readSync, closeSync } from "node:fs";
import { readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { appendLine, tightenMode, writeFileAtomic } from "openclaw/plugin-sdk";
import { isFields } from "../job/fields.ts";
import { isJobId } from "../job/job.ts";
import type { RunStatus } from "../job/job.ts";

/** One line of a job's log: the end of one run (cron.md §4). */
export interface CronRunLogEntry {
  readonly ts: number;
  readonly jobId: string;
  readonly action: "finished";
  readonly status: RunStatus;
  readonly error?: string;
  readonly summary?: string;
  readonly sessionId?: string;
  readonly sessionKey?: string;
  readonly runAtMs?: number;
  readonly durationMs?: number;
  readonly nextRunAtMs?: number;
  readonly delivered?: boolean;
  readonly note?: string;
  readonly trigger?: "schedule" | "manual" | "catchup";
}

export interface RunLogLimits {
  readonly maxBytes: number;
  readonly keepLines: number;
}

export const RUN_LOG_LIMITS: RunLogLimits = { maxBytes: 2_000_000, keepLines: 2_000 };
const DEFAULT_ENTRIES = 200;
const MAX_ENTRIES = 5_000;
const SUFFIX = ".jsonl";
/** A log is kept so long after its job is gone. */
const KEPT_MS = 30 * 86_400_000;

/** Appends, one after the other per file; a file that is too large loses its oldest lines. */
export class RunLogs {
  readonly #directory: string;
  /** The last append to each file. */
  readonly #tails = new Map<string, Promise<void>>();

  constructor(directory: string) {
    this.#directory = directory;
  }

  pathOf(jobId: string): string {
    if (!isJobId(jobId)) throw new Error(`"${jobId}" is no id of a job`);
    return join(this.#directory, `${jobId}${SUFFIX}`);
  }

  append(entry: CronRunLogEntry, limits: RunLogLimits): Promise<void> {
    const path = this.pathOf(entry.jobId);
    const before = this.#tails.get(path) ?? Promise.resolve();
    const tail = before
      .catch(() => undefined)
      .then(() => appendCronRunLog(path, entry, limits))
      .finally(() => {
        if (this.#tails.get(path) === tail) this.#tails.delete(path);
      });
    this.#tails.set(path, tail);
    return tail;
  }

  read(jobId: string, limit?: number): Promise<CronRunLogEntry[]> {
    return readCronRunLogEntries(this.pathOf(jobId), { jobId, ...(limit !== undefined && { limit }) });
  }

  /** Removes the logs of jobs that are long gone. */
  async sweep(isJob: (id: string) => boolean, now: number): Promise<void> {
    const names = await readdir(this.#directory).catch(() => []);
    for (const name of names) {
      const path = join(this.#directory, name);
      if (!name.endsWith(SUFFIX)) continue;
      tightenMode(path, 0o600);
      if (isJob(name.slice(0, -SUFFIX.length))) continue;
      const info = await stat(path).catch(() => undefined);
      if (info && now - info.mtimeMs > KEPT_MS) await rm(path, { force: true });
    }
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#tails.values());
  }
}

/** One whole line. A torn last line, which a full disk can leave, is ended first. */
export async function appendCronRunLog(path: string, entry: CronRunLogEntry, limits: RunLogLimits): Promise<void> {
  if (!endsWithBreak(path)) appendLine(path, "");
  appendLine(path, JSON.stringify(entry));
  const { size } = await stat(path);
  if (size <= limits.maxBytes) return;
  const lines = (await readFile(path, "utf8")).split("\n").filter((line) => line !== "");
  const kept: string[] = [];
  let bytes = 0;
  for (const line of lines.slice(-limits.keepLines).toReversed()) {
    bytes += Buffer.byteLength(line) + 1;
    // With room for some more, or the next append would do it all again.
    if (bytes > limits.maxBytes * 0.75 && kept.length > 0) break;
    kept.push(line);
  }
  await writeFileAtomic(path, `${kept.toReversed().join("\n")}\n`, { fsync: false });
}

/** The newest `limit` entries, oldest of them first. Lines that cannot be read are left out; so is what is not of `jobId`. */
export async function readCronRunLogEntries(
  path: string,
  { limit = DEFAULT_ENTRIES, jobId }: { readonly limit?: number; readonly jobId?: string } = {},
): Promise<CronRunLogEntry[]> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
  const most = Math.min(MAX_ENTRIES, Math.max(1, limit));
  const entries: CronRunLogEntry[] = [];
  const lines = text.split("\n");
  for (let index = lines.length - 1; index >= 0 && entries.length < most; index--) {
    const entry = entryOf(lines[index] as string);
    if (entry && (jobId === undefined || entry.jobId === jobId)) entries.push(entry);
  }
  return entries.toReversed();
}

function entryOf(line: string): CronRunLogEntry | undefined {
  if (line === "") return undefined;
  try {
    const value: unknown = JSON.parse(line);
    const isEntry = isFields(value) && value["action"] === "finished" && typeof value["jobId"] === "string";
    // Lines of other kinds are of a later version.
    return isEntry && typeof value["ts"] === "number" ? (value as unknown as CronRunLogEntry) : undefined;
  } catch {
    // Torn by a crash.
    return undefined;
  }
}

function endsWithBreak(path: string): boolean {
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
  } catch {
    // Not there yet, or refused when it is appended to.
    return true;
  }
  try {
    const { size } = fstatSync(file);
    const last = Buffer.alloc(1);
    return size === 0 || (readSync(file, last, 0, 1, size - 1) === 1 && last[0] === 0x0a);
  } finally {
    closeSync(file);
  }
}
