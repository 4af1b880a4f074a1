import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { ExecApprovals } from "openclaw/plugin-sdk/exec";
import type { ExecApprovalsFile } from "openclaw/plugin-sdk/exec";
import { eventually } from "openclaw/plugin-sdk/testing";
import { createCommands } from "./commands.ts";
import type { RunResult } from "./run-command.ts";
import { CommandServer } from "./serve.ts";

interface Place {
  readonly folder: string;
  readonly approvals: ExecApprovals;
  readonly server: CommandServer;
  readonly told: { readonly event: string; readonly payload: Readonly<Record<string, unknown>> }[];
  readonly stop: AbortController;
  run(params: object, timeoutMs?: number): Promise<RunResult>;
}

function place(t: TestContext, file?: Omit<ExecApprovalsFile, "version">, skillBins: readonly string[] = []): Place {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "openclaw-node-")));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const approvals = new ExecApprovals(folder);
  if (file) writeFileSync(approvals.path, JSON.stringify({ version: 1, ...file }));
  const told: Place["told"] = [];
  const stop = new AbortController();
  const commands = createCommands({
    approvals,
    env: { PATH: "/usr/bin:/bin", SECRET: "s" },
    signal: stop.signal,
    skillBins: () => Promise.resolve(skillBins),
    tell: (event, payload) => void told.push({ event, payload }),
  });
  const server = new CommandServer(commands);
  let count = 0;
  return {
    folder,
    approvals,
    server,
    told,
    stop,
    async run(params, timeoutMs) {
      const id = String(++count);
      const asked = { id, nodeId: "n", command: "system.run", paramsJSON: JSON.stringify(params), timeoutMs };
      const answer = await server.answer(asked);
      if (!answer?.ok) throw new Error(`${answer?.error?.code}: ${answer?.error?.message}`);
      return JSON.parse(answer.payloadJSON ?? "null") as RunResult;
    },
  };
}

const FULL = { defaults: { security: "full", ask: "off" } };

/** A program of the machine by its real path. */
const real = (program: string) => realpathSync(program);

test("the result is what the command said and how it ended, and the gateway is told", async (t) => {
  const { run, told, folder } = place(t, FULL);

  const result = await run({ command: ["/bin/sh", "-c", "echo out; echo err >&2; exit 3"], cwd: folder, runId: "r1" });

  const output = { stdout: "out\n", stderr: "err\n", error: null };
  assert.deepEqual(result, { exitCode: 3, timedOut: false, success: false, ...output });
  assert.deepEqual(told, [
    {
      event: "exec.finished",
      payload: {
        runId: "r1",
        host: "node",
        command: "echo out; echo err >&2; exit 3",
        exitCode: 3,
        timedOut: false,
        success: false,
        output: "out\n\nerr",
      },
    },
  ]);
});

test("a command that takes too long goes with all its children", async (t) => {
  const { run, folder } = place(t, FULL);
  const pids = join(folder, "pids");
  // It does not care for a polite end, nor does its child.
  const line = `trap '' TERM; (trap '' TERM; echo $$ >> ${pids}; sleep 60) & echo $! >> ${pids}; sleep 60`;

  const result = await run({ command: ["/bin/sh", "-c", line], timeoutMs: 300 });

  assert.deepEqual([result.timedOut, result.success], [true, false]);
  const written = readFileSync(pids, "utf8").trim().split("\n").map(Number);
  await eventually("all of it is gone", () => written.every((pid) => !isAlive(pid)));
});

test("a child in the background does not keep a command from ending", async (t) => {
  const { run } = place(t, FULL);

  const { stdout, success } = await run({ command: ["/bin/sh", "-c", "sleep 5 & echo done"] });

  assert.deepEqual([stdout, success], ["done\n", true]);
});

test("the caller's patience is the command's limit when it has none of its own", async (t) => {
  const { run } = place(t, FULL);

  assert.equal((await run({ command: ["sleep", "30"] }, 100)).timedOut, true);
});

