import { escapeHtml, escapeMarkdown, escapeSlack } from "./escape.ts";
import type { Flat, Layout, Span } from "./flatten.ts";

/** The forms of text that networks have (channels.md §1.13). */
export type MarkdownDialect = "telegram" | "slack" | "discord" | "whatsapp" | "signal" | "matrix" | "msteams" | "plain";

/** Where a span stands: what is beside it decides whether a marker would be one. */
export interface Place {
  readonly before: string | undefined;
  readonly after: string | undefined;
}

export interface Dialect {
  readonly layout: Layout;
  /** Text of the author; nothing in it may become markup. */
  text(text: string, isLineStart: boolean): string;
  /** Text that is code. */
  code?(text: string): string;
  /** `inner` is written already. */
  wrap(span: Span, inner: string, place: Place, flat: Flat): string;
}

const CHAT: Layout = { bullet: "•", links: "text", quote: { prefix: "> " }, headings: false, tables: "code" };

const PLAIN: Dialect = { layout: CHAT, text: (text) => text, wrap: (_span, inner) => inner };

const TELEGRAM: Dialect = {
  layout: { ...CHAT, links: "span", quote: "span" },
  text: escapeHtml,
  code: escapeHtml,
  wrap: ({ kind, href, language }, inner) => {
    if (kind === "bold") return `<b>${inner}</b>`;
    if (kind === "italic") return `<i>${inner}</i>`;
    if (kind === "strike") return `<s>${inner}</s>`;
    if (kind === "code") return `<code>${inner}</code>`;
    if (kind === "pre") return htmlBlock(inner, language);
    if (kind === "link") return htmlLink(inner, href);
    return kind === "quote" ? `<blockquote>${inner}</blockquote>` : inner;
  },
};

const MATRIX: Dialect = {
  layout: TELEGRAM.layout,
  text: (text) => escapeHtml(text).replaceAll("\n", "<br>"),
  code: escapeHtml,
  wrap: ({ kind, href, language }, inner) => {
    if (kind === "bold") return `<strong>${inner}</strong>`;
    if (kind === "italic") return `<em>${inner}</em>`;
    if (kind === "strike") return `<del>${inner}</del>`;
    if (kind === "code") return `<code>${inner}</code>`;
    if (kind === "pre") return htmlBlock(inner, language);
    if (kind === "link") return htmlLink(inner, href);
    return kind === "quote" ? `<blockquote>${inner}</blockquote>` : inner;
  },
};

const SLACK: Dialect = {
  layout: { ...CHAT, links: "span" },
  text: escapeSlack,
  code: escapeHtml,
  wrap: ({ kind, href = "" }, inner, place) => {
    if (kind === "bold") return marked("*", inner, place);
    if (kind === "italic") return marked("_", inner, place);
    if (kind === "strike") return marked("~", inner, place);
    if (kind === "code") return `\`${inner.replaceAll("`", "'")}\``;
    if (kind === "pre") return fence(inner);
    if (kind !== "link") return inner;
    const url = escapeHtml(href).replaceAll("|", "%7C");
    return inner === "" || inner === url ? `<${url}>` : `<${url}|${inner}>`;
  },
};

const WHATSAPP: Dialect = {
  layout: { ...CHAT, bullet: "-", tables: "bullets" },
  text: (text) => text,
  code: (text) => text,
  wrap: ({ kind }, inner, place) => {
    if (kind === "bold") return marked("*", inner, place);
    if (kind === "italic") return marked("_", inner, place);
    if (kind === "strike") return marked("~", inner, place);
    if (kind === "code") return `\`\`\`${tamed(inner)}\`\`\``;
    return kind === "pre" ? fence(inner) : inner;
  },
};

const DISCORD: Dialect = {
  layout: { ...CHAT, bullet: "-", links: "span", headings: true },
  text: (text, isLineStart) => escapeMarkdown(text, isLineStart),
  code: (text) => text,
  wrap: (span, inner, _place, flat) => {
    const { kind, language } = span;
    if (kind === "bold") return `**${inner}**`;
    if (kind === "italic") return `*${inner}*`;
    if (kind === "strike") return `~~${inner}~~`;
    if (kind === "spoiler") return `||${inner}||`;
    if (kind === "code") return codeSpan(inner);
    if (kind === "pre") return fence(inner, language);
    return kind === "link" ? markdownLink(span, inner, flat) : inner;
  },
};

/** Spoilers are text there, and headings are too large for a chat. */
const TEAMS: Dialect = {
  ...DISCORD,
  layout: { ...DISCORD.layout, headings: false },
  wrap: (span, inner, place, flat) => (span.kind === "spoiler" ? inner : DISCORD.wrap(span, inner, place, flat)),
};

export const DIALECTS: Readonly<Record<MarkdownDialect, Dialect>> = {
  telegram: TELEGRAM,
  slack: SLACK,
  discord: DISCORD,
  whatsapp: WHATSAPP,
  signal: { ...PLAIN, layout: { ...CHAT, tables: "bullets" } },
  matrix: MATRIX,
  msteams: TEAMS,
  plain: PLAIN,
};

function htmlBlock(code: string, language: string | undefined): string {
  const open = language === undefined ? "<code>" : `<code class="language-${language}">`;
  return `<pre>${open}${code}</code></pre>`;
}

function htmlLink(inner: string, href = ""): string {
  return `<a href="${escapeHtml(href).replaceAll('"', "&quot;")}">${inner}</a>`;
}

/** Where a word goes on beside it, the marker would be shown instead of the style: then there is no style. */
function marked(marker: string, inner: string, { before = "", after = "" }: Place): string {
  const word = /[\p{L}\p{N}]/u;
  const [, lead = "", text = "", trail = ""] = /^(\s*)([\s\S]*?)(\s*)$/.exec(inner) ?? [];
  if (text === "" || (lead === "" && word.test(before)) || (trail === "" && word.test(after))) return inner;
  return `${lead}${marker}${text}${marker}${trail}`;
}

function fence(code: string, language = ""): string {
  return `\`\`\`${language}\n${tamed(code)}\n\`\`\``;
}

/** A fence in code must not end the block: its backticks are held apart by a space without width. */
function tamed(code: string): string {
  return code.replaceAll("```", "`\u200b`\u200b`");
}

function codeSpan(code: string): string {
  if (!code.includes("`")) return `\`${code}\``;
  return `\`\` ${code.replaceAll("``", "`\u200b`")} \`\``;
}

/** A label that looks like an address says where it really leads. */
function markdownLink({ start, end, href = "" }: Span, inner: string, { text }: Flat): string {
  const label = text.slice(start, end);
  if (label === "" || label === href) return href;
  if (/^\s*\w+:\/\//.test(label)) return `${label} (${href})`;
  return `[${inner}](${href.replaceAll("(", "%28").replaceAll(")", "%29")})`;
}
