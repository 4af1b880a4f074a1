import JSON5 from "json5";

export type Path = readonly (string | number)[];

/** Half open: `text.slice(start, end)` is the thing itself. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface Scalar extends Span {
  readonly kind: "scalar";
}

export interface Container extends Span {
  readonly kind: "object" | "array";
  readonly entries: readonly Entry[];
}

export type Node = Scalar | Container;

/** A member of an object or an element of an array. `start` is where its key, or else its value, begins. */
export interface Entry {
  readonly start: number;
  readonly key: (Span & { readonly name: string }) | undefined;
  readonly value: Node;
  /** Where the comma after it stands; only a last entry may have none. */
  readonly comma: number | undefined;
}

/** Where everything is in a JSON5 text. Has no root when the text holds nothing but space and comments. */
export interface Document {
  readonly text: string;
  readonly root: Node | undefined;
  /** In order of appearance. */
  readonly comments: readonly Span[];
  /** Every object and array, outer before inner. */
  readonly containers: readonly Container[];
}

/** Something at a path. `parents` runs from the root to the container that holds it. */
export interface Found {
  readonly node: Node;
  readonly entry: Entry | undefined;
  readonly parents: readonly Container[];
}

/** Objects and arrays may nest this deep (config.md section 2.1). */
export const MAX_DEPTH = 64;

/** What JSON5 calls a line terminator. A pair of CR and LF is one break. */
export const LINE_BREAK = /\r\n|[\n\r\u2028\u2029]/;

/** A text that is not JSON5, or a change that the text cannot take. */
export class Json5TextError extends Error {
  /** 1-based; only when the error lies in the text. */
  readonly line: number | undefined;
  readonly column: number | undefined;

