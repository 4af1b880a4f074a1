import { isArray, pathText, refusal, type Json } from "./json-changes.ts";
import {
  codeEnd,
  indentAt,
  isFlat,
  isInside,
  isOneLine,
  lineStart,
  spaceAfter,
  spaceBefore,
  splice,
  startsLine,
  tailEnd,
  type Edit,
} from "./json5-layout.ts";
import { arrayIndex, find, rescan, type Container, type Document, type Found, type Path } from "./json5-scan.ts";
import {
  isEmpty,
  isScalar,
  isScalarList,
  MAX_COLUMNS,
  quoteAt,
  styleNear,
  write,
  writeKey,
  writeOnOneLine,
  type Style,
} from "./json5-style.ts";

/** A place where a value can be written. */
interface Slot {
  /** From the root to the container the value will be in. */
  readonly parents: readonly Container[];
  readonly style: Style;
  /** Of the line the value starts on. */
  readonly indent: string;
  /** Columns of that line that are used without the value, and how many it may use with it. */
  readonly taken: number;
  readonly columns: number;
  fill(written: string): Edit[];
}

/** The text with `value` at `path`, which is written anew whatever was there. Missing parents are created. */
export function put(text: string, path: Path, value: Json): string {
  const document = rescan(text);
  if (!document.root) return begin(document, path, value);
  const found = find(document, path);
  if (found) return fill(document, slotOf(document, found, value), path, value);

  const depth = path.findLastIndex((_, length) => find(document, path.slice(0, length)) !== undefined);
  const parent = path.slice(0, depth);
  const segment = path[depth];
  const holder = find(document, parent);
  if (!holder || segment === undefined || holder.node.kind === "scalar") {
    throw refusal(path, `${pathText(parent)} is neither an object nor an array`);
  }
  const { node, parents } = holder;
  if (node.kind === "array" && arrayIndex(segment) !== node.entries.length) {
    if (arrayIndex(segment) === -1) throw refusal(path, `${pathText(parent)} is an array`);
    throw refusal(path, `${pathText(parent)} has only ${node.entries.length} elements and cannot have holes`);
  }
  const inner = nest(path, depth + 1, value);
  const isBare = node.entries.length === 0 && !document.comments.some((comment) => isInside(comment, node));
  if (isBare) {
    const whole = node.kind === "array" ? [inner] : { [segment]: inner };
    return fill(document, slotOf(document, holder, whole), parent, whole);
  }
  const key = node.kind === "array" ? undefined : String(segment);
  return fill(document, newSlot(document, node, parents, key), path.slice(0, depth + 1), inner);
}

/** The first value of a text that has at most comments. */
function begin(document: Document, path: Path, value: Json): string {
  const style = styleNear(document, []);
  const [key] = path;
  const root = key === undefined ? value : { [key]: nest(path, 1, value) };
  const { text } = document;
  const lead = document.comments.length > 0 ? text : text.startsWith("\uFEFF") ? "\uFEFF" : "";
  return lead + (startsLine(lead, lead.length) ? "" : style.eol) + write(root, style, "") + style.eol;
}

/** The value wrapped in the objects and arrays that `path` asks for from `depth` on. */
function nest(path: Path, depth: number, value: Json): Json {
  return path.slice(depth).reduceRight<Json>((inner, segment, offset) => {
    if (typeof segment === "string") return { [segment]: inner };
    if (segment !== 0) throw refusal(path.slice(0, depth + offset + 1), "an array cannot have holes");
    return [inner];
  }, value);
}

/** Writes on one line where that is the custom and there is room, else breaks open what is on one line around it. */
function fill(document: Document, slot: Slot, path: Path, value: Json): string {
  const { text } = document;
  const line = writeOnOneLine(value, slot.style);
  if (prefersOneLine(text, slot.parents.at(-1), value) && slot.taken + line.length <= slot.columns) {
    return splice(text, slot.fill(line));
  }
  const crowded = slot.parents.find((parent) => isOneLine(text, parent));
  if (crowded) return put(breakOpen(document, crowded), path, value);
  return splice(text, slot.fill(write(value, slot.style, slot.indent)));
}

