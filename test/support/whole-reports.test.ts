import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";

/** Runs one test file of this source as `npm test` does. */
function run(context: TestContext, source: string): Promise<{ code: number; output: string }> {
  const folder = mkdtempSync(join(tmpdir(), "openclaw-report-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, "demo.test.ts"), source);
  const { NODE_TEST_CONTEXT: _outer, ...env } = process.env;
  const [preload, reporter] = ["leave-nothing-open.ts", "whole-reports.ts"].map((name) =>
    join(import.meta.dirname, name),
  );
  const options = ["--test", "--import", preload, "--test-reporter=spec", `--test-reporter=${reporter}`];
  const files = ["--test-reporter-destination=stdout", "--test-reporter-destination=stdout", "demo.test.ts"];
  return new Promise((resolve) => {
    execFile(process.execPath, [...options, ...files] as string[], { cwd: folder, env }, (error, output) =>
      resolve({ code: Number(error?.code ?? 0), output }),
    );
  });
}

test("a file that leaves something open is ended, reported whole and named", async (context) => {
  const { code, output } = await run(
    context,
    `import { createServer } from "node:net";
     import { test } from "node:test";
     for (let number = 1; number <= 500; number++) test(\`number \${number} \${"x".repeat(500)}\`, () => {});
     test("leaves a server", () => void createServer().listen(0, "127.0.0.1"));`,
  );

  assert.match(output, /^ℹ tests 501$/m);
  assert.match(output, /^⚠ demo\.test\.ts left open: TCPServerWrap$/m);
  assert.equal(code, 0);
});

test("a test that fails fails the run, whatever its file leaves open", async (context) => {
  const { code, output } = await run(
    context,
    `import { test } from "node:test";
     test("fails", () => { setInterval(() => {}, 1_000); throw new Error("on purpose"); });`,
  );

  assert.match(output, /^⚠ demo\.test\.ts left open: Timeout$/m);
  assert.match(output, /on purpose/);
  assert.equal(code, 1);
});

for (const [what, source] of [
  ["runs no test", "export {};"],
  ["ends before its report does", `import { test } from "node:test"; test("exits", () => process.exit(0));`],
] as const)
  test(`a file that ${what} fails the run`, async (context) => {
    const { code, output } = await run(context, source);

    assert.match(output, /^✖ demo\.test\.ts ran no test, or ended before it had reported all of them$/m);
    assert.equal(code, 1);
  });
