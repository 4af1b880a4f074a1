import { styleText } from "node:util";
import { LEVELS } from "openclaw/plugin-sdk";
import type { Level } from "openclaw/plugin-sdk";

/** A line of the log; without a level it is none of ours. */
export interface LogRecord {
  readonly raw: string;
  readonly time?: string;
  readonly level?: Level;
  readonly subsystem?: string;
  readonly message: string;
}

/** Reads our own lines, and those of the established viewer's form (state.md §8). */
export function parseLine(raw: string): LogRecord {
  try {
    const record = JSON.parse(raw) as Record<string, unknown>;
    const meta = (record["_meta"] ?? {}) as Record<string, unknown>;
    const name = String(record["level"] ?? meta["logLevelName"]).toLowerCase();
    const level = LEVELS.find((known) => known === name);
    const subsystem = record["subsystem"] ?? subsystemOf(record["0"]);
    const time = record["time"] ?? meta["date"];
    return {
      raw,
      ...(typeof time === "string" && { time }),
      ...(level && { level }),
      ...(typeof subsystem === "string" && { subsystem }),
      message: String(record["msg"] ?? record["1"] ?? record["0"] ?? raw),
    };
  } catch {
    return { raw, message: raw };
  }
}

function subsystemOf(field: unknown): unknown {
  try {
    return (JSON.parse(String(field)) as { subsystem?: unknown }).subsystem;
  } catch {
    // The older form without one: the field is the text itself.
    return undefined;
  }
}

const COLOURS: Partial<Record<Level, "red" | "yellow" | "dim">> = {
  fatal: "red",
  error: "red",
  warn: "yellow",
  debug: "dim",
  trace: "dim",
};

/** One line for people. `styleText` leaves colours out where the output is no terminal. */
export function lineText({ time, level, subsystem, message }: LogRecord, isPlain: boolean): string {
  const text = [time, level?.padEnd(5), subsystem && `[${subsystem}]`, clean(message)].filter(Boolean).join(" ");
  const colour = level && COLOURS[level];
  return isPlain || !colour ? text : styleText(colour, text, { stream: process.stdout });
}

/** One line of the stream that `--json` prints. */
export function lineJson({ raw, time, level, subsystem, message }: LogRecord): object {
  return level ? { type: "log", time, level, subsystem, message, raw } : { type: "raw", line: raw };
}

/** No control or bidirectional-override characters on a terminal (security.md S-45). */
function clean(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, "\uFFFD");
}