test("commands end with the node host", async (t) => {
  const { run, stop } = place(t, FULL);
  const running = run({ command: ["sleep", "30"] });

  setImmediate(() => stop.abort());

  const { success, error } = await running;
  assert.deepEqual([success, error], [false, "the node host is stopping"]);
});

test("of a flood of output the end is kept, and it fits into a frame", async (t) => {
  const { run } = place(t, FULL);

  const { stdout } = await run({ command: ["/bin/sh", "-c", "yes 123456789 | head -c 5000000; echo END"] });
  const quotes = await run({ command: ["/bin/sh", "-c", "yes '\"' | head -c 300000; printf '\\001%.0s' 1 2 3 >&2"] });

  assert.ok(stdout.length <= 200_100, `${stdout.length}`);
  assert.ok(stdout.startsWith("... (truncated) ") && stdout.endsWith("END\n"));
  assert.ok(Buffer.byteLength(JSON.stringify(JSON.stringify(quotes))) <= 400_000);
  assert.equal(quotes.stderr, "\u0001\u0001\u0001");
});

test("what may run is what this machine's owner wrote down", async (t) => {
  const echo = [{ pattern: real("/bin/echo") }];
  const listed = place(t, { agents: { main: { allowlist: echo } } });
  const closed = place(t, { defaults: { security: "deny" }, agents: { main: { allowlist: echo } } });
  const silent = place(t, { defaults: { ask: "off" }, agents: { main: { allowlist: echo } } });
  const careful = place(t, { defaults: { ask: "always" }, agents: { main: { allowlist: echo } } });
  const command = { command: ["echo", "hi"] };
  const other = { command: ["uname"] };

  assert.equal((await listed.run(command)).stdout, "hi\n");
  assert.equal((await silent.run(command)).stdout, "hi\n");
  await assert.rejects(listed.run(other), /^Error: SYSTEM_RUN_DENIED: SYSTEM_RUN_DENIED: approval required/);
  await assert.rejects(listed.run({ ...command, agentId: "work" }), /approval required/);
  await assert.rejects(silent.run(other), /SYSTEM_RUN_DENIED: allowlist-miss$/);
  await assert.rejects(careful.run(command), /approval required$/);
  await assert.rejects(closed.run({ ...command, approved: true }), /SYSTEM_RUN_DENIED: security=deny$/);
  assert.equal((await listed.run({ ...other, approved: true })).success, true);
  assert.equal((await careful.run({ ...command, approved: true })).success, true);
  assert.deepEqual(
    listed.told.map(({ event, payload }) => [event, payload["reason"]]),
    [
      ["exec.finished", undefined],
      ["exec.denied", "approval-required"],
      ["exec.denied", "approval-required"],
      ["exec.finished", undefined],
    ],
  );
});

test("allow-always is remembered for the program, never for one that runs others", async (t) => {
  const { run, approvals } = place(t, {});

  await run({ command: ["uname"], approved: true, approvalDecision: "allow-always" });
  await run({ command: ["/bin/sh", "-c", "echo a > /dev/null"], approved: true, approvalDecision: "allow-always" });
  await run({ command: ["env", "true"], approved: true, approvalDecision: "allow-always" });

  assert.equal((await run({ command: ["uname"] })).success, true);
  await assert.rejects(run({ command: ["/bin/sh", "-c", "echo a > /dev/null"] }), /approval required/);
  const { file } = await approvals.snapshot();
  assert.deepEqual(
    file.agents?.["main"]?.allowlist?.map(({ pattern }) => pattern),
    [real("/usr/bin/uname")],
  );
});

test("programs of the gateway's skills run when the owner lets them", async (t) => {
  const strict = place(t, {}, ["uname"]);
  const easy = place(t, { defaults: { autoAllowSkills: true } }, ["uname"]);

  await assert.rejects(strict.run({ command: ["uname"] }), /approval required/);
  assert.equal((await easy.run({ command: ["uname"] })).success, true);
});

