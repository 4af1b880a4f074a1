import { DIALECTS } from "./dialect.ts";
import type { Dialect, MarkdownDialect } from "./dialect.ts";
import { flatten } from "./flatten.ts";
import type { Flat, Span, TableMode } from "./flatten.ts";

export interface RenderOptions {
  /** Default: `bullets` for whatsapp and signal, else `code`. */
  readonly tables?: TableMode | undefined;
}

/**
 * Markdown in the form of a network. Everything that is not markup of the source is escaped where the network can do that,
 * so no text of an author becomes markup. Only `http`, `https`, `mailto` and `tel` addresses become links.
 */
export function renderMarkdown(markdown: string, dialect: MarkdownDialect, { tables }: RenderOptions = {}): string {
  const form = DIALECTS[dialect];
  return write(flatten(markdown, tables === undefined ? form.layout : { ...form.layout, tables }), form);
}

/** A style of a part of a text, in UTF-16 units. */
export interface StyleRange {
  readonly start: number;
  readonly length: number;
  readonly style: "BOLD" | "ITALIC" | "STRIKETHROUGH" | "MONOSPACE" | "SPOILER";
}

/** Markdown as Signal has it: text, and which parts of it have which style. The text is that of `renderMarkdown`. */
export function renderStyled(
  markdown: string,
  { tables }: RenderOptions = {},
): { readonly text: string; readonly styles: readonly StyleRange[] } {
  const { layout } = DIALECTS.signal;
  const { text, spans } = flatten(markdown, tables === undefined ? layout : { ...layout, tables });
  const styles = spans.flatMap(({ kind, start, end }): StyleRange[] => {
    const style = RANGES[kind];
    return style ? [{ start, length: end - start, style }] : [];
  });
  return { text, styles: styles.toSorted((a, b) => a.start - b.start || b.length - a.length) };
}

/** What `markdown.tables` of an account says. */
export function tableMode(config: Readonly<Record<string, unknown>>): TableMode | undefined {
  const { markdown } = config as { readonly markdown?: { readonly tables?: unknown } };
  const mode = markdown?.tables;
  return mode === "code" || mode === "bullets" || mode === "off" ? mode : undefined;
}

const RANGES: Readonly<Partial<Record<Span["kind"], StyleRange["style"]>>> = {
  bold: "BOLD",
  italic: "ITALIC",
  strike: "STRIKETHROUGH",
  code: "MONOSPACE",
  pre: "MONOSPACE",
  spoiler: "SPOILER",
};

function write(flat: Flat, dialect: Dialect): string {
  // Of two on the same stretch, the one that ended last is around the other.
  const spans = flat.spans.toReversed().toSorted((a, b) => a.start - b.start || b.end - a.end);
  return stretch(flat, spans, dialect, 0, flat.text.length);
}

function stretch(flat: Flat, spans: readonly Span[], dialect: Dialect, from: number, to: number): string {
  const { text } = flat;
  let result = "";
  let at = from;
  const plain = (end: number) => {
    for (const line of text.slice(at, end).split(/(?<=\n)/)) {
      const start = at;
      at += line.length;
      result += dialect.text(line, start === 0 || text[start - 1] === "\n");
    }
  };
  for (let index = 0; index < spans.length; index++) {
    const span = spans[index] as Span;
    // Those inside of it stand right behind it.
    let next = index + 1;
    while (next < spans.length && (spans[next] as Span).end <= span.end && (spans[next] as Span).start < span.end)
      next++;
    plain(span.start);
    const place = { before: text[span.start - 1], after: text[span.end] };
    result += dialect.wrap(span, inner(flat, span, spans.slice(index + 1, next), dialect), place, flat);
    at = span.end;
    index = next - 1;
  }
  plain(to);
  return result;
}

function inner(flat: Flat, span: Span, within: readonly Span[], dialect: Dialect): string {
  const text = flat.text.slice(span.start, span.end);
  if (span.kind === "raw") return text;
  if (span.kind === "code" || span.kind === "pre") return dialect.code?.(text) ?? text;
  return stretch(flat, within, dialect, span.start, span.end);
}
