import { hash, randomBytes } from "node:crypto";

const ID = /^[0-9a-f]{8}$/;
const FIRST_SIZE = 8;

/**
 * The ids that a new entry must not have: only those of the form that new ones have can be in the way. Four bytes each,
 * because there can be thousands of them for each of many files.
 */
export class TakenIds {
  #ids = new Uint32Array(FIRST_SIZE);
  #count = 0;

  add(id: string): void {
    if (!ID.test(id)) return;
    if (this.#count === this.#ids.length) this.#ids = grown(this.#ids);
    this.#ids[this.#count++] = Number.parseInt(id, 16);
  }

  /** 8 hexadecimal characters that are no entry's id yet. */
  fresh(): string {
    for (;;) {
      const bytes = randomBytes(4);
      const place = this.#ids.indexOf(bytes.readUInt32BE());
      // Behind the last one there are only noughts.
      if (place < 0 || place >= this.#count) return bytes.toString("hex");
    }
  }
}

/** Whoever appends something twice does so before this many others came. A file that goes on anew carries fewer along. */
const MAX_SOURCES = 512;

/** The entries of the newest sources. A source is known by 64 bits of its hash: twelve bytes for each. */
export class Sources {
  #names = new BigUint64Array(FIRST_SIZE);
  #ids = new Uint32Array(FIRST_SIZE);
  #count = 0;
  /** Entries that somebody else has written, under an id of another form. */
  readonly #others = new Map<bigint, string>();

  get(sourceId: string): string | undefined {
    const name = nameOf(sourceId);
    const place = this.#placeOf(name);
    if (place < 0) return undefined;
    return this.#others.get(name) ?? (this.#ids[place] as number).toString(16).padStart(8, "0");
  }

  set(sourceId: string, id: string): void {
    const name = nameOf(sourceId);
    const known = this.#placeOf(name);
    const place = known < 0 ? this.#next() : known;
    this.#names[place] = name;
    this.#ids[place] = ID.test(id) ? Number.parseInt(id, 16) : 0;
    if (ID.test(id)) this.#others.delete(name);
    else this.#others.set(name, id);
  }

  #placeOf(name: bigint): number {
    const place = this.#names.indexOf(name);
    return place < this.#count ? place : -1;
  }

  /** A free place, at last that of the oldest one. */
  #next(): number {
    const place = this.#count++ % MAX_SOURCES;
    if (place === this.#names.length) {
      this.#names = grown(this.#names);
      this.#ids = grown(this.#ids);
    }
    this.#others.delete(this.#names[place] as bigint);
    return place;
  }
}

function nameOf(sourceId: string): bigint {
  return hash("sha256", sourceId, "buffer").readBigUInt64LE();
}

function grown<T extends Uint32Array<ArrayBuffer> | BigUint64Array<ArrayBuffer>>(array: T): T {
  const larger = new (array.constructor as new (size: number) => T)(array.length * 2);
  // Both are of the same kind.
  (larger as Uint32Array).set(array as Uint32Array);
  return larger;
}
