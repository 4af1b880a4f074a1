import { codeTable, rowsOf } from "./table.ts";
import type { Row } from "./table.ts";
import { parseMarkdown } from "./parser.ts";
import type { Token } from "./parser.ts";

/** What a stretch of text is. `raw` is layout, such as a bullet: nothing in it is text of the author. */
export type SpanKind = "bold" | "italic" | "strike" | "code" | "pre" | "spoiler" | "link" | "quote" | "raw";

export interface Span {
  readonly kind: SpanKind;
  readonly start: number;
  readonly end: number;
  /** Of a link. */
  readonly href?: string;
  /** Of a block of code. */
  readonly language?: string;
}

/** A text without markup, and what stretches of it are. Spans nest, and those of styles end with their line. */
export interface Flat {
  readonly text: string;
  readonly spans: readonly Span[];
}

/** How tables are shown: as columns in a block of code, as a list, or with bars. */
export type TableMode = "code" | "bullets" | "off";

/** What a network has no markup for is said with characters. */
export interface Layout {
  readonly bullet: string;
  /** `span`: the network has links with a label. `text`: the address follows the label. */
  readonly links: "span" | "text";
  /** `span`: the network marks where a quote begins and ends. Else what stands before each line. */
  readonly quote: "span" | { readonly prefix: string };
  /** The network knows headings of three levels. */
  readonly headings: boolean;
  readonly tables: TableMode;
}

interface Open {
  readonly kind: SpanKind;
  readonly href?: string;
  start: number;
}

interface Prefix {
  /** Stands before the first line only, in place of `rest`. */
  first?: string | undefined;
  readonly rest: string;
}

