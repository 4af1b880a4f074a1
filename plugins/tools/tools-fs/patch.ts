import { GatewayError } from "openclaw/plugin-sdk";

/** Lines that stand together: those with `-` are taken out, those with `+` put in, those with a blank stay. */
export interface Hunk {
  /** A line before the hunk, such as a function's head, that says where to look. */
  readonly anchor: string | undefined;
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly atEnd: boolean;
}

export type FileChange =
  | { readonly kind: "add"; readonly path: string; readonly text: string }
  | { readonly kind: "delete"; readonly path: string }
  | {
      readonly kind: "update";
      readonly path: string;
      readonly moveTo: string | undefined;
      readonly hunks: readonly Hunk[];
    };

const MAX_FILES = 100;
const HEAD = /^\*\*\* (Add|Delete|Update) File: (.+)$/;

/** Read a patch between `*** Begin Patch` and `*** End Patch`. Throws with the line that cannot be understood. */
export function parsePatch(input: string): FileChange[] {
  const lines = input.replaceAll("\r\n", "\n").trim().split("\n");
  if (lines[0]?.trim() !== "*** Begin Patch") throw wrong(1, 'a patch begins with "*** Begin Patch"');
  if (lines.at(-1)?.trim() !== "*** End Patch") throw wrong(lines.length, 'a patch ends with "*** End Patch"');
  const changes: FileChange[] = [];
  const end = lines.length - 1;
  let at = 1;
  /** The lines up to the next head, with their numbers. */
  const body = (): [number, string][] => {
    const from = at;
    while (at < end && !HEAD.test(lines[at] as string)) at++;
    return lines.slice(from, at).map((line, index) => [from + index + 1, line]);
  };
  while (at < end) {
    const head = HEAD.exec(lines[at] as string);
    if (!head) throw wrong(at + 1, `expected "*** Add File:", "*** Delete File:" or "*** Update File:"`);
    at++;
    const path = (head[2] as string).trim();
    if (changes.length >= MAX_FILES) throw wrong(at, `a patch may change at most ${MAX_FILES} files`);
    if (head[1] === "Add") changes.push({ kind: "add", path, text: addedText(body()) });
    else if (head[1] === "Delete") {
      if (body().some(([, line]) => line.trim() !== "")) throw wrong(at, `nothing may follow "*** Delete File:"`);
      changes.push({ kind: "delete", path });
    } else changes.push(update(path, body(), at));
  }
  if (changes.length === 0) throw wrong(2, "the patch changes nothing");
  return changes;
}

/** Lines that are gone through for one patch, hunk by hunk. */
const MAX_LOOKED_AT = 20_000_000;

/** The text after all hunks, found in order. Throws when one is not where it should be. */
export function applyHunks(text: string, hunks: readonly Hunk[], name: string): string {
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const lines = text.split(eol);
  // A last line break is an empty line here, and stays.
  if (lines.length * hunks.length > MAX_LOOKED_AT)
    throw new GatewayError(
      "INVALID_REQUEST",
      `${hunks.length} changes are too many for ${name}, which has ${lines.length} lines; write it anew or make several patches`,
    );
  let from = 0;
  for (const [index, { anchor, before, after, atEnd }] of hunks.entries()) {
    if (anchor !== undefined) {
      const found = lines.findIndex((line, number) => number >= from && line.trim() === anchor.trim());
      if (found < 0) throw misplaced(name, index, `"${anchor}" was not found`);
      from = found + 1;
    }
    const at =
      before.length === 0 ? insertionPoint(lines, anchor === undefined, from) : find(lines, before, from, atEnd);
    if (at < 0) throw misplaced(name, index, `its lines were not found: ${JSON.stringify(before[0])}`);
    lines.splice(at, before.length, ...after);
    from = at + after.length;
  }
  return lines.join(eol);
}

