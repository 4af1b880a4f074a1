import { open } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { GatewayError } from "openclaw/plugin-sdk";
import { filesSince, idOf } from "./log-files.ts";

export interface TailParams {
  /** Byte offset to go on from, as an earlier answer gave it. */
  readonly cursor?: number;
  /** The file that the cursor is for, as the same answer gave it: the reading then goes on exactly there. */
  readonly id?: string;
  readonly limit?: number;
  readonly maxBytes?: number;
}

export interface Tail {
  readonly file: string;
  /** Stays with the file when it is renamed. */
  readonly id: string;
  /** Where the next call goes on: behind the last whole line. */
  readonly cursor: number;
  readonly size: number;
  readonly lines: readonly string[];
  /** Not everything between the cursor and now fitted. */
  readonly truncated: boolean;
  /** The cursor was of no use: the file is another one, or too much was missed. */
  readonly reset: boolean;
}

const LIMIT = 500;
const MAX_BYTES = 250_000;
/** Whatever a reader allows: a line of the greatest length fits (state.md §8). */
const MIN_FOLLOW_BYTES = 262_144;

/**
 * The newest lines of the log, or those after a cursor (protocol.md §9.12). With the cursor's file told too, no line
 * is left out and none comes twice: not when the log is rotated, and not when more was written than fits one answer.
 */
export async function tailLog(file: string | undefined, params: TailParams): Promise<Tail> {
  if (file === undefined) throw new GatewayError("UNAVAILABLE", "this gateway writes no log file");
  const { id, cursor } = params;
  const continued = id === undefined || cursor === undefined ? undefined : await goOn(file, id, cursor, params);
  return continued ?? newest(file, params);
}

async function newest(path: string, { id, cursor, limit = LIMIT, maxBytes = MAX_BYTES }: TailParams): Promise<Tail> {
  await using log = await openLog(path);
  const { size } = log;
  const isLost = id !== undefined || (cursor !== undefined && (cursor > size || size - cursor > maxBytes));
  const from = cursor === undefined || isLost ? Math.max(0, size - maxBytes) : cursor;
  const { lines, end } = await readLines(log, from, maxBytes);
  // The cut may have gone through a line.
  const whole = from > 0 && (cursor === undefined || isLost) ? lines.slice(1) : lines;
  return {
    file: path,
    id: log.id,
    cursor: end,
    size,
    lines: whole.slice(-limit).map(({ text }) => established(text)),
    // Without a cursor nobody has missed what lies before.
    truncated: whole.length > limit || (cursor === undefined && from > 0),
    reset: isLost,
  };
}

/** What follows `cursor` in the file with `id` and in those after it, up to the limits; nothing when it is gone. */
async function goOn(path: string, id: string, cursor: number, params: TailParams): Promise<Tail | undefined> {
  const { limit = LIMIT, maxBytes = MAX_BYTES } = params;
  const files = await filesSince(path, id);
  const lines: string[] = [];
  let reached: Tail | undefined;
  let room = Math.max(maxBytes, MIN_FOLLOW_BYTES);
  for (const file of files) {
    await using log = await openLog(file.path).catch(() => undefined);
    // Renamed since it was listed: its new name is found on the next look.
    if (log?.id !== file.id) return reached ?? goOn(path, id, cursor, params);
    const from = log.id === id ? cursor : 0;
    // Emptied in place, by a tool that copies the log away.
    if (from > log.size) return undefined;
    const { lines: found, end } = await readLines(log, from, room);
    const taken = found.slice(0, limit - lines.length);
    const isAll = taken.length === found.length;
    lines.push(...taken.map(({ text }) => established(text)));
    const at = isAll ? end : (taken.at(-1)?.end ?? from);
    const isCut = !isAll || log.size - from > room;
    reached = { file: file.path, id: log.id, cursor: at, size: log.size, lines, truncated: isCut, reset: false };
    if (isCut) break;
    room -= end - from;
  }
  return reached;
}

interface OpenLog extends AsyncDisposable {
  readonly handle: FileHandle;
  readonly id: string;
  readonly size: number;
}

async function openLog(path: string): Promise<OpenLog> {
  const handle = await open(path, "r").catch((cause: unknown) => {
    throw new GatewayError("UNAVAILABLE", `cannot read log ${path}`, { cause });
  });
  const info = await handle.stat({ bigint: true });
  return { handle, id: idOf(info), size: Number(info.size), [Symbol.asyncDispose]: () => handle.close() };
}

interface Line {
  readonly text: string;
  /** Offset in the file behind its line break. */
  readonly end: number;
}

/** Whole lines from `from` on, of at most `maxBytes`; what is still being written waits. */
async function readLines(
  { handle, size }: OpenLog,
  from: number,
  maxBytes: number,
): Promise<{ lines: Line[]; end: number }> {
  const length = Math.min(size - from, maxBytes);
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, from);
  const lines: Line[] = [];
  let start = 0;
  for (let stop = buffer.indexOf(0x0a); stop >= 0 && stop < bytesRead; stop = buffer.indexOf(0x0a, start)) {
    if (stop > start) lines.push({ text: buffer.toString("utf8", start, stop), end: from + stop + 1 });
    start = stop + 1;
  }
  return { lines, end: from + start };
}

/** Established viewers read `0`, `1` and `_meta.logLevelName`; our own keys stay beside them. */
function established(line: string): string {
  try {
    const record = JSON.parse(line) as {
      time?: string;
      level?: string;
      subsystem?: string;
      msg?: string;
      _meta?: unknown;
    };
    if (record._meta !== undefined || record.msg === undefined) return line;
    const meta = { logLevelName: record.level?.toUpperCase(), date: record.time };
    return JSON.stringify({
      0: JSON.stringify({ subsystem: record.subsystem }),
      1: record.msg,
      _meta: meta,
      ...record,
    });
  } catch {
    // Not a record: shown as it is.
    return line;
  }
}