test("a broken file of approvals runs nothing", async (t) => {
  const { run, approvals, folder } = place(t, FULL);
  writeFileSync(approvals.path, "{");

  await assert.rejects(run({ command: ["touch", join(folder, "x")] }), /cannot read exec-approvals.json/);
  assert.equal(existsSync(join(folder, "x")), false);
});

test("parameters that are not what they say are refused before anything runs", async (t) => {
  const { run } = place(t, FULL);
  const wrong: readonly [object, RegExp][] = [
    [{}, /must have required property 'command'/],
    [{ command: [] }, /must NOT have fewer than 1 items/],
    [{ command: "ls" }, /\/command: must be array/],
    [{ command: [" "] }, /the program has no name/],
    [{ command: ["ls"], rawCommand: "rm -rf /" }, /rawCommand: is not what command says/],
    [{ command: ["ls"], cwd: "/no/such/folder" }, /there is no folder \/no\/such\/folder/],
    [{ command: ["ls"], env: { LD_PRELOAD: "x" } }, /env may not set LD_PRELOAD/],
    [{ command: ["ls"], needsScreenRecording: true }, /PERMISSION_MISSING: screenRecording/],
  ];

  for (const [params, message] of wrong) await assert.rejects(run(params), message);
  // Null is what established callers leave out.
  assert.equal((await run({ command: ["true"], cwd: null, env: null, timeoutMs: null })).success, true);
  const missing = await run({ command: ["no-such-program"] });
  assert.deepEqual([missing.exitCode, missing.error], [null, 'there is no program "no-such-program"']);
});

test("one key is one run, and what is no request gets no answer", async (t) => {
  const { server, folder } = place(t, FULL);
  const file = join(folder, "count");
  const paramsJSON = JSON.stringify({ command: ["/bin/sh", "-c", `echo x >> ${file}`] });
  const asked = { nodeId: "n", command: "system.run", paramsJSON, idempotencyKey: "k" };

  const answers = await Promise.all([server.answer({ id: "1", ...asked }), server.answer({ id: "2", ...asked })]);

  assert.deepEqual(
    answers.map((answer) => [answer?.id, answer?.ok]),
    [
      ["1", true],
      ["2", true],
    ],
  );
  assert.equal(readFileSync(file, "utf8"), "x\n");
  for (const payload of [null, 1, {}, { id: "1" }]) assert.equal(await server.answer(payload), undefined);
  const unknown = await server.answer({ id: "1", nodeId: "n", command: "camera.snap" });
  assert.deepEqual(unknown?.error, { code: "UNAVAILABLE", message: "command not supported: camera.snap" });
  const torn = await server.answer({ id: "1", nodeId: "n", command: "system.run", paramsJSON: "{" });
  assert.equal(torn?.error?.code, "INVALID_REQUEST");
});

test("the approvals of this machine are read and replaced over the wire", async (t) => {
  const { server } = place(t, {});
  const call = async (command: string, params: object) => {
    const answer = await server.answer({ id: "1", nodeId: "n", command, paramsJSON: JSON.stringify(params) });
    return answer?.ok ? (JSON.parse(answer.payloadJSON ?? "") as Record<string, unknown>) : answer?.error;
  };
  const before = (await call("system.execApprovals.get", {})) as { hash: string; exists: boolean };

  const stale = await call("system.execApprovals.set", { file: { version: 1 }, baseHash: "zz" });
  const wrong = (await call("system.execApprovals.set", { file: { version: 2 } })) as { message: string };
  const after = (await call("system.execApprovals.set", {
    file: { version: 1, defaults: { security: "deny" } },
    baseHash: before.hash,
  })) as { file: object };

  assert.equal(before.exists, true);
  assert.deepEqual(stale, {
    code: "INVALID_REQUEST",
    message: "exec approvals changed since last load; re-run exec.approvals.get and retry",
  });
  assert.match(wrong.message, /^system\.execApprovals\.set \/file\/version: /);
  assert.deepEqual(after.file, { version: 1, defaults: { security: "deny" } });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
  } catch {
    // No such process.
    return false;
  }
}
