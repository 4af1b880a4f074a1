import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { eventually } from "openclaw/plugin-sdk/testing";
import { startToolBench } from "./bench.ts";
import type { ToolBench } from "./bench.ts";

const OPEN = { tools: { exec: { security: "full", ask: "off" } } };

/** The approvals file allows everything, so that the rules of the configuration alone decide. */
function openFile({ gateway }: ToolBench, more: object = {}): void {
  const defaults = { security: "full", ask: "off", ...more };
  writeFileSync(join(gateway.stateDir, "exec-approvals.json"), JSON.stringify({ version: 1, defaults }));
}

async function openBench(config: object = OPEN): Promise<ToolBench> {
  const bench = await startToolBench(config);
  openFile(bench);
  return bench;
}

test("a command runs in the workspace, in the order of its output, and a failure says its code", async () => {
  await using bench = await openBench();

  const done = await bench.use("exec", { command: "pwd; echo out; echo err >&2; printf '\\033[31mred\\033[0m'" });
  const failed = await bench.use("exec", { command: "echo why; exit 3" });

  assert.equal(done.isError, false);
  assert.equal(done.text.split("\n")[0], realpathSync(bench.workspace));
  assert.match(done.text, /out\nerr\nred$/);
  assert.partialDeepStrictEqual(done.details, { status: "completed", exitCode: 0 });
  assert.match(failed.text, /^why\n\n\(failed, exit code 3, /);
  assert.partialDeepStrictEqual(failed.details, { status: "failed", exitCode: 3 });
  assert.ok(failed.isError);
});

test("a child gets no secret of the gateway, and nothing may decide which code is loaded", async () => {
  process.env["TEST_OPENAI_API_KEY"] = "secret-of-the-gateway";
  await using bench = await openBench();

  const shown = await bench.use("exec", { command: "env", env: { COLOR: "blue" } });

  delete process.env["TEST_OPENAI_API_KEY"];
  assert.match(shown.text, /^COLOR=blue$/m);
  assert.doesNotMatch(shown.text, /secret-of-the-gateway|OPENCLAW_/);
  for (const name of ["PATH", "LD_PRELOAD", "NODE_OPTIONS", "BASH_ENV", "ENV", "DYLD_INSERT_LIBRARIES", "PYTHONPATH"]) {
    const refused = await bench.use("exec", { command: "echo ran", env: { [name]: "x" } });
    assert.equal(refused.text, `env may not set ${name}`);
  }
});

test("no start-up file of the shell is read, although bash takes a socket as its input for a remote login", async () => {
  await using bench = await openBench();
  const home = join(bench.workspace, "home");
  mkdirSync(home);
  for (const file of [".bashrc", ".bash_profile", ".profile", ".zshenv"])
    writeFileSync(join(home, file), "echo start-up file\n");

  const { HOME } = process.env;
  Object.assign(process.env, { HOME: home, SHLVL: "0" });

  const { text } = await bench.use("exec", { command: "echo ran" });

  Object.assign(process.env, { HOME });
  assert.match(text, /^ran\b/);
});

test("what takes long goes on in the background, can be talked to, and its end is told", async () => {
  await using bench = await openBench();

  const left = await bench.use("exec", {
    command: "echo ready; read line; echo got $line; read more || echo closed",
    background: true,
  });
  const sessionId = String(left.details?.["sessionId"]);
  assert.match(left.text, new RegExp(`goes on as "${sessionId}"`));
  assert.match((await bench.use("process", { action: "list" })).text, new RegExp(`${sessionId}: running`));
  await bench.use("process", { action: "write", sessionId, data: "hello\n" });
  const news = await eventually("the answer", async () => {
    const { text } = await bench.use("process", { action: "poll", sessionId, timeout: 2_000 });
    return text.includes("got hello") && text;
  });
  await bench.use("process", { action: "send-keys", sessionId, keys: ["C-d"] });
  await eventually("the end", async () => /completed/.test((await bench.use("process", { action: "list" })).text));

  assert.match(news, /it is still running/);
  assert.match((await bench.use("process", { action: "log", sessionId })).text, /ready\ngot hello\nclosed/);
  await bench.say("what is new?");
  const told = JSON.stringify(bench.model.requests.map(({ body }) => body.messages));
  assert.match(told, new RegExp(`Exec finished \\(gateway id=${sessionId}, code 0\\)`));
  await bench.use("process", { action: "clear" });
  assert.match((await bench.use("process", { action: "list" })).text, /no commands run/);
});

test("kill and time-outs end the whole process group", async () => {
  await using bench = await openBench();
  const mark = `mark-${process.pid}-${Date.now()}`;
  const alive = () => execFileSync("ps", ["-eo", "args"], { encoding: "utf8" }).includes(mark);
  const forks = `sh -c 'trap "" HUP; sleep 300 & sleep 301; : ${mark}' & wait; : ${mark}`;

  const late = await bench.use("exec", { command: forks, timeout: 0.3 });
  const { details } = await bench.use("exec", { command: forks, background: true });
  assert.ok(alive());
  const killed = await bench.use("process", { action: "kill", sessionId: details?.["sessionId"] });

  assert.match(late.text, /failed, .*it ran longer than 0.3 s/);
  assert.match(killed.text, /killed/);
  await eventually("nobody is left", () => !alive());
  const gone = await bench.use("process", { action: "write", sessionId: details?.["sessionId"], data: "x" });
  assert.match(gone.text, /it has ended/);
});

test("an aborted turn takes its command with it, and so does the end of the gateway", async () => {
  const mark = `abort-${process.pid}-${Date.now()}`;
  const alive = (name: string) => execFileSync("ps", ["-eo", "args"], { encoding: "utf8" }).includes(name);
  {
    await using bench = await openBench();
    bench.model.scripts.push((reply) => {
      reply.toolCall("c1", "exec", JSON.stringify({ command: `sleep 300; : ${mark}-turn` }));
      reply.end("tool_calls");
    });
    await bench.client.request("chat.send", { sessionKey: "main", message: "go", idempotencyKey: mark });
    await eventually("the command runs", () => alive(`${mark}-turn`));

    await bench.client.request("chat.abort", { sessionKey: "agent:main:main", runId: mark });

    await eventually("it is gone", () => !alive(`${mark}-turn`));
    await bench.use("exec", { command: `sleep 300; : ${mark}-background`, background: true });
    assert.ok(alive(`${mark}-background`));
  }
  assert.ok(!alive(mark));
});

test("output without end is kept at its end only", async () => {
  await using bench = await openBench();

  const flood = await bench.use("exec", { command: "head -c 3000000 /dev/zero | tr '\\0' x; echo; echo the end" });

  assert.ok(flood.text.length < 60_000, `${flood.text.length} characters`);
  assert.match(flood.text, /the end$/);
});

test("without process a command is waited for", async () => {
  await using bench = await openBench({ tools: { ...OPEN.tools, deny: ["process"] } });

  const done = await bench.use("exec", { command: "sleep 0.2; echo done", background: true, yieldMs: 10 });

  assert.ok(!bench.offered().includes("process"));
  assert.equal(done.text, "done");
});

test("commands of one agent are not there for another", async () => {
  await using bench = await openBench({ ...OPEN, agents: { list: [{ id: "main", default: true }, { id: "other" }] } });
  const { details } = await bench.use("exec", { command: "sleep 60", background: true });

  const other = await bench.use(
    "process",
    { action: "kill", sessionId: details?.["sessionId"] },
    { sessionKey: "agent:other:main" },
  );

  assert.match(other.text, /there is no command/);
  assert.match((await bench.use("process", { action: "list" })).text, /running/);
});

test("by default nothing runs that is not listed: somebody is asked, and a yes holds for exactly that command", async () => {
  await using bench = await startToolBench();
  const approver = await bench.gateway.client({ scopes: ["operator.approvals", "operator.read"] });
  const asked: { id: string; request: { command: string; cwd: string } }[] = [];
  approver.on("event", ({ event, payload }) => {
    if (event === "exec.approval.requested") asked.push(payload as (typeof asked)[number]);
  });

  const pending = await bench.use("exec", { command: "echo approved > proof.txt" });
  await eventually("somebody is asked", () => asked.length === 1);
  assert.ok(!existsSync(join(bench.workspace, "proof.txt")));
  await approver.request("exec.approval.resolve", { id: asked[0]?.id, decision: "allow-once" });
  await eventually("it has run", () => existsSync(join(bench.workspace, "proof.txt")));

  assert.partialDeepStrictEqual(pending.details, { status: "approval-pending", approvalId: asked[0]?.id });
  assert.equal(asked[0]?.request.command, "echo approved > proof.txt");
  await eventually("the agent is told", async () => {
    await bench.say("news?");
    return JSON.stringify(bench.model.requests.at(-1)?.body.messages).includes("Exec finished");
  });
  const again = await bench.use("exec", { command: "echo approved > proof.txt" });
  assert.equal(again.details?.["status"], "approval-pending");
});

test("a no is told to the agent, and nothing ran", async () => {
  await using bench = await startToolBench();

  const pending = await bench.use("exec", { command: "touch never" });
  await bench.client.request("exec.approval.resolve", { id: pending.details?.["approvalId"], decision: "deny" });

  await eventually("the agent is told", async () => {
    await bench.say("news?");
    const text = JSON.stringify(bench.model.requests.at(-1)?.body.messages);
    return /Exec denied \(gateway id=[^,]+, user-denied\): touch never/.test(text);
  });
  assert.ok(!existsSync(join(bench.workspace, "never")));
});

test("tools.exec.safeBins names the filters that need no entry in the allowlist", async () => {
  await using bench = await startToolBench({ tools: { exec: { ask: "off", safeBins: ["wc", "anything"] } } });
  writeFileSync(
    join(bench.gateway.stateDir, "exec-approvals.json"),
    JSON.stringify({
      version: 1,
      defaults: { security: "allowlist", ask: "off" },
      agents: { main: { allowlist: [{ pattern: "/**/echo" }] } },
    }),
  );

  assert.match((await bench.use("exec", { command: "echo hi | wc -l" })).text, /^\s*1\b/);
  assert.match((await bench.use("exec", { command: "echo hi | head -1" })).text, /head is not on the allowlist/);
});

test("in allowlist mode no spelling runs a program that is not listed", async (t) => {
  await using bench = await startToolBench({ tools: { exec: { ask: "off" } } });
  const bin = join(bench.gateway.home, "bin");
  mkdirSync(bin);
  for (const name of ["good", "evil"]) {
    writeFileSync(join(bin, name), `#!/bin/sh\necho ${name} >> '${join(bench.gateway.home, "log")}'\n`);
    chmodSync(join(bin, name), 0o755);
  }
  symlinkSync(join(bin, "evil"), join(bench.workspace, "good"));
  symlinkSync(join(bin, "evil"), join(bench.workspace, "echo"));
  const good = join(bin, "good");
  const evil = join(bin, "evil");
  const agents = { main: { allowlist: [{ pattern: good }] } };
  writeFileSync(
    join(bench.gateway.stateDir, "exec-approvals.json"),
    JSON.stringify({ version: 1, defaults: { security: "allowlist", ask: "off" }, agents }),
  );
  const lines = [
    evil,
    `${good}; ${evil}`,
    `${good} && ${evil}`,
    `${good} | ${evil}`,
    `${good} & ${evil}`,
    `${good}\n${evil}`,
    `${good}\r\n${evil}`,
    `${good} $(${evil})`,
    `${good} "$(${evil})"`,
    `${good} \`${evil}\``,
    `${good} <(${evil})`,
    `(${evil})`,
    `{ ${evil}; }`,
    `! ${evil}`,
    `X=1 ${evil}`,
    `PATH=${bin} evil`,
    `eval ${evil}`,
    `exec ${evil}`,
    `command ${evil}`,
    `. ${evil}`,
    `sh -c ${evil}`,
    `env ${evil}`,
    `xargs ${evil}`,
    `./good`,
    `./echo hi`,
    `${bin}/go?d`,
    `${good} > ${bin}/good2`,
    `f() { ${evil}; }; f`,
    `alias x=${evil}; x`,
    `trap ${evil} EXIT`,
    `${good} \\\n ${evil}`,
    `${good} #\n${evil}`,
  ];

  for (const command of lines) {
    const result = await bench.use("exec", { command });
    assert.ok(result.isError, `${command}: ${result.text}`);
  }
  // What the model says of its own rights can only narrow them.
  for (const more of [
    { security: "full" },
    { ask: "off", security: "full" },
    { elevated: true },
    { host: "sandbox" },
  ]) {
    const result = await bench.use("exec", { command: evil, ...more });
    assert.ok(result.isError, `${JSON.stringify(more)}: ${result.text}`);
  }
  const ran = await bench.use("exec", { command: `${good} one 'b c' && ${good} | head -n 1` });
  const missed = await bench.use("exec", { command: evil });

  t.diagnostic(`${lines.length} command lines`);
  assert.equal(ran.isError, false, ran.text);
  assert.equal(readFileSync(join(bench.gateway.home, "log"), "utf8"), "good\ngood\n");
  assert.match(
    missed.text,
    /evil is not on the allowlist; allow the program with "openclaw approvals allowlist add .*evil"$/,
  );
});

test("a command that cannot be shown whole is not asked for", async () => {
  await using bench = await startToolBench();

  const long = await bench.use("exec", { command: `echo ${"x".repeat(10_000)}` });

  assert.match(long.text, /the command was refused: the action cannot be shown whole/);
});

test("security deny, a missing folder and elevation that nobody allows are refused with what to change", async () => {
  await using bench = await startToolBench({ tools: { exec: { security: "deny" } } });

  const denied = await bench.use("exec", { command: "true" });
  const nowhere = await bench.use("exec", { command: "true", workdir: "no/such/folder" });
  const elevated = await bench.use("exec", { command: "true", elevated: true });

  assert.match(denied.text, /commands are switched off here; "openclaw config get tools.exec"/);
  assert.match(nowhere.text, /there is no folder .*no\/such\/folder; give another workdir/);
  assert.match(elevated.text, /elevated is not available here: tools.elevated.allowFrom.\w+ does not allow it/);
});