function prefersOneLine(text: string, holder: Container | undefined, value: Json): boolean {
  if (isScalar(value) || isEmpty(value) || isScalarList(value)) return true;
  if (!holder) return false;
  const kind = isArray(value) ? "array" : "object";
  const model = holder.entries
    .map((entry) => entry.value)
    .findLast((node) => node.kind === kind && node.entries.length > 0);
  return isOneLine(text, holder) || (model !== undefined && isOneLine(text, model));
}

/** The place of a value that is there already. */
function slotOf(document: Document, { node, parents }: Found, value: Json): Slot {
  const { text } = document;
  const { start, end } = node;
  const style = styleNear(document, parents.toReversed());
  const quote = quoteAt(text, start);
  const taken = start - lineStart(text, start) + codeEnd(document, end) - end;
  const wasLong = isOneLine(text, node) && taken + end - start > MAX_COLUMNS;
  return {
    parents,
    style: quote ? { ...style, textQuote: quote } : style,
    indent: indentAt(text, start),
    taken,
    columns: wasLong || isScalar(value) ? Infinity : MAX_COLUMNS,
    fill: (written) => [{ start, end, text: written }],
  };
}

/** A place after the last entry, or else the last comment, of a container. */
function newSlot(document: Document, holder: Container, outer: readonly Container[], name: string | undefined): Slot {
  const { text } = document;
  const parents = [...outer, holder];
  const style = styleNear(document, parents.toReversed());
  const key = name === undefined ? "" : writeKey(name, style);
  const last = holder.entries.at(-1);
  const hasComma = last?.comma !== undefined;
  const at = last
    ? tailEnd(document, holder, holder.entries.length - 1, hasComma ? last.comma + 1 : last.value.end)
    : (document.comments.findLast((comment) => isInside(comment, holder))?.end ?? holder.start + 1);

  if (isFlat(text, holder)) {
    const before = (last && !hasComma ? "," : "") + (last ? style.space : " ") + key;
    const after = hasComma ? "," : "";
    const length = codeEnd(document, at) - lineStart(text, at);
    return {
      parents,
      style,
      indent: indentAt(text, at),
      taken: length + before.length + after.length,
      columns: length > MAX_COLUMNS ? Infinity : MAX_COLUMNS,
      fill: (written) => [{ start: at, end: at, text: before + written + after }],
    };
  }

  const outerIndent = indentAt(text, holder.start);
  const model = holder.entries.findLast((entry) => startsLine(text, entry.start));
  const indent = model ? indentAt(text, model.start) : outerIndent + style.unit;
  const after = (last ? hasComma : style.trailingComma) ? "," : "";
  return {
    parents,
    style,
    indent,
    taken: indent.length + key.length + after.length,
    columns: MAX_COLUMNS,
    fill(written) {
      const line = style.eol + indent + key + written + after;
      if (!last) return [{ start: at, end: holder.end - 1, text: line + style.eol + outerIndent }];
      const comma = { start: last.value.end, end: last.value.end, text: "," };
      return [...(hasComma ? [] : [comma]), { start: at, end: at, text: line }];
    },
  };
}

/** The text with every entry of a one-line container on a line of its own. */
function breakOpen(document: Document, container: Container): string {
  const { text } = document;
  const { eol, unit } = styleNear(document, [container]);
  const outer = eol + indentAt(text, container.start);
  const heads = [container.start, ...container.entries.slice(0, -1).map((entry) => entry.comma ?? entry.value.end)];
  const edits = heads.map((offset): Edit => {
    const start = offset + 1;
    return { start, end: start + spaceAfter(text, start), text: outer + unit };
  });
  const end = container.end - 1;
  return splice(text, [...edits, { start: end - spaceBefore(text, end), end, text: outer }]);
}
