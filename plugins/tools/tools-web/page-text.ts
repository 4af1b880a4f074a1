import type { Parser } from "htmlparser2";

export type ExtractMode = "markdown" | "text";

export interface PageText {
  readonly title: string;
  readonly text: string;
}

/** A main part with less text than this is an empty shell around something else. */
const LEAST_MAIN = 200;
const MAX_DEPTH = 512;

const SKIPPED = new Set(
  "script style noscript template svg canvas iframe object head nav footer aside form button select dialog".split(" "),
);
const BLOCKS = new Set(
  "address article aside blockquote dd div dl dt figcaption figure footer header hr li main ol p pre section table tbody td tfoot th thead tr ul".split(
    " ",
  ),
);
const HEADINGS: Readonly<Record<string, string>> = {
  h1: "#",
  h2: "##",
  h3: "###",
  h4: "####",
  h5: "#####",
  h6: "######",
};

/** What a reader sees of a page: its main part, without navigation, as Markdown or as plain text. */
export async function pageText(html: string, mode: ExtractMode, base: string): Promise<PageText> {
  const { Parser } = await import("htmlparser2");
  const whole = new Sink(mode, base);
  const parser: Parser = new Parser(whole, { decodeEntities: true, lowerCaseTags: true });
  parser.write(html);
  parser.end();
  const main = tidy(whole.main.join(""));
  return {
    title: whole.title.replaceAll(/\s+/g, " ").trim(),
    text: main.length >= LEAST_MAIN ? main : tidy(whole.all.join("")),
  };
}

/** Takes the parser's events in. */
class Sink {
  readonly all: string[] = [];
  /** What stands in `main` or `article`. */
  readonly main: string[] = [];
  title = "";
  readonly #markdown: boolean;
  readonly #base: string;
  #skipping = 0;
  #mains = 0;
  #pre = 0;
  #depth = 0;
  #inTitle = false;
  readonly #links: (string | undefined)[] = [];
  readonly #lists: { ordered: boolean; count: number }[] = [];

  constructor(mode: ExtractMode, base: string) {
    this.#markdown = mode === "markdown";
    this.#base = base;
  }

  onopentag(name: string, attributes: Readonly<Record<string, string>>): void {
    this.#depth++;
    if (name === "title" && this.title === "") this.#inTitle = true;
    if (SKIPPED.has(name) || this.#skipping > 0) {
      if (SKIPPED.has(name)) this.#skipping++;
      return;
    }
    if (name === "main" || name === "article") this.#mains++;
    const heading = Object.hasOwn(HEADINGS, name) ? HEADINGS[name] : undefined;
    if (heading !== undefined) this.#put(this.#markdown ? `\n\n${heading} ` : "\n\n");
    else if (name === "br") this.#put("\n");
    else if (name === "hr") this.#put(this.#markdown ? "\n\n---\n\n" : "\n\n");
    else if (name === "pre") {
      this.#pre++;
      this.#put(this.#markdown ? "\n\n```\n" : "\n\n");
    } else if (name === "ul" || name === "ol") {
      this.#lists.push({ ordered: name === "ol", count: 0 });
      this.#put("\n");
    } else if (name === "li") this.#put(this.#bullet());
    else if (name === "td" || name === "th") this.#put(" | ");
    else if (name === "a") this.#link(attributes["href"]);
    else if (name === "img") this.#image(attributes);
    else if (this.#markdown && this.#pre === 0 && name === "code") this.#put("`");
    else if (this.#markdown && (name === "strong" || name === "b")) this.#put("**");
    else if (BLOCKS.has(name)) this.#put("\n\n");
  }

  onclosetag(name: string): void {
    this.#depth--;
    if (name === "title") this.#inTitle = false;
    if (SKIPPED.has(name)) {
      this.#skipping = Math.max(0, this.#skipping - 1);
      return;
    }
    if (this.#skipping > 0) return;
    if (Object.hasOwn(HEADINGS, name)) this.#put("\n\n");
    else if (name === "pre") {
      this.#pre = Math.max(0, this.#pre - 1);
      this.#put(this.#markdown ? "\n```\n\n" : "\n\n");
    } else if (name === "ul" || name === "ol") {
      this.#lists.pop();
      this.#put("\n");
    } else if (name === "a") {
      const href = this.#links.pop();
      if (href !== undefined) this.#put(`](${href})`);
    } else if (this.#markdown && this.#pre === 0 && name === "code") this.#put("`");
    else if (this.#markdown && (name === "strong" || name === "b")) this.#put("**");
    else if (BLOCKS.has(name) && name !== "td" && name !== "th" && name !== "li") this.#put("\n\n");
    if (name === "main" || name === "article") this.#mains = Math.max(0, this.#mains - 1);
  }

  ontext(text: string): void {
    if (this.#inTitle) this.title = `${this.title}${text}`.slice(0, 500);
    else if (this.#skipping === 0) this.#put(this.#pre > 0 ? text : text.replaceAll(/\s+/g, " "));
  }

  #put(text: string): void {
    // A page that nests without end is no page.
    if (this.#depth > MAX_DEPTH) return;
    this.all.push(text);
    if (this.#mains > 0) this.main.push(text);
  }

  #bullet(): string {
    const list = this.#lists.at(-1);
    if (list) list.count++;
    const indent = "  ".repeat(Math.min(8, Math.max(0, this.#lists.length - 1)));
    return `\n${indent}${list?.ordered ? `${list.count}.` : "-"} `;
  }

  #link(href: string | undefined): void {
    const target = this.#markdown && href !== undefined ? absolute(href, this.#base) : undefined;
    this.#links.push(target);
    if (target !== undefined) this.#put("[");
  }

  #image({ alt = "" }: Readonly<Record<string, string>>): void {
    const words = alt.replaceAll(/\s+/g, " ").trim();
    if (words !== "") this.#put(this.#markdown ? `![${words}]` : words);
  }
}

/** Only what can be fetched: no scripts, no data, no places on the same page. */
function absolute(href: string, base: string): string | undefined {
  if (href.startsWith("#") || !URL.canParse(href, base)) return undefined;
  const url = new URL(href, base);
  return url.protocol === "http:" || url.protocol === "https:" ? url.href.replaceAll(")", "%29") : undefined;
}

function tidy(text: string): string {
  return text
    .replaceAll(/[ \t]+\n/g, "\n")
    .replaceAll(/\n[ \t]+(?=\n)/g, "\n")
    .replaceAll(/\n{3,}/g, "\n\n")
    .trim();
}