  constructor(message: string, options: { line?: number; column?: number; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "Json5TextError";
    this.line = options.line;
    this.column = options.column;
  }
}

/** Reads the layout of a text, or throws the first error in it with its position. */
export function scan(text: string): Document {
  const document = rescan(text);
  try {
    JSON5.parse(document.root ? text : `${text}\n{}`);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    // json5 adds the position to its errors but not to its types
    const { lineNumber: line, columnNumber: column } = error as { lineNumber?: number; columnNumber?: number };
    throw new Json5TextError(error.message, { ...(line && { line }), ...(column && { column }), cause: error });
  }
  return document;
}

/** `scan` for a text whose numbers, words and escapes are known to be right, such as our own edit of a scanned one. */
export function rescan(text: string): Document {
  return new Scanner(text).document();
}

/** The value at `path`. The last of several equal keys counts, as it does for every reader of the file. */
export function find(document: Document, path: Path): Found | undefined {
  if (!document.root) return undefined;
  let found: Found = { node: document.root, entry: undefined, parents: [] };
  for (const segment of path) {
    const { node, parents } = found;
    if (node.kind === "scalar") return undefined;
    const entry =
      node.kind === "object"
        ? node.entries.findLast((member) => member.key?.name === String(segment))
        : node.entries[arrayIndex(segment)];
    if (!entry) return undefined;
    found = { node: entry.value, entry, parents: [...parents, node] };
  }
  return found;
}

/** The index a path segment means in an array, -1 if it means none. `"0"` is as good as `0`: command lines send text. */
export function arrayIndex(segment: string | number): number {
  return /^(0|[1-9]\d{0,9})$/.test(String(segment)) ? Number(segment) : -1;
}

/** 1-based, in UTF-16 units as editors count them; a BOM takes no column. */
export function positionOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(text.startsWith("\uFEFF") ? 1 : 0, offset).split(LINE_BREAK);
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

/** Keys through which a merge or an assignment could reach a prototype are refused everywhere. */
export function isForbiddenKey(name: string): boolean {
  return name === "__proto__" || name === "constructor" || name === "prototype";
}

/** Strict about structure. What is inside a string, number or word is left to json5. */
class Scanner {
  readonly #text: string;
  readonly #comments: Span[] = [];
  readonly #containers: Container[] = [];
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): Document {
    this.#skip();
    const root = this.#at < this.#text.length ? this.#value(1) : undefined;
    this.#skip();
    if (this.#at < this.#text.length) this.#fail();
    return { text: this.#text, root, comments: this.#comments, containers: this.#containers };
  }

  #value(depth: number): Node {
    const opening = this.#text[this.#at];
    if (opening === "{" || opening === "[") return this.#container(opening === "{" ? "object" : "array", depth);
    return { kind: "scalar", ...this.#token() };
  }

  #container(kind: "object" | "array", depth: number): Container {
    const start = this.#at++;
    if (depth > MAX_DEPTH) this.#fail(`nested deeper than ${MAX_DEPTH} levels`, start);
    const entries: Entry[] = [];
    const container = { kind, start, end: start, entries };
    this.#containers.push(container);
    const closing = kind === "object" ? "}" : "]";
    for (this.#skip(); this.#text[this.#at] !== closing; this.#skip()) {
      if (entries.length > 0 && entries.at(-1)?.comma === undefined) this.#fail();
      entries.push(this.#entry(kind, depth));
    }
    container.end = ++this.#at;
    return container;
  }

  #entry(kind: "object" | "array", depth: number): Entry {
    const start = this.#at;
    const key = kind === "object" ? this.#key() : undefined;
    const value = this.#value(depth + 1);
    this.#skip();
    const comma = this.#text[this.#at] === "," ? this.#at++ : undefined;
    return { start, key, value, comma };
  }

  #key(): Span & { name: string } {
    const span = this.#token();
    const name = this.#keyName(span);
    if (isForbiddenKey(name)) this.#fail(`key "${name}" is not allowed`, span.start);
    this.#skip();
    if (this.#text[this.#at] !== ":") this.#fail();
    this.#at++;
    this.#skip();
    return { ...span, name };
  }

  #keyName({ start, end }: Span): string {
    const raw = this.#text.slice(start, end);
    if (!/["'\\]/.test(raw)) return raw;
    try {
      // a bare key may hold \u escapes, which mean the same between quotes
      return String(JSON5.parse(/^["']/.test(raw) ? raw : `"${raw}"`));
    } catch (cause) {
      return this.#fail(`bad key ${raw}`, start, cause);
    }
  }

  #token(): Span {
    const start = this.#at;
    const quote = this.#text[start];
    if (quote === '"' || quote === "'") {
      for (this.#at++; this.#text[this.#at] !== quote; this.#at++) {
        if (this.#text[this.#at] === "\\") this.#at++;
        if (this.#at >= this.#text.length) this.#fail("string without an end", start);
      }
      this.#at++;
    } else {
      this.#at += this.#match(/[^\s,:[\]{}"'/]*/y).length;
      if (this.#at === start) this.#fail();
    }
    return { start, end: this.#at };
  }

  /** Moves to the next character that is neither space nor comment. */
  #skip(): void {
    for (;;) {
      this.#at += this.#match(/\s*/y).length;
      const start = this.#at;
      if (this.#text.startsWith("//", start)) {
        this.#at += this.#match(/[^\n\r\u2028\u2029]*/y).length;
      } else if (this.#text.startsWith("/*", start)) {
        const close = this.#text.indexOf("*/", start + 2);
        if (close === -1) this.#fail("comment without an end", start);
        this.#at = close + 2;
      } else return;
      this.#comments.push({ start, end: this.#at });
    }
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    return pattern.exec(this.#text)?.[0] ?? "";
  }

  #fail(message?: string, at = this.#at, cause?: unknown): never {
    const found = at < this.#text.length ? `unexpected ${JSON.stringify(this.#text[at])}` : "unexpected end of text";
    const position = positionOf(this.#text, at);
    throw new Json5TextError(`${message ?? found} at ${position.line}:${position.column}`, { ...position, cause });
  }
}