const LINK_SCHEMES = /^(?:https?|mailto|tel):/i;
const ANY_SCHEME = /^(?:[a-z][a-z0-9+.-]*:|#|\/\/)/i;
const RULE = "———";

/** Markdown as text with spans, laid out for a network. */
export function flatten(markdown: string, layout: Layout): Flat {
  return new Flattener(layout).run(parseMarkdown(markdown));
}

class Flattener {
  readonly #layout: Layout;
  readonly #spans: Span[] = [];
  readonly #prefixes: Prefix[] = [];
  readonly #counters: (number | undefined)[] = [];
  readonly #open: Open[] = [];
  readonly #quotes: (number | undefined)[] = [];
  /** Those of the last line. */
  #before: readonly Prefix[] = [];
  #text = "";
  #lastLine = 0;

  constructor(layout: Layout) {
    this.#layout = layout;
  }

  run(tokens: readonly Token[]): Flat {
    for (let at = 0; at < tokens.length; at++) {
      const token = tokens[at] as Token;
      if (token.type !== "table_open") this.#block(token);
      else {
        const end = tokens.findIndex((one, index) => index > at && one.type === "table_close");
        this.#table(tokens.slice(at, end), token);
        at = end;
      }
    }
    return { text: this.#text, spans: this.#spans };
  }

  #block(token: Token): void {
    switch (token.type) {
      case "heading_open":
        return this.#heading(token);
      case "heading_close":
        return this.#close("bold");
      case "paragraph_open":
        return this.#begin(token.map);
      case "inline":
        return this.#inline(token.children ?? []);
      case "fence":
      case "code_block":
        return this.#pre(token.content.replace(/\n$/, ""), token.map, token.info.trim().split(/\s+/)[0]);
      case "hr":
        this.#begin(token.map);
        return this.#raw(RULE);
      case "bullet_list_open":
        this.#counters.push(undefined);
        return;
      case "ordered_list_open":
        this.#counters.push(Number(token.attrGet("start") ?? 1));
        return;
      case "bullet_list_close":
      case "ordered_list_close":
        this.#counters.pop();
        return;
      case "list_item_open":
        return this.#item();
      case "list_item_close":
      case "blockquote_close":
        if (token.type === "blockquote_close" && this.#layout.quote === "span") return this.#quoteEnd();
        this.#prefixes.pop();
        return;
      case "blockquote_open":
        if (this.#layout.quote === "span") this.#quotes.push(undefined);
        else this.#prefixes.push({ rest: this.#layout.quote.prefix });
        return;
      default:
    }
  }

  #item(): void {
    const count = this.#counters.at(-1);
    const marker = count === undefined ? `${this.#layout.bullet} ` : `${count}. `;
    if (count !== undefined) this.#counters[this.#counters.length - 1] = count + 1;
    this.#prefixes.push({ first: marker, rest: " ".repeat(marker.length) });
  }

  #heading({ tag, map }: Token): void {
    this.#begin(map);
    const level = Number(tag.slice(1));
    if (this.#layout.headings && level <= 3) this.#raw(`${"#".repeat(level)} `);
    else this.#open.push({ kind: "bold", start: this.#text.length });
  }

  /** A new line for what stands there in the source; an empty one before it where the author left one. */
  #begin(map: readonly [number, number] | readonly number[] | null, withPrefix = true): void {
    const [first = this.#lastLine, after = first] = map ?? [];
    const isApart = first > this.#lastLine;
    this.#lastLine = after;
    if (this.#text !== "") {
      if (isApart) {
        this.#text += "\n";
        if (withPrefix) this.#raw(this.#between().trimEnd());
      }
      this.#text += "\n";
    }
    this.#before = [...this.#prefixes];
    const quote = this.#quotes.indexOf(undefined);
    if (quote !== -1) this.#quotes.fill(this.#text.length, quote);
    if (withPrefix) this.#raw(this.#prefix());
  }

  #prefix(): string {
    return this.#prefixes
      .map((prefix) => {
        const { first, rest } = prefix;
        prefix.first = undefined;
        return first ?? rest;
      })
      .join("");
  }

  /** An empty line belongs to what is around both lines beside it. */
  #between(): string {
    const end = this.#prefixes.findIndex((prefix, index) => prefix !== this.#before[index]);
    return (end === -1 ? this.#prefixes : this.#prefixes.slice(0, end)).map(({ rest }) => rest).join("");
  }

  #inline(tokens: readonly Token[]): void {
    for (const token of tokens) {
      switch (token.type) {
        case "text":
          this.#write(token.content);
          break;
        case "softbreak":
        case "hardbreak":
          this.#newline();
          break;
        case "code_inline":
          this.#span("code", token.content);
          break;
        case "link_open":
          this.#link(String(token.attrGet("href") ?? ""));
          break;
        case "link_close":
          this.#linkEnd();
          break;
        case "image":
          this.#link(String(token.attrGet("src") ?? ""));
          this.#write(token.content === "" ? "image" : token.content);
          this.#linkEnd();
          break;
        default:
          this.#style(token.type);
      }
    }
  }

  #style(type: string): void {
    const [name, end] = type.split("_");
    const kind = STYLES[name ?? ""];
    if (!kind) return;
    if (end === "open") this.#open.push({ kind, start: this.#text.length });
    else this.#close(kind);
  }

  #link(href: string): void {
    this.#open.push({ kind: "link", href, start: this.#text.length });
  }

  #linkEnd(): void {
    const { href = "", start } = this.#open.findLast(({ kind }) => kind === "link") ?? { start: this.#text.length };
    const label = this.#text.slice(start);
    const isLink = LINK_SCHEMES.test(href);
    if (isLink && this.#layout.links === "span") return this.#close("link");
    this.#open.splice(
      this.#open.findLastIndex(({ kind }) => kind === "link"),
      1,
    );
    const isTold = isSame(label, href) || (!isLink && ANY_SCHEME.test(href));
    if (!isTold && href !== "") this.#write(label === "" ? href : ` (${href})`);
  }

  #write(text: string): void {
    this.#text += text;
  }

  #raw(text: string): void {
    if (text !== "") this.#span("raw", text);
  }

  #span(kind: SpanKind, text: string): void {
    const start = this.#text.length;
    this.#text += text;
    if (text !== "") this.#spans.push({ kind, start, end: this.#text.length });
  }

  /** Styles end with the line and begin anew behind what stands before the next one. */
  #newline(): void {
    for (const open of this.#open) this.#record(open);
    this.#text += "\n";
    this.#raw(this.#prefix());
    for (const open of this.#open) open.start = this.#text.length;
  }

  #close(kind: SpanKind): void {
    const at = this.#open.findLastIndex((one) => one.kind === kind);
    const [open] = at === -1 ? [] : this.#open.splice(at, 1);
    // Bold in bold is bold.
    if (open && !this.#open.some((one) => one.kind === kind)) this.#record(open);
  }

  #record({ kind, href, start }: Open): void {
    const end = this.#text.length;
    if (end > start) this.#spans.push({ kind, start, end, ...(href !== undefined && { href }) });
  }

  #quoteEnd(): void {
    const start = this.#quotes.pop();
    // Quotes in quotes are one.
    if (start === undefined || this.#quotes.length > 0) return;
    this.#spans.push({ kind: "quote", start, end: this.#text.length });
  }

  /** Code keeps its lines as they are, without what stands before lines around it. */
  #pre(code: string, map: readonly number[] | null, language?: string): void {
    const hasMarker = this.#prefixes.some(({ first }) => first !== undefined);
    this.#begin(map, hasMarker);
    if (hasMarker) this.#text += "\n";
    const start = this.#text.length;
    this.#text += code === "" ? " " : code;
    const named = language !== undefined && /^[\w+#.-]+$/.test(language) ? { language } : {};
    this.#spans.push({ kind: "pre", start, end: this.#text.length, ...named });
  }

  #table(tokens: readonly Token[], { map }: Token): void {
    const { header, rows } = rowsOf(tokens);
    if (this.#layout.tables === "code") return this.#pre(codeTable(header, rows), map);
    if (this.#layout.tables === "bullets") return this.#list(header, rows, map);
    const lines = [header, ...rows];
    for (const [index, row] of lines.entries()) {
      if (index === 0) this.#begin(map);
      else this.#newline();
      this.#raw("| ");
      for (const [column, cell] of row.entries()) {
        if (column > 0) this.#raw(" | ");
        this.#inline(cell);
      }
      this.#raw(" |");
    }
  }

  /** Each row: its first cell in bold, below it what the columns say of it. */
  #list(header: Row, rows: readonly Row[], map: readonly number[] | null): void {
    for (const [index, [name = [], ...cells]] of rows.entries()) {
      if (index === 0) this.#begin(map);
      else this.#newline();
      this.#raw(`${this.#layout.bullet} `);
      this.#open.push({ kind: "bold", start: this.#text.length });
      this.#inline(name);
      this.#close("bold");
      for (const [column, cell] of cells.entries()) {
        if (cell.length === 0) continue;
        this.#newline();
        this.#raw("  ");
        this.#inline(header[column + 1] ?? []);
        this.#write(": ");
        this.#inline(cell);
      }
    }
    this.#lastLine = map?.[1] ?? this.#lastLine;
  }
}

const STYLES: Readonly<Record<string, SpanKind | undefined>> = {
  strong: "bold",
  em: "italic",
  s: "strike",
  spoiler: "spoiler",
};

function isSame(label: string, href: string): boolean {
  const bare = (text: string) =>
    decode(text)
      .replace(/^(?:mailto|tel):/i, "")
      .replace(/\/$/, "");
  return bare(label) === bare(href);
}

function decode(text: string): string {
  try {
    return decodeURI(text);
  } catch {
    // No encoded text: as it is.
    return text;
  }
}
