import { copyFile, link, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { ensureDirectory, faultPoint, tightenMode, writeFileAtomic } from "openclaw/plugin-sdk";
import type { Logger } from "openclaw/plugin-sdk";
import type { Job } from "../job/job.ts";
import { readRecord, toRecord } from "../job/record.ts";
import type { BrokenRecord } from "../job/record.ts";
import { FutureStore, parseStore } from "./parse-store.ts";
import type { StoreContent } from "./parse-store.ts";

/** What a file holds: jobs, records that are none, and whatever stands beside them. */
export interface JobList {
  readonly jobs: ReadonlyMap<string, Job>;
  readonly broken: readonly BrokenRecord[];
  readonly extra: Readonly<Record<string, unknown>>;
}

export interface Opened {
  readonly list: JobList;
  /** What people have to know of it. */
  readonly issue?: string;
}

export const EMPTY_LIST: JobList = { jobs: new Map(), broken: [], extra: {} };

/** The file of the jobs: written whole and atomically, its last good copy beside it (cron.md §4, state.md §2). */
export class JobFile {
  readonly path: string;
  readonly #log: Logger;
  /** Which version of the file is known, by inode, time and size. */
  #known = "";
  /** A job object never changes, so its text is made once: writing a thousand costs little more than writing one. */
  readonly #texts = new WeakMap<object, string>();

  constructor(path: string, log: Logger) {
    this.path = path;
    this.#log = log;
  }

  get backup(): string {
    return `${this.path}.bak`;
  }

  /**
   * At the start. A file that cannot be read is put aside and its last good copy taken; without one this throws and the
   * file stays as it is.
   */
  async open(now: number): Promise<Opened> {
    const stamp = await this.#stamp();
    if (stamp === "") return { list: EMPTY_LIST };
    for (const path of [dirname(this.path), this.path, this.backup])
      tightenMode(path, path === dirname(this.path) ? 0o700 : 0o600);
    const text = await readFile(this.path, "utf8");
    try {
      const content = await parseStore(text);
      this.#known = stamp;
      const list = this.#listOf(content, now);
      return { list, ...problemsOf(list, this.path) };
    } catch (error) {
      if (error instanceof FutureStore)
        throw new Error(`${this.path} is left alone: ${error.message}`, { cause: error });
      return this.#recovered(error as Error, now);
    }
  }

  /** What somebody else has written since, or nothing when nobody has. Throws when it cannot be read. */
  async changed(now: number): Promise<JobList | undefined> {
    const stamp = await this.#stamp();
    if (stamp === this.#known) return undefined;
    if (stamp === "") {
      this.#known = stamp;
      return EMPTY_LIST;
    }
    const content = await parseStore(await readFile(this.path, "utf8"));
    this.#known = stamp;
    return this.#listOf(content, now);
  }

  async write({ jobs, broken, extra }: JobList): Promise<void> {
    const records = [...jobs.values()].map((job) => this.#textOf(job, () => toRecord(job)));
    for (const one of broken) records.push(this.#textOf(one, () => one.record));
    const head = Object.entries({ version: 1, ...extra }).map(
      ([key, value]) => `  ${JSON.stringify(key)}: ${indented(value, 1)}`,
    );
    const list = records.length === 0 ? "[]" : `[\n    ${records.join(",\n    ")}\n  ]`;
    const text = `{\n${[...head, `  "jobs": ${list}`].join(",\n")}\n}\n`;
    ensureDirectory(dirname(this.path));
    await this.#keepCopy();
    await writeFileAtomic(this.path, text);
    faultPoint("cron.jobs.written");
    this.#known = await this.#stamp();
  }

  #textOf(key: object, record: () => unknown): string {
    let text = this.#texts.get(key);
    if (text === undefined) {
      text = indented(record(), 2);
      this.#texts.set(key, text);
    }
    return text;
  }

  #listOf({ records, extra }: StoreContent, now: number): JobList {
    const jobs = new Map<string, Job>();
    const broken: BrokenRecord[] = [];
    for (const record of records) {
      const read = readRecord(record, now);
      if ("problem" in read) broken.push(read);
      else if (jobs.has(read.id)) broken.push({ record, problem: `its id ${read.id} is there twice` });
      else jobs.set(read.id, read);
    }
    return { jobs, broken, extra };
  }

  async #recovered(cause: Error, now: number): Promise<Opened> {
    let list: JobList;
    try {
      list = this.#listOf(await parseStore(await readFile(this.backup, "utf8")), now);
    } catch {
      // There is no copy, or none that is better: nothing may be written over what people can still mend.
      throw new Error(
        `${this.path} cannot be read (${cause.message}) and there is no good copy beside it; mend it or move it away, then restart`,
        { cause },
      );
    }
    const aside = `${this.path}.corrupt-${new Date(now).toISOString().replaceAll(":", "-")}`;
    await rename(this.path, aside);
    await this.write(list);
    const issue = `jobs.json could not be read (${cause.message}); it is kept as ${aside}, and its last good copy with ${list.jobs.size} jobs is used`;
    this.#log.error(issue);
    return { list, issue };
  }

  /** The file that is replaced becomes the copy. Another name for it costs no write. */
  async #keepCopy(): Promise<void> {
    if (this.#known === "") return;
    const temp = `${this.backup}.${process.pid}.0.tmp`;
    try {
      await rm(temp, { force: true });
      await link(this.path, temp).catch(() => copyFile(this.path, temp));
      await rename(temp, this.backup);
    } catch (error) {
      this.#log.warn("no copy of jobs.json could be kept", { err: error });
    }
  }

  async #stamp(): Promise<string> {
    const info = await stat(this.path, { bigint: true }).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return undefined;
      throw error;
    });
    return info ? `${info.ino}:${info.mtimeNs}:${info.size}` : "";
  }
}

function problemsOf({ broken }: JobList, path: string): { issue?: string } {
  const [first] = broken;
  if (!first) return {};
  const rest = broken.length > 1 ? ` and ${broken.length - 1} more` : "";
  return { issue: `a job of ${path} is left alone, ${first.problem}${rest}; it stays in the file` };
}

function indented(value: unknown, levels: number): string {
  return JSON.stringify(value, null, 2).replaceAll("\n", `\n${"  ".repeat(levels)}`);
}
