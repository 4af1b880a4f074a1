import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { intendedOf } from "./intended.ts";
import type { Known } from "./intended.ts";

/** What one replay found. */
export interface Report {
  readonly file: string;
  compared: number;
  readonly othersEvents: Set<string>;
  /** Differences that are meant, and how often each was seen. */
  readonly known: Map<Known, number>;
  readonly unexpected: string[];
}

export function createReport(file: string): Report {
  return {
    file,
    compared: 0,
    othersEvents: new Set(),
    known: new Map(),
    unexpected: [],
  };
}

export function isIntended(what: string, { file }: Report): boolean {
  return intendedOf(file).some(({ where }) => where.test(what));
}

/** Put a difference where it belongs: what is meant, or what nobody knows of. */
export function judge(what: string, { file, known, unexpected }: Report): void {
  const intended = intendedOf(file).find(({ where }) => where.test(what));
  if (intended) known.set(intended, (known.get(intended) ?? 0) + 1);
  else unexpected.push(what);
}

/** Say what was compared and what was not; fail on what nobody knows of, and on what is allowed for nothing. */
export function assertAsRecorded(t: TestContext, report: Report): void {
  const { file, compared, othersEvents, known, unexpected } = report;
  t.diagnostic(`${compared} frames and closes compared`);
  const list = (names: ReadonlySet<string>) => [...names].join(" ");
  if (othersEvents.size > 0)
    t.diagnostic(`${othersEvents.size} events not here, or not this client's: ${list(othersEvents)}`);
  for (const [{ why }, count] of known) t.diagnostic(`${count} × intended, ${why}`);
  assert.deepEqual(unexpected, []);
  const idle = intendedOf(file).filter((allowed) => !allowed.maybe && !known.has(allowed));
  assert.deepEqual(
    idle.map(({ where }) => String(where)),
    [],
    `allowed in replay/intended.ts for ${file}, but there is no such difference any more: take it away`,
  );
}
