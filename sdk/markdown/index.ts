/** Markdown in the forms that chat networks have, for `format` of a channel (channels.md §1.13). */
export type { MarkdownDialect } from "./dialect.ts";
export type { TableMode } from "./flatten.ts";
export { renderMarkdown, renderStyled, tableMode } from "./render.ts";
export type { RenderOptions, StyleRange } from "./render.ts";
