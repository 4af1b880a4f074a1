import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import JSON5 from "json5";
import type { ConfigIssue } from "../services/config.ts";
import type { Env } from "../paths.ts";

const MAX_BYTES = 4 * 1_048_576;
const MAX_INCLUDE_BYTES = 1_048_576;
const MAX_DEPTH = 64;
const MAX_INCLUDES = 10;
/** Keys that would reach into the prototypes of what is read. */
export const POLLUTING: ReadonlySet<string | number> = new Set(["__proto__", "constructor", "prototype"]);

/** One file of the configuration, and the dotted path its value stands at. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
  readonly at: readonly string[];
  /** One of several files merged into one value: a change cannot be attributed to it. */
  readonly merged: boolean;
}

/** The configuration as it lies on disk. Never throws: what is wrong is in `issues`. */
export interface Source {
  readonly path: string;
  readonly exists: boolean;
  readonly text: string;
  /** Lower-case hex SHA-256 of the root file, and of the includes when there are any. */
  readonly hash: string;
  /** Root first. */
  readonly files: readonly SourceFile[];
  /** Paths of the files, and of includes that are not there. */
  readonly sought: readonly string[];
  /** Includes resolved, variables not. */
  readonly parsed: Json;
  /** Variables resolved too. Frozen: everybody who asks for a value gets this one. */
  readonly resolved: Json;
  readonly issues: readonly ConfigIssue[];
}

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Read `path` and everything it includes. */
export function readSource(path: string, env: Env): Source {
  const reader = new Reader(env);
  const exists = isThere(path);
  const text = exists ? reader.file(path, MAX_BYTES) : "";
  return reader.source(path, exists, text ?? "");
}

/** A file that cannot be looked at is there: reading it says why not. */
function isThere(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return true;
  }
}

/** The same for texts that are not on disk yet: `text` as if it stood at `path`, others by their path. */
export function sourceOf(path: string, text: string, env: Env, texts?: ReadonlyMap<string, string>): Source {
  return new Reader(env, texts).source(path, true, text);
}

/** The value of one text by itself, includes as they are written; `undefined` when it does not parse. */
export function parseText(text: string): Json | undefined {
  try {
    return text.trim() === "" ? {} : JSON5.parse<Json>(text);
  } catch {
    // Whoever needs to know why reads the source.
    return undefined;
  }
}

class Reader {
  readonly #env: Env;
  readonly #texts: ReadonlyMap<string, string> | undefined;
  readonly #files: SourceFile[] = [];
  readonly #sought: string[] = [];
  readonly #issues: ConfigIssue[] = [];

  constructor(env: Env, texts?: ReadonlyMap<string, string>) {
    this.#env = env;
    this.#texts = texts;
  }

