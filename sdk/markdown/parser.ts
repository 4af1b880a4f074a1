import createParser from "markdown-it";
import type { MarkdownIt, Token } from "markdown-it";

export type { Token };

/** Where plain text may end: what `markdown-it` has, and the bar of spoilers. */
const TERMINATORS = new Set(["\n", ..."$%&*+-:<=>@[\\]^_`{}~!#|"]);
const BAR = 0x7c;

let parser: MarkdownIt | undefined;

/** The tokens of a text. Tags are text; `||x||` is a spoiler. */
export function parseMarkdown(markdown: string): Token[] {
  parser ??= makeParser();
  return parser.parse(markdown, {});
}

function makeParser(): MarkdownIt {
  const made = createParser({ html: false, linkify: true });
  // Addresses with a scheme only: the underscores in them are no markup.
  made.linkify.set({ fuzzyLink: false, fuzzyEmail: false, fuzzyIP: false });
  // In a chat, a line of dashes under a text is a line and no heading.
  made.disable("lheading");
  // Which addresses become links is decided where they are written, so that the label is never lost.
  made.validateLink = () => true;
  made.inline.ruler.at("text", (state, silent) => {
    let end = state.pos;
    while (end < state.posMax && !TERMINATORS.has(state.src[end] as string)) end++;
    if (end === state.pos) return false;
    if (!silent) state.pending += state.src.slice(state.pos, end);
    state.pos = end;
    return true;
  });
  made.inline.ruler.push("spoiler", (state, silent) => {
    const start = state.pos + 2;
    if (!isMarker(state.src, state.pos)) return false;
    const end = closing(state.src, start, state.posMax);
    if (end === undefined) return false;
    if (!silent) {
      const { posMax } = state;
      state.push("spoiler_open", "span", 1);
      state.pos = start;
      state.posMax = end;
      state.md.inline.tokenize(state);
      state.posMax = posMax;
      state.push("spoiler_close", "span", -1);
    }
    state.pos = end + 2;
    return true;
  });
  return made;
}

/** The next pair of bars behind at least one character. */
function closing(text: string, from: number, to: number): number | undefined {
  for (let at = from + 1; at + 1 < to; at++) {
    if (text[at] === "\\") at++;
    else if (isMarker(text, at)) return at;
  }
  return undefined;
}

function isMarker(text: string, at: number): boolean {
  return text.charCodeAt(at) === BAR && text.charCodeAt(at + 1) === BAR;
}
