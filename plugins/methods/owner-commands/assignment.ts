import JSON5 from "json5";

/** A path, and what is written behind it. */
export interface Assignment {
  readonly path: string;
  readonly text: string;
}

/** `path value` or `path=value`; no path, no value: empty. */
export function assignmentOf(words: string): Assignment {
  const [, path = "", text = ""] = /^((?:\["[^"]*"\]|[^\s="])*)\s*=?\s*([\s\S]*)$/.exec(words.trim()) ?? [];
  return { path, text: text.trim() };
}

/** JSON5, else the words themselves. */
export function valueOf(text: string): unknown {
  try {
    return JSON5.parse<unknown>(text);
  } catch {
    // A plain word is a text.
    return text;
  }
}
