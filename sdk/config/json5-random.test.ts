import assert from "node:assert/strict";
import { test } from "node:test";
import JSON5 from "json5";
import { duplicateKeys, locate, locateKey, removeValue, replaceRoot, setValue } from "./json5-text.ts";

type Value = null | boolean | number | string | Value[] | { [key: string]: Value };
type Random = (below: number) => number;

const ROUNDS = 3000;
const KEYS = ["a", "b", "c", "$d", "_e1", "größe", "ключ", "with space", "it's", 'say "x"', "\u2028", "0", ""];
const SCALARS: Value[] = [null, true, false, 0, -0, 1.5, -7, 1e21, Infinity, -Infinity, NaN, "", "x", "it's", 'a "b"'];
const SCALAR_TEXTS = [
  "null",
  "true",
  ".5",
  "+1",
  "0x10",
  "-Infinity",
  "NaN",
  "5.",
  "'s'",
  '"t"',
  "'it\\'s // no'",
  "'\\\n/* no */'",
];
const KEY_TEXTS = ["a", "b", "c", "$d", "\\u0061b", "'a'", '"b"', '"with space"', "'it\\'s'", "'\\x6B'", "größe"];

test("random edits of random texts give the edited value, keep the comments and repeat to nothing", () => {
  for (let seed = 1; seed <= ROUNDS; seed++) {
    const random = randomFrom(seed);
    const { text, comments } = randomText(random);
    const model = readBack(text);
    const { path, isNew } = randomPlace(model, random);
    const isScalar = isNew || typeof valueAt(model, path) !== "object" || valueAt(model, path) === null;
    const value = randomValue(random, 2);

    const edited = setValue(text, path, value);

    const context = `seed ${seed}: ${JSON.stringify(path)} = ${JSON5.stringify(value)}\n${text}\n=>\n${edited}`;
    assert.deepEqual(readBack(edited), modelWith(model, path, value), context);
    assert.equal(setValue(edited, path, value), edited, context);
    assert.ok(locate(edited, path), context);
    if (isScalar) for (const comment of comments) assert.ok(edited.includes(comment), `${comment} is lost\n${context}`);
  }
});

test("random removals from random texts take away just that value and no comment above or on later lines", () => {
  for (let seed = 1; seed <= ROUNDS; seed++) {
    const random = randomFrom(seed);
    const { text, comments } = randomText(random);
    const model = readBack(text);
    const { path, isNew } = randomPlace(model, random);
    if (path.length === 0) continue;
    const value = locate(text, path);
    const start = locateKey(text, path)?.start ?? value?.start ?? 0;
    const end = value?.end ?? 0;
    const hasTwins = duplicateKeys(text).length > 0;

    const edited = removeValue(text, path);

    const context = `seed ${seed}: without ${JSON.stringify(path)}\n${text}\n=>\n${edited}`;
    if (isNew) assert.equal(edited, text, context);
    else assert.deepEqual(readBack(edited), modelWithout(model, path), context);
    for (const comment of hasTwins ? [] : comments) {
      const at = text.indexOf(comment);
      const isBelow = at >= end && /[\r\n]/.test(withoutComments(text.slice(end, at)));
      if (at < start || isBelow) assert.ok(edited.includes(comment), `${comment} is lost\n${context}`);
    }
  }
});

test("any random text can be turned into any other value and back again", () => {
  for (let seed = 1; seed <= ROUNDS; seed++) {
    const random = randomFrom(seed);
    const { text } = randomText(random);
    const first = readBack(text);
    const second = readBack(randomText(random).text);

    const there = replaceRoot(text, second);
    const back = replaceRoot(there, first);

    const context = `seed ${seed}\n${text}\n=>\n${there}\n=>\n${back}`;
    assert.deepEqual(readBack(there), second, context);
    assert.deepEqual(readBack(back), first, context);
  }
});

/** A linear congruential generator: the same seed gives the same documents on every machine. */
function randomFrom(seed: number): Random {
  let state = BigInt(seed) * 2654435761n;
  return (below) => {
    state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn;
    return Number(state >> 33n) % below;
  };
}

function pick<T>(random: Random, items: readonly T[]): T {
  const item = items[random(items.length)];
  assert.ok(item !== undefined);
  return item;
}

