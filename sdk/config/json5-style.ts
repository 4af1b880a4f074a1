import JSON5 from "json5";
import { isArray, isObject, type Json } from "./json-changes.ts";
import { indentAt, isFlat, isOneLine, startsLine } from "./json5-layout.ts";
import { LINE_BREAK, type Container, type Document } from "./json5-scan.ts";

type Quote = '"' | "'";

/** How the neighbourhood of an edit is written. */
export interface Style {
  readonly eol: string;
  /** One level of indentation. */
  readonly unit: string;
  /** After colons, and after commas within a line. */
  readonly space: string;
  /** Inside the braces of an object on one line. */
  readonly padding: string;
  readonly trailingComma: boolean;
  readonly bareKeys: boolean;
  readonly keyQuote: Quote;
  readonly textQuote: Quote;
}

/** Lines we make ourselves stay within this many columns. */
export const MAX_COLUMNS = 100;

/** The style an edit should follow: each trait from the nearest container that shows it, `nearest` first, else plain JSON. */
export function styleNear(document: Document, nearest: readonly Container[]): Style {
  const { text } = document;
  const first = <T>(probe: (container: Container) => T | undefined): T | undefined => {
    for (const container of [nearest, document.containers].flat()) {
      const trait = probe(container);
      if (trait !== undefined) return trait;
    }
    return undefined;
  };
  const lastQuote = (nodes: readonly ({ start: number } | undefined)[]): Quote | undefined =>
    nodes.map((node) => node && quoteAt(text, node.start)).findLast((quote) => quote !== undefined);
  const keyQuote = first(({ entries }) => lastQuote(entries.map((entry) => entry.key)));
  const textQuote = first(({ entries }) => lastQuote(entries.map((entry) => entry.value)));
  return {
    eol: LINE_BREAK.exec(text)?.[0] ?? "\n",
    unit: first((container) => unitOf(text, container)) ?? "  ",
    space: first((container) => spaceOf(text, container)) ?? " ",
    padding: first((container) => paddingOf(text, container)) ?? " ",
    trailingComma: first((container) => (isFlat(text, container) ? undefined : endsWithComma(container))) ?? false,
    bareKeys: first((container) => hasBareKeys(text, container)) ?? false,
    keyQuote: keyQuote ?? textQuote ?? '"',
    textQuote: textQuote ?? keyQuote ?? '"',
  };
}

/** The value over as many lines as it takes; `indent` is that of the line it starts on. */
export function write(value: Json, style: Style, indent: string): string {
  const line = writeOnOneLine(value, style);
  if (isScalar(value) || isEmpty(value)) return line;
  if (isScalarList(value) && indent.length + line.length <= MAX_COLUMNS) return line;
  const inner = style.eol + indent + style.unit;
  const rows = isArray(value)
    ? value.map((element) => write(element, style, indent + style.unit))
    : Object.entries(value).map(
        ([key, member]) => `${writeKey(key, style)}${write(member, style, indent + style.unit)}`,
      );
  const body = inner + rows.join(`,${inner}`) + (style.trailingComma ? "," : "") + style.eol + indent;
  return isArray(value) ? `[${body}]` : `{${body}}`;
}

export function writeOnOneLine(value: Json, style: Style): string {
  if (typeof value === "string") return writeText(value, style.textQuote);
  if (typeof value === "number") return Object.is(value, -0) ? "-0" : String(value);
  const separator = `,${style.space}`;
  if (isArray(value)) return `[${value.map((element) => writeOnOneLine(element, style)).join(separator)}]`;
  if (!isObject(value)) return String(value);
  if (isEmpty(value)) return "{}";
  const members = Object.entries(value).map(([key, member]) => writeKey(key, style) + writeOnOneLine(member, style));
  return `{${style.padding}${members.join(separator)}${style.padding}}`;
}

/** The key with its colon and the space after it. */
export function writeKey(key: string, style: Style): string {
  return `${style.bareKeys && isIdentifier(key) ? key : writeText(key, style.keyQuote)}:${style.space}`;
}

export function isScalarList(value: Json): boolean {
  return isArray(value) && value.every(isScalar);
}

export function isScalar(value: Json): value is null | boolean | number | string {
  return !isArray(value) && !isObject(value);
}

/** The quote that stands at `offset`, if one does. */
export function quoteAt(text: string, offset: number): Quote | undefined {
  const mark = text[offset];
  return mark === '"' || mark === "'" ? mark : undefined;
}

function writeText(value: string, quote: Quote): string {
  // json5 warns about these two when they stand in a string as they are
  const json = JSON.stringify(value).replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");
  if (quote === '"') return json;
  return `'${json.slice(1, -1).replace(/\\"|'/g, (mark) => (mark === "'" ? "\\'" : '"'))}'`;
}

function isIdentifier(key: string): boolean {
  if (!/^[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*$/u.test(key)) return false;
  try {
    JSON5.parse(`{${key}:0}`);
    return true;
  } catch {
    // a letter that is newer than the Unicode tables of json5
    return false;
  }
}

export function isEmpty(value: Json): boolean {
  return isArray(value) ? value.length === 0 : isObject(value) && Object.keys(value).length === 0;
}

function unitOf(text: string, { start, entries }: Container): string | undefined {
  const entry = entries.find((candidate) => startsLine(text, candidate.start));
  if (!entry) return undefined;
  const outer = indentAt(text, start);
  const inner = indentAt(text, entry.start);
  return inner.startsWith(outer) && inner !== outer ? inner.slice(outer.length) : undefined;
}

function spaceOf(text: string, { entries }: Container): string | undefined {
  const last = entries.at(-1);
  if (!last?.key) return undefined;
  return text.slice(last.key.end, last.value.start).endsWith(":") ? "" : " ";
}

function paddingOf(text: string, container: Container): string | undefined {
  if (container.kind === "array" || container.entries.length === 0 || !isOneLine(text, container)) return undefined;
  return /\s/.test(text.charAt(container.start + 1)) ? " " : "";
}

function hasBareKeys(text: string, { entries }: Container): boolean | undefined {
  const keys = entries.flatMap((entry) => (entry.key ? [entry.key] : []));
  return keys.length === 0 ? undefined : keys.some((key) => quoteAt(text, key.start) === undefined);
}

function endsWithComma({ entries }: Container): boolean | undefined {
  const last = entries.at(-1);
  return last && last.comma !== undefined;
}
