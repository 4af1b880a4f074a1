import { GRADES } from "./rule.ts";
import type { KitGrade } from "./rule.ts";

export interface KitResult {
  readonly id: string;
  readonly title: string;
  readonly grade: KitGrade;
  readonly outcome: "passed" | "failed" | "n/a";
  /** Why it failed, or does not apply. */
  readonly reason?: string;
  readonly ms: number;
}

export interface KitReport {
  readonly channel: string;
  /** The highest grade whose rules, and those of the grades below it, all hold or do not apply. */
  readonly grade: KitGrade | "none";
  readonly passed: number;
  readonly failed: number;
  readonly notApplicable: number;
  readonly results: readonly KitResult[];
}

/** The report of what was checked. */
export function reportOf(channel: string, results: readonly KitResult[]): KitReport {
  const count = (outcome: KitResult["outcome"]) => results.filter((one) => one.outcome === outcome).length;
  return {
    channel,
    grade: gradeOf(results),
    passed: count("passed"),
    failed: count("failed"),
    notApplicable: count("n/a"),
    results,
  };
}

/** For people: a line per rule, the reasons below it, and the grade at the end. */
export function reportText({ channel, grade, passed, failed, notApplicable, results }: KitReport): string {
  const lines = results.flatMap(({ id, title, outcome, reason, grade: of, ms }) => [
    `${MARKS[outcome]} ${id.padEnd(3)} ${of.padEnd(8)} ${title}${outcome === "n/a" ? "" : ` (${(ms / 1_000).toFixed(1)} s)`}`,
    ...(reason === undefined ? [] : [`           ${reason.replaceAll("\n", "\n           ")}`]),
  ]);
  return [
    `Channel kit: ${channel}`,
    ...lines,
    `Grade: ${grade} (${passed} passed, ${failed} failed, ${notApplicable} not applicable)`,
  ].join("\n");
}

const MARKS = { passed: "pass", failed: "FAIL", "n/a": "n/a " } as const;

function gradeOf(results: readonly KitResult[]): KitReport["grade"] {
  if (!results.some(({ outcome }) => outcome === "passed")) return "none";
  const first = GRADES.findIndex((grade) => results.some((one) => one.grade === grade && one.outcome === "failed"));
  return first === -1 ? "platinum" : (GRADES[first - 1] ?? "none");
}
