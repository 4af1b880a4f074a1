import JSON5 from "json5";
import { changes, refusal, toJson, type Json } from "./json-changes.ts";
import { drop } from "./json5-drop.ts";
import { put } from "./json5-put.ts";
import { find, isForbiddenKey, MAX_DEPTH, positionOf, scan, type Node, type Path, type Span } from "./json5-scan.ts";

export { Json5TextError } from "./json5-scan.ts";
export type { Path } from "./json5-scan.ts";

/** Line and column count from 1; `start` and `end` are offsets into the text. */
export interface TextPosition extends Span {
  readonly line: number;
  readonly column: number;
}

export interface DuplicateKey {
  readonly path: Path;
  readonly line: number;
  readonly column: number;
}

/** Where the value at `path` stands, or undefined if there is none. */
export function locate(text: string, path: Path): TextPosition | undefined {
  checkPath(path);
  const node = find(scan(text), path)?.node;
  return node && { ...positionOf(text, node.start), start: node.start, end: node.end };
}

/** Where the key of the member at `path` stands; undefined for the root and for elements, which have none. */
export function locateKey(text: string, path: Path): TextPosition | undefined {
  checkPath(path);
  const key = find(scan(text), path)?.entry?.key;
  return key && { ...positionOf(text, key.start), start: key.start, end: key.end };
}

/** Every key that an earlier member of the same object has already, at its repetition. */
export function duplicateKeys(text: string): DuplicateKey[] {
  const found: DuplicateKey[] = [];
  const visit = (node: Node, path: Path): void => {
    if (node.kind === "scalar") return;
    const names = new Set<string>();
    for (const [index, { key, value }] of node.entries.entries()) {
      const inner = [...path, key?.name ?? index];
      if (key && names.has(key.name)) found.push({ path: inner, ...positionOf(text, key.start) });
      if (key) names.add(key.name);
      visit(value, inner);
    }
  };
  const { root } = scan(text);
  if (root) visit(root, []);
  return found;
}

/**
 * The text with `value` at `path`, changed in as few places as possible: what is equal already keeps its text, comments
 * and all. Missing parents are created; a text without any value counts as `{}`. Throws `Json5TextError`.
 */
export function setValue(text: string, path: Path, value: unknown): string {
  checkPath(path);
  const wanted = toJson(value, path);
  const document = scan(text);
  const node = document.root ? find(document, path)?.node : undefined;
  if (!node && (document.root || path.length > 0)) return put(text, path, wanted);
  const before: Json = node ? JSON5.parse(text.slice(node.start, node.end)) : {};
  return changes(before, wanted, path).reduce(
    (edited, change) =>
      change.value === undefined ? drop(edited, change.path) : put(edited, change.path, change.value),
    text,
  );
}

/** The text turned into `value`, with everything kept that both have in common. */
export function replaceRoot(text: string, value: unknown): string {
  return setValue(text, [], value);
}

/**
 * The text without the member or element at `path`, its comma and the comments behind it on its line. Comments above it
 * stay. An absent path changes nothing.
 */
export function removeValue(text: string, path: Path): string {
  checkPath(path);
  if (path.length === 0) throw refusal(path, "it cannot be removed");
  scan(text);
  return drop(text, path);
}

function checkPath(path: Path): void {
  const bad = path.find((segment) => isForbiddenKey(String(segment)));
  if (bad !== undefined) throw refusal(path, `key "${bad}" is not allowed`);
  if (path.length > MAX_DEPTH) throw refusal(path, `it is nested deeper than ${MAX_DEPTH} levels`);
}