function randomText(random: Random): { text: string; comments: string[] } {
  const comments: string[] = [];
  const eol = pick(random, ["\n", "\n", "\r\n"]);
  const chatter = random(4);
  const gap = (): string => {
    let space = pick(random, ["", " ", "  ", eol, `${eol}  `, `${eol}\t`]);
    if (random(10) < chatter) {
      const text = `c${comments.length}, "x" }`;
      comments.push(pick(random, [`/* ${text} */`, `/*${text}${eol}*/`, `// ${text}`]));
      const comment = comments.at(-1) ?? "";
      space += comment.startsWith("//") ? comment + eol : comment;
    }
    return space + pick(random, ["", " ", eol]);
  };
  const value = (depth: number): string => {
    const kind = depth === 0 ? 2 : random(3);
    if (kind === 2) return pick(random, SCALAR_TEXTS).replace("\n", eol);
    const entries = Array.from({ length: random(4) }, () => {
      const key = kind === 0 ? pick(random, KEY_TEXTS) + gap() + ":" : "";
      return gap() + key + gap() + value(depth - 1) + gap();
    });
    const trailing = entries.length > 0 && random(3) === 0 ? "," : "";
    const body = entries.join(",") + trailing + gap();
    return kind === 0 ? `{${body}}` : `[${body}]`;
  };
  const bom = random(8) === 0 ? "\uFEFF" : "";
  return { text: bom + gap() + (random(20) === 0 ? "" : value(4)) + gap(), comments };
}

function randomValue(random: Random, depth: number): Value {
  const kind = depth === 0 ? 2 : random(4);
  if (kind === 0) return Array.from({ length: random(4) }, () => randomValue(random, depth - 1));
  if (kind === 1) {
    return Object.fromEntries(
      Array.from({ length: random(4) }, () => [pick(random, KEYS), randomValue(random, depth - 1)]),
    );
  }
  return pick(random, SCALARS);
}

/** A way to some value in the model, or to a place beside it where there is none yet. */
function randomPlace(model: Value, random: Random): { path: (string | number)[]; isNew: boolean } {
  const path: (string | number)[] = [];
  let here = model;
  while (typeof here === "object" && here !== null) {
    const last: string | number = Array.isArray(here) ? here.length : pick(random, KEYS);
    const steps: (string | number)[] = Array.isArray(here) ? [...here.keys()] : Object.keys(here);
    if (random(4) === 0 || steps.length === 0) {
      return { path: [...path, last], isNew: valueAt(model, [...path, last]) === undefined };
    }
    path.push(pick(random, steps));
    here = valueAt(model, path) ?? null;
    if (random(4) === 0) break;
  }
  return { path, isNew: false };
}

function valueAt(model: Value | undefined, path: readonly (string | number)[]): Value | undefined {
  let here: Value | undefined = model;
  for (const segment of path) {
    if (Array.isArray(here)) here = here[Number(segment)];
    else if (typeof here === "object" && here !== null && Object.hasOwn(here, segment)) here = here[segment];
    else return undefined;
  }
  return here;
}

function modelWith(model: Value, path: readonly (string | number)[], value: Value): Value {
  const [segment, ...rest] = path;
  if (segment === undefined) return value;
  if (Array.isArray(model)) {
    const index = Number(segment);
    return [...model.slice(0, index), modelWith(model[index] ?? null, rest, value), ...model.slice(index + 1)];
  }
  assert.ok(typeof model === "object" && model !== null);
  return { ...model, [segment]: modelWith(model[segment] ?? null, rest, value) };
}

function modelWithout(model: Value, path: readonly (string | number)[]): Value {
  const segment = path.at(-1);
  const parent = valueAt(model, path.slice(0, -1));
  assert.ok(segment !== undefined && typeof parent === "object" && parent !== null);
  const rest = Array.isArray(parent)
    ? parent.filter((_, index) => index !== segment)
    : Object.fromEntries(Object.entries(parent).filter(([key]) => key !== segment));
  return modelWith(model, path.slice(0, -1), rest);
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[^]*?\*\//g, "");
}

/** As every reader of a config sees it: a text without any value is an empty object. */
function readBack(text: string): Value {
  return locate(text, []) ? JSON5.parse(text) : {};
}
