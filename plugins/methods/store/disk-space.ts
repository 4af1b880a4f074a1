import { statfs } from "node:fs/promises";
import type { Logger, StoreIntake } from "openclaw/plugin-sdk";

export interface SpaceLimits {
  /** Below this much room, people are warned. */
  readonly warnBytes: number;
  /** Below this much, nothing new is taken in. */
  readonly closeBytes: number;
}

export interface DiskSpaceOptions {
  readonly directory: string;
  readonly limits: () => SpaceLimits;
  readonly log: Logger;
  /** What is told of it has changed. */
  readonly changed: (intake: StoreIntake) => void;
  /** Bytes left for us; by default what the file system says. */
  readonly freeBytes?: () => Promise<number>;
}

type Level = "enough" | "little" | "closed";

/**
 * Watches the room left on the disk (reliability.md R-48). Intake closes before the disk is full, so that there is
 * room for the ends of what was taken in, and opens again by itself.
 */
export class DiskSpace {
  readonly #options: DiskSpaceOptions;
  #level: Level = "enough";
  #freeBytes: number | undefined;
  /** A write met a full disk, whatever the file system says: a quota, or another process was faster. */
  #isFull = false;
  #issue: string | undefined;

  constructor(options: DiskSpaceOptions) {
    this.#options = options;
  }

  get freeBytes(): number | undefined {
    return this.#freeBytes;
  }

  /** What to tell people, if anything. */
  get issue(): string | undefined {
    return this.#issue;
  }

  get intake(): StoreIntake {
    if (this.#level !== "closed") return { isOpen: true };
    return { isOpen: false, ...(this.#issue !== undefined && { reason: this.#issue }) };
  }

  /** Look again. Never rejects: where nobody can tell how much is left, the writes themselves have to. */
  async check(): Promise<void> {
    const { freeBytes = () => roomIn(this.#options.directory) } = this.#options;
    try {
      this.#freeBytes = await freeBytes();
    } catch {
      // Some network and test file systems do not tell.
      this.#freeBytes = undefined;
    }
    // Whether there is room again in spite of a quota, only the next write can say.
    this.#isFull = false;
    this.#judge();
  }

  /** A write has just met a full disk. Holds until the next check. */
  full(): void {
    this.#isFull = true;
    this.#judge();
  }

  #judge(): void {
    const { limits, changed, directory, log } = this.#options;
    const { warnBytes, closeBytes } = limits();
    const free = this.#freeBytes ?? Number.POSITIVE_INFINITY;
    const level: Level = this.#isFull || free < closeBytes ? "closed" : free < warnBytes ? "little" : "enough";
    const left = this.#isFull
      ? `the disk of ${directory} is full`
      : `${megabytes(free)} MB left on the disk of ${directory}`;
    const wasIntake = this.#level !== "closed";
    const isNews = level !== this.#level;
    this.#level = level;
    this.#issue =
      level === "closed"
        ? `no new messages are taken in: ${left}; free some space`
        : level === "little"
          ? `${left}; below ${megabytes(closeBytes)} MB no new messages are taken in`
          : undefined;
    if (!isNews) return;
    if (level === "closed") log.error(this.#issue as string);
    else if (level === "little") log.warn(this.#issue as string);
    else log.info(`there is enough room on the disk of ${directory} again`);
    if (wasIntake !== (level !== "closed")) changed(this.intake);
  }
}

async function roomIn(directory: string): Promise<number> {
  const { bavail, bsize } = await statfs(directory);
  return bavail * bsize;
}

function megabytes(bytes: number): number {
  return Math.floor(bytes / 1_000_000);
}