function update(path: string, body: readonly [number, string][], after: number): FileChange {
  const [first] = body;
  const moveTo = first && /^\*\*\* Move to: (.+)$/.exec(first[1])?.[1]?.trim();
  const hunks = hunksOf(moveTo === undefined ? body : body.slice(1));
  if (hunks.length === 0 && moveTo === undefined) throw wrong(after, `the update of ${path} has no changes`);
  return { kind: "update", path, moveTo, hunks };
}

function hunksOf(body: readonly [number, string][]): Hunk[] {
  const hunks: { anchor: string | undefined; before: string[]; after: string[]; atEnd: boolean }[] = [];
  for (const [number, line] of body) {
    if (line.startsWith("@@")) {
      const anchor = line.slice(2).replace(/^ /, "").replace(/ ?@@$/, "");
      const isAnchor = anchor.trim() !== "" && !/^-\d+(,\d+)? \+\d+(,\d+)?$/.test(anchor.trim());
      hunks.push({ anchor: isAnchor ? anchor : undefined, before: [], after: [], atEnd: false });
      continue;
    }
    if (hunks.length === 0) hunks.push({ anchor: undefined, before: [], after: [], atEnd: false });
    const hunk = hunks.at(-1) as (typeof hunks)[number];
    if (line.trim() === "*** End of File") hunk.atEnd = true;
    else if (line.startsWith("+")) hunk.after.push(line.slice(1));
    else if (line.startsWith("-")) hunk.before.push(line.slice(1));
    else if (line.startsWith(" ") || line === "") {
      hunk.before.push(line.slice(1));
      hunk.after.push(line.slice(1));
    } else throw wrong(number, `a line of a change begins with " ", "+", "-" or "@@"`);
  }
  return hunks.filter(({ before, after }) => before.length > 0 || after.length > 0);
}

function addedText(body: readonly [number, string][]): string {
  return body
    .map(([number, line]) => {
      if (!line.startsWith("+")) throw wrong(number, `a line of a new file begins with "+"`);
      return `${line.slice(1)}\n`;
    })
    .join("");
}

/** Where `wanted` stands from `from` on: exactly, else without regard to blanks at the ends of lines. */
function find(lines: readonly string[], wanted: readonly string[], from: number, atEnd: boolean): number {
  const last = lines.length - wanted.length;
  const first = atEnd ? Math.max(from, last - 1) : from;
  if (first > last) return -1;
  const exact = firstMatch(lines, wanted, first);
  if (exact >= 0) return exact;
  const trimmed = lines.map((line, number) => (number < first ? line : line.trimEnd()));
  return firstMatch(
    trimmed,
    wanted.map((line) => line.trimEnd()),
    first,
  );
}

/** Each line is looked at once (Knuth, Morris and Pratt): files with thousands of equal lines are no rarity. */
function firstMatch(lines: readonly string[], wanted: readonly string[], from: number): number {
  const back = [0];
  for (let at = 1, length = 0; at < wanted.length; at++) {
    while (length > 0 && wanted[at] !== wanted[length]) length = back[length - 1] as number;
    if (wanted[at] === wanted[length]) length++;
    back.push(length);
  }
  for (let at = from, length = 0; at < lines.length; at++) {
    while (length > 0 && lines[at] !== wanted[length]) length = back[length - 1] as number;
    if (lines[at] === wanted[length]) length++;
    if (length === wanted.length) return at - length + 1;
  }
  return -1;
}

/** Lines to put in with nothing around them go to the end, or after what says where. */
function insertionPoint(lines: readonly string[], isAtEnd: boolean, from: number): number {
  if (!isAtEnd) return from;
  return lines.at(-1) === "" ? lines.length - 1 : lines.length;
}

function wrong(line: number, text: string): GatewayError {
  return new GatewayError("INVALID_REQUEST", `line ${line} of the patch: ${text}`);
}

function misplaced(name: string, index: number, text: string): GatewayError {
  return new GatewayError(
    "INVALID_REQUEST",
    `change ${index + 1} of ${name} does not fit: ${text}; read the file first`,
  );
}
