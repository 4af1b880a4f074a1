import type { KitRule } from "../rule.ts";
import { ACCESS } from "./access.ts";
import { ANSWERS } from "./answers.ts";
import { GROUPS } from "./groups.ts";
import { INTAKE } from "./intake.ts";
import { LIFE } from "./life.ts";

/** Every rule, in the order of its number. */
export const RULES: readonly KitRule[] = [...LIFE, ...ACCESS, ...GROUPS, ...INTAKE, ...ANSWERS].toSorted(
  (one, other) => rank(one.id) - rank(other.id) || one.id.localeCompare(other.id),
);

/** Scenarios of the channels first, then requirements of reliability. */
function rank(id: string): number {
  return Number(id.slice(1)) + (id.startsWith("C") ? 0 : 100);
}
