import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { copyFile, open } from "node:fs/promises";
import { basename } from "node:path";
import { GatewayError, writeFileAtomic } from "openclaw/plugin-sdk";
import type { Logger } from "openclaw/plugin-sdk";
import { headerLine, parseEntry, TRANSCRIPT_VERSION } from "./entry.ts";
import type { Entry, Header } from "./entry.ts";
import { Sources, TakenIds } from "./known-entries.ts";
import { linesFromStart } from "./lines.ts";
import type { Line } from "./lines.ts";

/** What a writer has to know of a transcript. It stays in memory for many of them, so it is kept small. */
export interface Scan {
  /** Bytes of the file this was found in. */
  readonly size: number;
  /** The last entry, which the next one follows. */
  readonly leaf: string | null;
  /** How many entries there are. */
  readonly count: number;
  readonly ids: TakenIds;
  readonly sources: Sources;
}

export function emptyScan(): Scan {
  return { size: 0, leaf: null, count: 0, ids: new TakenIds(), sources: new Sources() };
}

/** Reads a whole transcript once, and repairs it when something is wrong. The original stays beside it. */
export async function scan(path: string, header: Header, log: Logger): Promise<Scan> {
  const check = new Check(path, header);
  await eachLine(path, (line) => check.keep(line));
  if (check.end().length === 0 && check.faults.size === 0) return check.found(check.size);

  const repair = new Check(path, header);
  const kept: Buffer[] = [];
  await eachLine(path, (line) => kept.push(...repair.keep(line)));
  kept.push(...repair.end());
  const backup = await copyAside(path);
  const whole = Buffer.concat(kept.flatMap((bytes) => [bytes, LINE_END]));
  await writeFileAtomic(path, whole);
  log.warn(`repaired transcript ${basename(path)}: ${[...repair.faults].join(", ")}; the original is ${backup}`);
  return repair.found(whole.length);
}

const LINE_END = Buffer.from("\n");

async function eachLine(path: string, visit: (line: Line) => void): Promise<void> {
  const file = await open(path, "r");
  try {
    for await (const line of linesFromStart(file)) visit(line);
  } finally {
    await file.close();
  }
}

/** Goes through the lines in order and says which to keep, and how. */
class Check {
  readonly faults = new Set<string>();
  size = 0;
  readonly #ids = new Set<string>();
  readonly #taken = new TakenIds();
  readonly #sources = new Sources();
  #leaf: string | null = null;
  readonly #path: string;
  readonly #header: Header;
  #hasHeader = false;

  constructor(path: string, header: Header) {
    this.#path = path;
    this.#header = header;
  }

  /** What is known of a file of this size now. */
  found(size: number): Scan {
    return { size, leaf: this.#leaf, count: this.#ids.size, ids: this.#taken, sources: this.#sources };
  }

  /** The lines to write for this one. */
  keep({ bytes, isComplete }: Line): Buffer[] {
    this.size += bytes.length + (isComplete ? LINE_END.length : 0);
    if (bytes.length === 0) return [];
    if (!isComplete) this.faults.add("the last line had no end");
    const entry = parseEntry(bytes);
    if (!entry) {
      this.faults.add("lines that could not be read were dropped");
      return [];
    }
    if (entry.type === "session") return this.#keepHeader(entry, bytes);
    return [...this.#missingHeader(), this.#keepEntry(entry, bytes)];
  }

  /** The lines to write after the last one. */
  end(): Buffer[] {
    return this.#missingHeader();
  }

  #keepHeader(entry: Entry, bytes: Buffer): Buffer[] {
    const version = typeof entry.version === "number" ? entry.version : 1;
    if (version > TRANSCRIPT_VERSION) {
      throw new GatewayError(
        "UNAVAILABLE",
        `transcript ${this.#path} has format ${version}, this version knows ${TRANSCRIPT_VERSION}; update openclaw`,
      );
    }
    this.#hasHeader = true;
    if (version === TRANSCRIPT_VERSION) return [bytes];
    this.faults.add(`it had format ${version}`);
    return [Buffer.from(JSON.stringify({ ...entry, version: TRANSCRIPT_VERSION }))];
  }

  #missingHeader(): Buffer[] {
    if (this.#hasHeader) return [];
    this.#hasHeader = true;
    this.faults.add("the first line was missing");
    return [Buffer.from(headerLine(this.#header))];
  }

  /** Every entry has an id and follows an entry that is there. */
  #keepEntry(entry: Entry, bytes: Buffer): Buffer {
    const id = typeof entry.id === "string" && entry.id !== "" ? entry.id : this.#taken.fresh();
    const follows = entry.parentId === null || (typeof entry.parentId === "string" && this.#ids.has(entry.parentId));
    const parentId = follows ? entry.parentId : this.#leaf;
    this.#ids.add(id);
    this.#taken.add(id);
    if (typeof entry.sourceId === "string") this.#sources.set(entry.sourceId, id);
    this.#leaf = id;
    if (id === entry.id && follows) return bytes;
    this.faults.add("entries were joined again");
    return Buffer.from(JSON.stringify({ ...entry, id, parentId }));
  }
}

/** Copies the file beside itself, over nothing. Resolves with the name of the copy. */
async function copyAside(path: string): Promise<string> {
  const stamp = new Date().toISOString().replaceAll(":", "-");
  const target = `${path}.bak-${stamp}-${randomBytes(2).toString("hex")}`;
  await copyFile(path, target, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
  return basename(target);
}
