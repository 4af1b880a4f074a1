import {
  appendFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { dirname, join, relative } from "node:path";
import { styleText } from "node:util";
import { errorText } from "./error.ts";
import { LEVELS } from "./log.ts";
import type { Level, Logger } from "./log.ts";
import { terminalText } from "./terminal-text.ts";

export type ConsoleStyle = "pretty" | "compact" | "json";

export interface LogWriterOptions {
  /** Directory of the daily files; without one nothing is written to disk. */
  readonly directory: string | undefined;
  /** A file of its own instead; `YYYY-MM-DD` in it stands for the day. */
  readonly file?: string | undefined;
  readonly level: Level;
  readonly consoleLevel: Level;
  readonly consoleStyle: ConsoleStyle;
  readonly maxFileBytes: number;
  readonly keepDays: number;
}

const MAX_RECORD_BYTES = 65_536;
const MASK = "***";
const MIN_SECRET_LENGTH = 6;
/** Of one day, the newest among them (reliability.md §9). */
const MAX_FILES = 10;

/** JSON lines to one file a day and readable lines to the console. Never fails the gateway. */
export class LogWriter {
  #options: LogWriterOptions;
  #secrets: readonly string[] = [];
  #day = "";
  #file: string | undefined;
  #bytes = 0;
  #dropped = 0;
  readonly #holds = new Set<symbol>();
  #held = 0;

  constructor(options: LogWriterOptions) {
    this.#options = options;
  }

  /** Today's file. */
  get file(): string | undefined {
    return this.#file ?? this.#pathOf(localDay(new Date()));
  }

  configure(options: LogWriterOptions): void {
    this.#options = options;
    this.#day = "";
    this.#file = undefined;
  }

  /** Values that must not appear in any sink (security.md S-52). */
  set secrets(values: Iterable<string>) {
    // Records are JSON, which writes some characters in another way.
    const forms = [...values].flatMap((value) => [value, JSON.stringify(value).slice(1, -1)]);
    this.#secrets = [...new Set(forms)]
      .filter((form) => form.length >= MIN_SECRET_LENGTH)
      .toSorted((a, b) => b.length - a.length);
  }

  /** `text` with every known secret replaced. */
  mask(text: string): string {
    let masked = text;
    for (const secret of this.#secrets) if (masked.includes(secret)) masked = masked.replaceAll(secret, MASK);
    return masked;
  }

  /**
   * Leave out what is below `info` until the returned function is called. The first line that is left out says so once,
   * and one line how many it were when the last hold is let go.
   */
  holdDebug(): () => void {
    const hold = Symbol("hold");
    this.#holds.add(hold);
    return () => {
      if (!this.#holds.delete(hold) || this.#holds.size > 0 || this.#held === 0) return;
      const held = this.#held;
      this.#held = 0;
      this.write("info", "log", `debug lines are written again; ${held} were left out`);
    };
  }

  logger(subsystem: string): Logger {
    const at = (level: Level) => (message: string, fields?: object) =>
      this.write(level, subsystem, errorText(message), fields ?? {});
    return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
  }

  write(level: Level, subsystem: string, message: string, fields: object = {}): void {
    const { level: fileLevel, consoleLevel, consoleStyle } = this.#options;
    const toFile = rank(level) <= rank(fileLevel);
    const toConsole = rank(level) <= rank(consoleLevel);
    if (!toFile && !toConsole) return;
    if (this.#holds.size > 0 && rank(level) > rank("info")) {
      if (this.#held++ === 0) this.write("warn", "log", "debug lines are left out until the disk has room again");
      return;
    }
    const now = new Date();
    const record = { time: now.toISOString(), level, subsystem, msg: this.mask(message), pid: process.pid };
    const line = cut(this.mask(json(record, fields)), record);
    if (toFile) this.#append(now, line);
    if (toConsole)
      this.#print(level, consoleStyle === "json" ? line : this.#readable(level, subsystem, record.msg, fields));
  }

  #readable(level: Level, subsystem: string, message: string, fields: object): string {
    const { consoleStyle } = this.#options;
    const text = terminalText(message).replaceAll("\n", "\\n");
    const error = (fields as { err?: unknown }).err;
    const stack =
      rank(this.#options.consoleLevel) >= rank("debug") && error instanceof Error
        ? `\n${terminalText(this.mask(error.stack ?? ""))}`
        : "";
    if (consoleStyle === "compact") return `[${subsystem}] ${text}${stack}`;
    const colour = level === "error" || level === "fatal" ? "red" : level === "warn" ? "yellow" : "dim";
    return `${styleText("cyan", `[${subsystem}]`)} ${level === "info" ? text : styleText(colour, text)}${stack}`;
  }

  #print(level: Level, line: string): void {
    const stream = rank(level) <= rank("warn") ? process.stderr : process.stdout;
    stream.write(`${line}\n`);
  }

  #append(now: Date, line: string): void {
    try {
      this.#rotate(localDay(now));
      if (!this.#file) return;
      appendFileSync(this.#file, `${line}\n`, { mode: 0o600 });
      this.#bytes += Buffer.byteLength(line) + 1;
    } catch {
      // A log that cannot be written must not stop the gateway; the loss is told once writing works again.
      this.#dropped++;
      return;
    }
    if (this.#dropped === 0) return;
    const lost = this.#dropped;
    this.#dropped = 0;
    this.write("warn", "log", `${lost} log lines were lost`);
  }

  #pathOf(day: string): string | undefined {
    const { directory, file } = this.#options;
    return file ? file.replace("YYYY-MM-DD", day) : directory && join(directory, `openclaw-${day}.log`);
  }

  #rotate(day: string): void {
    const { directory, file, maxFileBytes, keepDays } = this.#options;
    if (day === this.#day && this.#bytes < maxFileBytes) return;
    const path = this.#pathOf(day);
    if (!path) return;
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    this.#bytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    if (this.#bytes >= maxFileBytes) {
      shift(path);
      this.#bytes = 0;
    }
    if (day !== this.#day && directory && !file) {
      link(path, directory);
      prune(directory, keepDays);
    }
    this.#day = day;
    this.#file = path;
  }
}

function rank(level: Level): number {
  return LEVELS.indexOf(level);
}

/** Host-local date, chosen per record so that midnight is exact (state.md §8). */
function localDay(date: Date): string {
  const two = (n: number) => String(n).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** Plugins log anything: what JSON cannot hold costs the fields, never the line. */
function json(record: object, fields: object): string {
  try {
    return JSON.stringify({ ...record, ...flatten(fields) });
  } catch {
    return JSON.stringify({ ...record, fields: "not JSON" });
  }
}

function flatten(fields: object): object {
  const { err, ...rest } = fields as { err?: unknown };
  if (!(err instanceof Error)) return fields;
  return {
    ...rest,
    err: { name: err.name, message: err.message, code: (err as { code?: string }).code, stack: err.stack },
  };
}

function cut(line: string, record: { time: string; level: string; subsystem: string; msg: string }): string {
  if (line.length <= MAX_RECORD_BYTES) return line;
  const { time, level, subsystem, msg } = record;
  return JSON.stringify({ time, level, subsystem, msg: msg.slice(0, MAX_RECORD_BYTES / 2), truncated: true });
}

/** `x.log` becomes `x.1.log`, older ones move up, and the oldest goes when there are too many. */
function shift(path: string): void {
  const numbered = (n: number) => path.replace(/(\.log)?$/, `.${n}$1`);
  let last = 1;
  while (last < MAX_FILES - 1 && existsSync(numbered(last))) last++;
  for (let n = last; n > 1; n--) renameSync(numbered(n - 1), numbered(n));
  renameSync(path, numbered(1));
}

/** The seeds look for today's file in the state directory itself (state.md §8). */
function link(path: string, directory: string): void {
  const name = join(dirname(directory), path.slice(directory.length + 1));
  if (lstatSync(name, { throwIfNoEntry: false })) return;
  try {
    symlinkSync(relative(dirname(name), path), name);
  } catch {
    // A file system without links: the log itself is there.
  }
}

function prune(directory: string, keepDays: number): void {
  const oldest = Date.now() - keepDays * 86_400_000;
  for (const folder of [directory, dirname(directory)]) {
    for (const name of readdirSync(folder)) {
      const day = /^openclaw-(\d{4}-\d{2}-\d{2})(\.\d+)?\.log$/.exec(name)?.[1];
      if (day && Date.parse(day) < oldest) rmSync(join(folder, name), { force: true });
    }
  }
}
