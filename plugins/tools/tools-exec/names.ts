import { randomInt } from "node:crypto";

const FIRST =
  "amber brisk calm clear cool crisp eager fair fresh gentle keen kind lucid mellow neat quick quiet swift tidy warm";
const SECOND =
  "bay brook cedar cloud coral crest dune ember fern fjord grove harbor lagoon lake maple meadow reef ridge shell tide";

/** Two words that no other of `taken` has: easy to say again for a model. */
export function twoWords(taken: { has(name: string): boolean }): string {
  const pick = (words: string) => {
    const list = words.split(" ");
    return list[randomInt(list.length)] as string;
  };
  for (let number = 1; ; number++) {
    const name = `${pick(FIRST)}-${pick(SECOND)}${number > 20 ? `-${number}` : ""}`;
    if (!taken.has(name)) return name;
  }
}
