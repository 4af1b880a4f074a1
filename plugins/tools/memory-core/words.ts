/** Scripts that put no blanks between words: each sign is a word for the index. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;
const WORD = /[\p{L}\p{N}_]+/gu;
const MAX_TERMS = 40;

/** `text` with blanks where the index has to see words. */
export function spaced(text: string): string {
  return [...text].map((sign) => (UNSPACED.test(sign) ? ` ${sign} ` : sign)).join("");
}

/** A query for FTS5 that finds what has any of the words, or `undefined` when there is none. Nothing in it is syntax. */
export function ftsQuery(query: string): string | undefined {
  const terms = new Set<string>();
  for (const [word] of query.toLowerCase().matchAll(WORD)) {
    for (const run of runs(word)) {
      if (terms.size >= MAX_TERMS) break;
      terms.add(UNSPACED.test(run) ? `"${[...run].join(" ")}"` : `"${run}"*`);
    }
  }
  return terms.size === 0 ? undefined : [...terms].join(" OR ");
}

/** Parts of one script; long ones of signs in pairs, because a question seldom repeats a whole sentence. */
function runs(word: string): string[] {
  const parts = word.match(new RegExp(`${UNSPACED.source}+|[^\\s]`, "gu")) ?? [];
  const joined: string[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if (UNSPACED.test(part) || last === undefined || UNSPACED.test(last)) joined.push(part);
    else joined[joined.length - 1] = last + part;
  }
  return joined.flatMap((run) => (UNSPACED.test(run) && [...run].length > 2 ? pairs(run) : [run]));
}

function pairs(run: string): string[] {
  const signs = [...run];
  return signs.slice(1).map((sign, index) => `${signs[index]}${sign}`);
}
