/**
 * For tests only. `OPENCLAW_TEST_KILL_AT=<n>` ends the process without warning, as `kill -9` does, at the n-th durable
 * step it takes; `OPENCLAW_TEST_KILL_STEP=<name>` counts only steps of that name. Zero, or nothing, is off.
 */
const DEATH = Number(process.env["OPENCLAW_TEST_KILL_AT"] ?? 0);
const ONLY = process.env["OPENCLAW_TEST_KILL_STEP"];
let passed = 0;

/** Names a place between two durable steps, where a crash must leave nothing to mend by hand. Costs one comparison. */
export function faultPoint(name: string): void {
  if (DEATH > 0) pass(name);
}

/** How many points the process has come through; counted only while the switch is on. */
export function faultPointsPassed(): number {
  return passed;
}

function pass(name: string): void {
  if (ONLY !== undefined && ONLY !== name) return;
  if (++passed === DEATH) process.kill(process.pid, "SIGKILL");
}
