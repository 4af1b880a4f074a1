import type { KitFeature } from "./contract.ts";
import type { Bench } from "./bench.ts";

export const GRADES = ["bronze", "silver", "gold", "platinum"] as const;
export type KitGrade = (typeof GRADES)[number];

/** One promise of a channel, and how it is looked at. */
export interface KitRule {
  /** Scenario of the specification, such as `C8`. */
  readonly id: string;
  /** The promise, as a sentence. */
  readonly title: string;
  /** The first grade that needs it. */
  readonly grade: KitGrade;
  readonly needs?: readonly KitFeature[];
  /** Looks at things of the whole process: runs while no other rule does. */
  readonly isAlone?: boolean;
  /** Throws a {@link Broken} that says what is wrong. */
  check(bench: Bench): Promise<void>;
}

/** The channel broke its promise. */
export class Broken extends Error {}

/** The rule says nothing about this channel. */
export class NotApplicable extends Error {}

export function holds(isTrue: boolean, problem: string): asserts isTrue {
  if (!isTrue) throw new Broken(problem);
}
