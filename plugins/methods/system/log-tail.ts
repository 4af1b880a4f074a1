import { open } from "node:fs/promises";
import { GatewayError } from "openclaw/plugin-sdk";

export interface TailParams {
  /** Byte offset to go on from, as an earlier answer gave it. */
  readonly cursor?: number;
  readonly limit?: number;
  readonly maxBytes?: number;
}

export interface Tail {
  readonly file: string;
  /** Size of the file, in bytes: where the next call goes on. */
  readonly cursor: number;
  readonly size: number;
  readonly lines: readonly string[];
  /** Not everything between the cursor and now fitted. */
  readonly truncated?: boolean;
  /** The cursor was of no use: the file is another one, or too much was missed. */
  readonly reset?: boolean;
}

const LIMIT = 500;
const MAX_BYTES = 250_000;

/** The newest lines of the log, or those after a cursor (protocol.md §9.12). */
export async function tailLog(
  file: string | undefined,
  { cursor, limit = LIMIT, maxBytes = MAX_BYTES }: TailParams,
): Promise<Tail> {
  if (file === undefined) throw new GatewayError("UNAVAILABLE", "this gateway writes no log file");
  const handle = await open(file, "r").catch((cause: unknown) => {
    throw new GatewayError("UNAVAILABLE", `cannot read log ${file}`, { cause });
  });
  try {
    const { size } = await handle.stat();
    const lost = cursor !== undefined && (cursor > size || size - cursor > maxBytes);
    const start = cursor === undefined || lost ? Math.max(0, size - maxBytes) : cursor;
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - start), 0, size - start, start);
    const rows = buffer.toString("utf8", 0, bytesRead).split("\n").filter(Boolean);
    // The cut may have gone through a line.
    if (start > 0 && (cursor === undefined || lost)) rows.shift();
    const lines = rows.slice(-limit).map(established);
    return {
      file,
      cursor: size,
      size,
      lines,
      ...(rows.length > limit && { truncated: true }),
      ...(lost && { reset: true }),
    };
  } finally {
    await handle.close();
  }
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
