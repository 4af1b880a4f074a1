import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { ExecApprovals, execEnvironment, judgeExec, stricterPolicy } from "./index.ts";

function approvals(t: TestContext): ExecApprovals {
  const folder = mkdtempSync(join(tmpdir(), "openclaw-approvals-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return new ExecApprovals(folder);
}

const POLICY = { security: "allowlist", ask: "on-miss", askFallback: "deny", autoAllowSkills: false } as const;

test("the file is replaced by those who have seen it, and keeps what they were not shown", async (t) => {
  const file = approvals(t);
  writeFileSync(file.path, JSON.stringify({ version: 1, socket: { path: "/s", token: "hidden" } }));

  const before = await file.snapshot();
  const rejected = [undefined, "zz"].map((hash) =>
    file.write({ version: 1 }, hash).catch((error: Error) => error.message),
  );
  const after = await file.write(
    { version: 1, defaults: { security: "full" }, agents: { main: { allowlist: [{ pattern: "/bin/echo" }] } } },
    before.hash,
  );

  assert.deepEqual(before.file, { version: 1, socket: { path: "/s" } });
  assert.deepEqual(await Promise.all(rejected), [
    "exec approvals base hash required; re-run exec.approvals.get and retry",
    "exec approvals changed since last load; re-run exec.approvals.get and retry",
  ]);
  assert.notEqual(after.hash, before.hash);
  assert.match(after.file.agents?.["main"]?.allowlist?.[0]?.id ?? "", /^[0-9a-f-]{36}$/);
  assert.match(readFileSync(file.path, "utf8"), /"token": "hidden"/);
  assert.equal(statSync(file.path).mode & 0o777, 0o600);
});

test("without a file what is unlisted is asked for; an agent's own words count most", async (t) => {
  const file = approvals(t);
  assert.deepEqual(await file.policy("main"), { ...POLICY, allowlist: [] });
  assert.equal((await file.snapshot()).exists, false);

  await file.write(
    {
      version: 1,
      defaults: { security: "full", ask: "always" },
      agents: {
        "*": { ask: "off", allowlist: [{ pattern: "/a" }] },
        work: { security: "deny", allowlist: [{ pattern: "/b" }] },
      },
    },
    undefined,
  );

  assert.deepEqual(await file.policy("work"), { ...POLICY, security: "deny", ask: "off", allowlist: ["/a", "/b"] });
  assert.deepEqual(await file.policy("main"), { ...POLICY, security: "full", ask: "off", allowlist: ["/a"] });
  assert.deepEqual(await file.policy("constructor"), { ...POLICY, security: "full", ask: "off", allowlist: ["/a"] });
});

test("words that nobody knows and a file that is broken allow nothing", async (t) => {
  const file = approvals(t);
  writeFileSync(file.path, JSON.stringify({ version: 1, defaults: { security: "fulll", ask: "never" } }));
  const policy = await file.policy("main");
  assert.deepEqual([policy.security, policy.ask], ["deny", "always"]);

  for (const text of ["{", "[]", '{"version":2}', '{"version":1,"agents":{"main":{"allowlist":["x"]}}}']) {
    writeFileSync(file.path, text);
    await assert.rejects(file.policy("main"), { message: "cannot read exec-approvals.json; mend or remove it" });
  }
});

test("a path is added once, also when two ask at the same time", async (t) => {
  const file = approvals(t);

  await Promise.all([
    file.allow("main", "/bin/echo", "echo hi"),
    file.allow("main", "/bin/echo", "echo ho"),
    file.allow("work", "/bin/ls", "ls"),
  ]);

  const { file: stored } = await file.snapshot();
  assert.deepEqual(
    stored.agents?.["main"]?.allowlist?.map(({ pattern }) => pattern),
    ["/bin/echo"],
  );
  assert.equal(stored.agents?.["work"]?.allowlist?.length, 1);
});

test("the stricter of two policies holds, field by field", () => {
  const lax = { security: "full", ask: "off", askFallback: "full", autoAllowSkills: true } as const;
  assert.deepEqual(stricterPolicy(lax, POLICY), POLICY);
  assert.deepEqual(stricterPolicy({ ...POLICY, ask: "always" }, lax), { ...POLICY, ask: "always" });
});

test("every combination of policy and list has one verdict", () => {
  const verdict = (security: "deny" | "allowlist" | "full", ask: "off" | "on-miss" | "always", isListed: boolean) =>
    judgeExec({ ...POLICY, security, ask }, isListed).kind;
  for (const ask of ["off", "on-miss", "always"] as const)
    for (const isListed of [true, false]) {
      assert.equal(verdict("deny", ask, isListed), "deny");
      assert.equal(verdict("full", ask, isListed), ask === "always" ? "ask" : "run");
      const miss = ask === "off" ? "deny" : "ask";
      assert.equal(verdict("allowlist", ask, isListed), ask === "always" ? "ask" : isListed ? "run" : miss);
    }
});

test("a child gets what it needs of our environment, and nothing that decides what else is loaded", () => {
  const base = {
    PATH: "/bin",
    HOME: "/h",
    LC_ALL: "C",
    OPENCLAW_GATEWAY_TOKEN: "s",
    OPENAI_API_KEY: "k",
    NODE_OPTIONS: "x",
  };

  assert.deepEqual(execEnvironment(base, { MY_FLAG: "1" }), { PATH: "/bin", HOME: "/h", LC_ALL: "C", MY_FLAG: "1" });
  for (const name of [
    "PATH",
    "path",
    "LD_PRELOAD",
    "DYLD_INSERT_LIBRARIES",
    "NODE_OPTIONS",
    "BASH_ENV",
    "ENV",
    "PYTHONPATH",
    "GIT_SSH_COMMAND",
    "OPENCLAW_STATE_DIR",
  ])
    assert.throws(() => execEnvironment(base, { [name]: "x" }), { message: `env may not set ${name}` });
  assert.throws(() => execEnvironment(base, { "A B": "x" }), /has a name that is none/);
  assert.throws(() => execEnvironment(base, { A: 1 }), { message: "env.A must be a text" });
});
