import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { eventually } from "openclaw/plugin-sdk/testing";
import { startFakeDocker } from "../fakes/docker.ts";
import { startToolBench } from "../tools/bench.ts";

const ALL = { agents: { defaults: { sandbox: { mode: "all" } } } };

test("a command of a sandboxed session runs in its container, made once, with nothing of this machine", async () => {
  using docker = startFakeDocker();
  process.env["TEST_OPENAI_API_KEY"] = "secret-of-the-gateway";
  await using bench = await startToolBench(ALL);
  assert.deepEqual(docker.calls("create"), []);

  const first = await bench.use("exec", { command: "echo hello > made.txt; pwd; env; ls", env: { COLOR: "blue" } });
  const second = await bench.use("exec", { command: "cat made.txt; exit 3" });

  delete process.env["TEST_OPENAI_API_KEY"];
  const [container, ...others] = docker.containers();
  assert.ok(container && others.length === 0);
  assert.equal(first.isError, false, first.text);
  assert.match(first.text, /^COLOR=blue$/m);
  assert.doesNotMatch(first.text, /secret-of-the-gateway/);
  assert.match(second.text, /^hello\n\n\(failed, exit code 3, /);
  assert.equal(readFileSync(join(container.workspace, "made.txt"), "utf8"), "hello\n");
  assert.ok(container.workspace.startsWith(join(bench.gateway.stateDir, "sandboxes", "agent-main-")));
  assert.equal(docker.calls("create").length, 1);
  const options = Object.fromEntries(container.options);
  assert.partialDeepStrictEqual(options, {
    "--pull": "never",
    "--network": "none",
    "--read-only": "",
    "--cap-drop": "ALL",
    "--security-opt": "no-new-privileges",
    "--pids-limit": "256",
    "--memory": "1g",
  });
});

test("file tools work on what the commands see, and reach nothing else", async () => {
  using docker = startFakeDocker();
  await using bench = await startToolBench({ ...ALL, tools: { fs: { workspaceOnly: false } } });
  writeFileSync(join(bench.workspace, "private.txt"), "of the agent alone");

  await bench.use("write", { path: "notes/one.txt", content: "one" });
  const shown = await bench.use("exec", { command: "cat notes/one.txt; ln -s /etc/hostname way-out" });
  await bench.use("edit", { path: "/workspace/notes/one.txt", oldText: "one", newText: "two" });
  const read = await bench.use("read", { path: "/workspace/notes/one.txt" });
  const outside = await bench.use("read", { path: join(bench.workspace, "private.txt") });
  const linked = await bench.use("read", { path: "way-out" });
  const above = await bench.use("read", { path: "/workspace/../etc/hostname" });

  assert.equal(shown.text, "one", shown.text);
  assert.equal(read.text, "two");
  for (const { text, isError } of [outside, linked, above]) {
    assert.ok(isError, text);
    assert.match(text, /outside of the workspace \/workspace|leads out of the workspace/);
  }
  assert.equal(docker.containers().length, 1);
});

test("a time-out and a kill end what runs inside, not only what carries it", async () => {
  using docker = startFakeDocker();
  await using bench = await startToolBench(ALL);

  const late = await bench.use("exec", { command: "sleep 300 & sleep 301", timeout: 1 });
  const [container] = docker.containers();
  assert.ok(container);
  await eventually("nobody is left of the first", () => docker.groups(container.name).length === 0);
  const { details } = await bench.use("exec", { command: "trap '' TERM; sleep 302 & sleep 303", background: true });
  await eventually("it runs inside", () => docker.groups(container.name).length === 1);
  const killed = await bench.use("process", { action: "kill", sessionId: details?.["sessionId"] });

  assert.match(late.text, /failed, .*it ran longer than 1 s/);
  assert.match(killed.text, /killed/);
  await eventually("nobody is left of the second", () => docker.groups(container.name).length === 0);
});

test("whatever is wrong with docker, nothing runs, one sentence says what to do, and the turn goes on", async () => {
  using docker = startFakeDocker({ images: [] });
  await using bench = await startToolBench(ALL);
  const mark = join(bench.workspace, "ran");
  const command = `touch ${mark}; touch ran`;

  const noImage = await bench.use("exec", { command });
  docker.fail(
    "inspect",
    "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?",
  );
  const noDaemon = await bench.use("exec", { command });
  docker.setInstalled(false);
  const noDocker = await bench.use("exec", { command });

  assert.match(noImage.text, /its image openclaw-sandbox:bookworm-slim is not there; build it or run "docker pull/);
  assert.match(noDaemon.text, /docker does not answer; start its daemon/);
  assert.match(noDocker.text, /there is no program "docker" on the gateway's PATH; install docker/);
  for (const { isError, text } of [noImage, noDaemon, noDocker]) assert.ok(isError && !text.includes("\n"), text);
  assert.throws(() => readFileSync(mark));
  assert.equal(await bench.say("are you there?"), await bench.say("and now?"));
});
