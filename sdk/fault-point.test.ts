import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";

const SCRIPT = `
  import { faultPoint, faultPointsPassed } from ${JSON.stringify(import.meta.resolve("./fault-point.ts"))};
  for (const name of ["a", "b", "a", "b"]) {
    faultPoint(name);
    console.log(name, faultPointsPassed());
  }
`;

function run(env: Record<string, string>): { lines: string[]; signal: NodeJS.Signals | null } {
  const { stdout, signal } = spawnSync(process.execPath, ["--input-type=module", "-e", SCRIPT], {
    env,
    encoding: "utf8",
  });
  return { lines: stdout.trim().split("\n"), signal };
}

test("without the switch a fault point does nothing and counts nothing", () => {
  assert.deepEqual(run({}), { lines: ["a 0", "b 0", "a 0", "b 0"], signal: null });
  assert.deepEqual(run({ OPENCLAW_TEST_KILL_AT: "nonsense" }).lines.at(-1), "b 0");
});

test("the process dies at the step it is told, without a chance to say anything", { skip: isWindows() }, () => {
  assert.deepEqual(run({ OPENCLAW_TEST_KILL_AT: "3" }), { lines: ["a 1", "b 2"], signal: "SIGKILL" });
});

test("steps of one name can be counted alone", { skip: isWindows() }, () => {
  const env = { OPENCLAW_TEST_KILL_AT: "2", OPENCLAW_TEST_KILL_STEP: "b" };

  assert.deepEqual(run(env), { lines: ["a 0", "b 1", "a 1"], signal: "SIGKILL" });
});

function isWindows(): boolean {
  return process.platform === "win32";
}
