import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../support/build.ts";
import { run, testHome } from "../support/command-line.ts";

const example = join(root, "examples", "custom-channel");

test("plugins test checks the channel of a folder with the release, prints the report, and exits by it", async () => {
  using at = await testHome(null);
  const folder = mkdtempSync(join(tmpdir(), "openclaw-kit-cli-"));
  cpSync(example, folder, { recursive: true });

  const passed = await run(at, ["plugins", "test", folder, "--only", "c1,C18", "--patience", "4"]);
  const index = join(folder, "index.ts");
  writeFileSync(index, readFileSync(index, "utf8").replace("connected({ bot: { username: name } })", "connected()"));
  const args = ["plugins", "test", folder, "--only", "C1", "--patience", "4", "--json"];
  const failed = await run(at, args);
  rmSync(folder, { recursive: true, force: true });

  assert.equal(passed.code, 0, passed.stdout + passed.stderr);
  assert.match(passed.stdout, /^Channel kit: pigeon\npass C1 .*\npass C18 .*\nGrade: platinum \(2 passed, 0 failed/);
  assert.equal(failed.code, 1, failed.stdout + failed.stderr);
  const report = JSON.parse(failed.stdout) as { readonly grade: string; readonly results: readonly object[] };
  assert.equal(report.grade, "none");
  assert.partialDeepStrictEqual(report.results, [{ id: "C1", outcome: "failed" }]);
});

test("plugins test says what is missing where there is no kit, and names a rule that there is not", async () => {
  using at = await testHome(null);

  const without = await run(at, ["plugins", "test", join(root, "examples", "hello-method"), "--json"]);
  const unknown = await run(at, ["plugins", "test", example, "--only", "C99"]);

  assert.equal(without.code, 2);
  const { error } = JSON.parse(without.stdout) as { readonly error: { readonly message: string } };
  assert.match(error.message, /hello-method has no channel\.kit\.ts, which says how the network/);
  assert.equal(unknown.code, 2);
  assert.match(unknown.stderr, /there is no rule C99; there are C1, C2,/);
});