  source(path: string, exists: boolean, text: string): Source {
    this.#files.push({ path, text, at: [], merged: false });
    const parsed =
      exists && this.#issues.length === 0 ? this.#value(this.#parse(path, text), path, [], [path], false) : {};
    const root = isObject(parsed) ? parsed : {};
    if (!isObject(parsed)) this.#issue({ path: "", message: "must be an object", file: path });
    return {
      path,
      exists,
      text,
      hash: hashOf(this.#files),
      files: this.#files,
      sought: [...new Set([path, ...this.#sought])],
      parsed: root,
      resolved: this.#substitute(root, []) as Json,
      issues: this.#issues,
    };
  }

  file(path: string, maxBytes: number): string | undefined {
    try {
      if (statSync(path).size > maxBytes) {
        this.#issue({ path: "", message: `${path} is larger than ${maxBytes / 1_048_576} MiB`, file: path });
        return undefined;
      }
      // A byte order mark stays: the text is what the hash is made of, and what a writer puts back.
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(readFileSync(path));
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      const mode = code === "EACCES" ? `; run: chmod u+r ${path}` : "";
      this.#issue({ path: "", message: `cannot read ${path}: ${code ?? message}${mode}`, file: path });
      return undefined;
    }
  }

  #parse(path: string, text: string): Json {
    if (text.trim() === "") return {};
    try {
      return JSON5.parse<Json>(text.replace(/^\uFEFF/, ""));
    } catch (error) {
      const { message, lineNumber, columnNumber } = error as Error & { lineNumber?: number; columnNumber?: number };
      this.#issue({
        path: "",
        message: `${message.replace(/ at \d+:\d+$/, "")} at ${lineNumber}:${columnNumber}`,
        file: path,
        ...(lineNumber !== undefined && { line: lineNumber }),
        ...(columnNumber !== undefined && { column: columnNumber }),
      });
      return {};
    }
  }

  /** `value` with every `$include` replaced. `chain` is the files being read, to find cycles. */
  #value(value: Json, file: string, at: readonly string[], chain: readonly string[], merged: boolean): Json {
    if (at.length > MAX_DEPTH) {
      this.#issue({ path: at.slice(0, 8).join("."), message: `nested deeper than ${MAX_DEPTH} levels`, file });
      return null;
    }
    if (Array.isArray(value)) return this.#list(value, file, at, chain, merged);
    if (!isObject(value)) return value;
    const own: { [key: string]: Json } = {};
    for (const [key, member] of Object.entries(value)) {
      if (POLLUTING.has(key)) this.#issue({ path: at.join("."), message: `key "${key}" is not allowed`, file });
      else if (key !== "$include") own[key] = this.#value(member, file, [...at, key], chain, merged);
    }
    const include = value["$include"];
    if (include === undefined) return own;
    const names = Array.isArray(include) ? include : [include];
    const parts = names.map((name) => this.#include(name, file, at, chain, merged || names.length > 1));
    if (parts.length === 1 && Object.keys(own).length === 0) return parts[0] ?? null;
    if (parts.length > 1 && Object.keys(own).length === 0 && parts.every(Array.isArray)) return parts.flat();
    // `null` is a part that has its own issue already.
    if (!parts.every((part) => part === null || isObject(part)))
      return this.#bad({ path: at.join("."), file, message: "$include must give objects, to be merged with others" });
    return [...parts, own].reduce<Json>((left, right) => deepMerge(left, right), {});
  }

  /** A list whose elements are includes of lists becomes one list. */
  #list(value: Json[], file: string, at: readonly string[], chain: readonly string[], merged: boolean): Json[] {
    const items = value.map((item, index) => this.#value(item, file, [...at, String(index)], chain, merged));
    const includesOnly =
      value.length > 0 && value.every((item) => isObject(item) && Object.keys(item).join() === "$include");
    return includesOnly && items.every(Array.isArray) ? items.flat() : items;
  }

  #include(name: Json, file: string, at: readonly string[], chain: readonly string[], merged: boolean): Json {
    const where = { path: at.join("."), file };
    if (typeof name !== "string") return this.#bad({ ...where, message: "$include must be a path or a list of paths" });
    const path = resolve(dirname(file), name);
    this.#sought.push(path);
    if (chain.includes(path))
      return this.#bad({ ...where, message: `include cycle: ${[...chain, path].join(" -> ")}` });
    if (chain.length > MAX_INCLUDES)
      return this.#bad({ ...where, message: `includes nested deeper than ${MAX_INCLUDES}` });
    const stat = statSync(path, { throwIfNoEntry: false });
    if (!stat?.isFile())
      return this.#bad({ ...where, message: `included file ${path} ${stat ? "is not a file" : "does not exist"}` });
    if ((stat.mode & 0o002) !== 0)
      return this.#bad({ ...where, message: `included file ${path} can be written by others; run: chmod o-w ${path}` });
    const text = this.#texts?.get(path) ?? this.file(path, MAX_INCLUDE_BYTES);
    if (text === undefined) return null;
    this.#files.push({ path, text, at, merged });
    return this.#value(this.#parse(path, text), path, at, [...chain, path], merged);
  }

  /** `${NAME}` in string values; `$${NAME}` stays literal. */
  #substitute(value: Json, at: readonly string[]): Json {
    if (typeof value === "string") return this.#string(value, at);
    if (!isObject(value) && !Array.isArray(value)) return value;
    const members = Object.entries(value).map(
      ([key, member]) => [key, this.#substitute(member as Json, [...at, key])] as const,
    );
    const resolved = Array.isArray(value) ? members.map(([, member]) => member) : Object.fromEntries(members);
    // `Json` is the type of what is read and of what is put together.
    return Object.freeze(resolved) as Json;
  }

  #string(text: string, at: readonly string[]): string {
    if (!text.includes("${")) return text;
    return text.replace(/(\$?)\$\{([A-Z_][A-Z0-9_]*)\}/g, (whole, escape: string, name: string) => {
      if (escape) return whole.slice(1);
      const value = this.#env[name];
      if (value) return value;
      this.#issue({
        path: at.join("."),
        message: `Missing env var "${name}" referenced at config path: ${at.join(".")}`,
        hint: `set ${name} in the environment or in .env of the state directory`,
      });
      return "";
    });
  }

  #bad(issue: ConfigIssue): null {
    this.#issue(issue);
    return null;
  }

  #issue(issue: ConfigIssue): void {
    this.#issues.push(issue);
  }
}

function isObject(value: Json | undefined): value is { [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function deepMerge(left: Json, right: Json): Json {
  if (!isObject(left) || !isObject(right)) return right;
  const merged = { ...left };
  for (const [key, value] of Object.entries(right)) {
    const before = merged[key];
    merged[key] = before === undefined ? value : deepMerge(before, value);
  }
  return merged;
}

function hashOf(files: readonly SourceFile[]): string {
  const own = (text: string) => createHash("sha256").update(text).digest("hex");
  const [root, ...includes] = files;
  const rootHash = own(root?.text ?? "");
  if (includes.length === 0) return rootHash;
  return own([rootHash, ...includes.flatMap((file) => [file.path, own(file.text)])].join("\n"));
}
