import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { checkAllowlist, commandText, matchesProgram, parseCommandLine, shellText } from "./index.ts";

/** A folder of programs that write down their name. */
function place(t: TestContext, names: readonly string[]) {
  const cwd = realpathSync(mkdtempSync(join(tmpdir(), "openclaw-exec-")));
  t.after(() => rmSync(cwd, { recursive: true, force: true }));
  const bin = join(cwd, "bin");
  const log = join(cwd, "log");
  mkdirSync(bin);
  for (const name of names) {
    writeFileSync(join(bin, name), `#!/bin/sh\nprintf '%s\\n' ${name} >> '${log}'\n`);
    chmodSync(join(bin, name), 0o755);
  }
  return { cwd, bin, log, path: bin };
}

test("a program is listed by its real path and never by a bare name", async (t) => {
  const here = place(t, ["tool", "evil"]);
  symlinkSync(join(here.bin, "evil"), join(here.bin, "alias"));
  const listed = (argv: string[], ...allowlist: string[]) => checkAllowlist(argv, { allowlist }, here);

  assert.equal((await listed(["tool", "x"], join(here.bin, "tool"))).isListed, true);
  assert.equal((await listed(["./bin/tool"], join(here.bin, "TOOL"))).isListed, true);
  assert.equal((await listed(["tool"], `${here.bin}/*`)).isListed, true);
  assert.equal((await listed(["tool"], `${here.cwd}/*`)).isListed, false);
  assert.equal((await listed(["tool"], `${here.cwd}/**`)).isListed, true);
  assert.equal((await listed(["tool"], "tool", "*", "t??l")).isListed, false);
  assert.equal((await listed(["alias"], join(here.bin, "alias"))).isListed, false);
  assert.equal((await listed(["alias"], join(here.bin, "evil"))).isListed, true);
  const missing = await listed(["nothing-of-that-name"], "/**");
  assert.deepEqual(missing, {
    isListed: false,
    programs: [],
    reason: 'there is no program "nothing-of-that-name"',
  });
});

test("a pattern is a pattern and no expression", () => {
  assert.ok(matchesProgram("/opt/a.b/*", "/opt/a.b/c"));
  assert.ok(!matchesProgram("/opt/a.b/*", "/opt/aXb/c"));
  assert.ok(!matchesProgram("/opt/(a|b)", "/opt/a"));
  assert.ok(!matchesProgram("/opt/*", "/opt/a/b"));
});

test("what a shell is given is looked through", async (t) => {
  const here = place(t, ["one", "two", "evil"]);
  const rules = { allowlist: [join(here.bin, "one"), join(here.bin, "two")] };
  const listed = async (line: string) => (await checkAllowlist(["/bin/sh", "-lc", line], rules, here)).isListed;

  for (const line of ["one", "one a 'b c' | two", 'one "x" && two; one', "one || two;"])
    assert.ok(await listed(line), line);
  for (const line of [
    "evil",
    "one | evil",
    "one; evil",
    "one && evil",
    "one & evil",
    "one\nevil",
    "one $(evil)",
    'one "$(evil)"',
    'one "`evil`"',
    "one <(evil)",
    "one > file",
    "one < file",
    "one <<x",
    "(evil)",
    "{ evil; }",
    "! evil",
    "X=1 evil",
    "PATH=. one",
    "one \\\nevil",
    "if one; then evil; fi",
    "eval evil",
    "one # ; two",
    "~/one",
    "one *",
    "one 'open",
    "",
    ";",
    "| one",
    "one && && two",
    "one |& evil",
  ])
    assert.ok(!(await listed(line)), line);
});

test("a program that only calls itself a shell is not looked through", async (t) => {
  const here = place(t, ["one", "sh"]);
  const rules = { allowlist: [join(here.bin, "one")] };

  assert.ok((await checkAllowlist(["/bin/sh", "-c", "one"], rules, here)).isListed);
  assert.ok(!(await checkAllowlist(["sh", "-c", "one"], rules, here)).isListed);
  assert.ok(!(await checkAllowlist(["/bin/sh", "-c", "command one"], rules, here)).isListed);
});

test("no line that passes runs a program that is not listed", async (t) => {
  const here = place(t, ["one", "two", "evil"]);
  const rules = { allowlist: [join(here.bin, "one"), join(here.bin, "two")] };
  // A generator of its own: the same lines in every run.
  let state = 42;
  const random = (below: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
  const parts = [
    "one",
    "two",
    "evil",
    " ",
    " ",
    "|",
    "||",
    "&&",
    ";",
    "&",
    "$(",
    ")",
    "`",
    "'",
    '"',
    "\n",
    "\\",
    ">f",
    "#",
    "x=1 ",
    "!",
    "{",
    "}",
    "<(",
  ];
  let passed = 0;
  for (let round = 0; round < 4_000; round++) {
    const line = Array.from({ length: 1 + random(8) }, () => parts[random(parts.length)]).join("");
    const { isListed } = await checkAllowlist(["/bin/sh", "-c", line], rules, here);
    if (!isListed) continue;
    passed++;
    try {
      execFileSync("/bin/sh", ["-c", line], { cwd: here.cwd, env: { PATH: here.bin }, stdio: "ignore" });
    } catch {
      // Its exit code is nobody's business.
    }
  }

  assert.ok(passed > 20, `${passed} lines passed`);
  assert.ok(!readFileSync(here.log, "utf8").includes("evil"));
});

test("filters of stdin pass, unless they are made to do more", async () => {
  const here = { cwd: "/", path: "/usr/bin:/bin" };
  const listed = async (...argv: string[]) => (await checkAllowlist(argv, { allowlist: [] }, here)).isListed;

  for (const argv of [
    ["head", "-n", "5"],
    ["head", "-5"],
    ["wc", "-l"],
    ["sort", "-rn", "-k2"],
    ["uniq", "-c"],
    ["tr", "a-z", "A-Z"],
    ["cut", "-d", ",", "-f1"],
    ["grep", "-i", "needle"],
  ])
    assert.ok(await listed(...argv), argv.join(" "));
  for (const argv of [
    ["head", "/etc/passwd"],
    ["head", "passwd"],
    ["sort", "-o", "out"],
    ["sort", "--compress-program=evil"],
    ["grep", "-r", "x"],
    ["grep", "-f", "file"],
    ["grep", "x", "file"],
    ["tail", "-f"],
    ["wc", "--files0-from=x"],
    ["cat"],
    ["/tmp/head"],
  ])
    assert.ok(!(await listed(...argv)), argv.join(" "));
});

test("a skill's program is the one that its name finds", async (t) => {
  const here = place(t, ["tool"]);
  const rules = { allowlist: [], skillBins: ["tool"] };

  assert.ok((await checkAllowlist(["tool"], rules, here)).isListed);
  assert.ok(!(await checkAllowlist(["./tool"], rules, { ...here, cwd: tmpdir() })).isListed);
  assert.ok(!(await checkAllowlist(["tool"], { allowlist: [] }, here)).isListed);
});

test("a command reads as it was typed", () => {
  assert.equal(commandText(["echo", "hi"]), "echo hi");
  assert.equal(commandText(["echo", "a b", 'c"d', ""]), 'echo "a b" "c\\"d" ""');
  assert.equal(commandText(["/bin/sh", "-lc", "ls | wc"]), "ls | wc");
  assert.equal(shellText(["sh", "-c", "x", "y"]), undefined);
  assert.equal(shellText(["bash", "--rcfile", "x"]), undefined);
  assert.deepEqual(parseCommandLine("a 'b'c"), { ok: true, commands: [["a", "bc"]] });
});
