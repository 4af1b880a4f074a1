import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { GatewayClient } from "openclaw/plugin-sdk";
import { isProcessAlive } from "openclaw/plugin-sdk";
import { eventually, startTestGateway } from "openclaw/plugin-sdk/testing";
import type { TestGateway } from "openclaw/plugin-sdk/testing";

interface Final {
  readonly status: string;
  readonly error?: { readonly code: string; readonly message: string; readonly details?: Record<string, unknown> };
  readonly result: { readonly payloads: { text: string }[]; readonly meta: { readonly agentMeta?: { usage: object } } };
}

/** A gateway whose agent is a shell script; each run leaves its arguments, stdin and environment in the folder. */
interface Bench extends AsyncDisposable {
  readonly folder: string;
  readonly gateway: TestGateway;
  readonly client: GatewayClient;
  runs(): { readonly args: string[]; readonly stdin: string; readonly env: string }[];
  script(body: string): void;
}

async function bench(id: string, body: string, backend: object = {}, defaults: object = {}): Promise<Bench> {
  const folder = mkdtempSync(join(tmpdir(), "openclaw-cli-"));
  const command = join(folder, "agent");
  const script = (text: string) => {
    const record = `n=$(ls "${folder}" | grep -c args); printf '%s\\0' "$@" > "${folder}/$n.args"; env > "${folder}/$n.env"; cat > "${folder}/$n.stdin"`;
    writeFileSync(command, `#!/bin/sh\n${record}\n${text}\n`);
    chmodSync(command, 0o755);
  };
  script(body);
  const gateway = await startTestGateway({
    config: {
      agents: { defaults: { model: `${id}/opus`, cliBackends: { [id]: { command, ...backend } }, ...defaults } },
    },
  });
  const read = (index: number, kind: string) => readFileSync(join(folder, `${index}.${kind}`), "utf8");
  return {
    folder,
    gateway,
    client: await gateway.client(),
    script,
    runs() {
      const all = [];
      for (let index = 0; existsSync(join(folder, `${index}.stdin`)); index++)
        all.push({
          args: read(index, "args").split("\0").slice(0, -1),
          stdin: read(index, "stdin"),
          env: read(index, "env"),
        });
      return all;
    },
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

let keys = 0;

function ask(client: GatewayClient, message: string, params: object = {}): Promise<Final> {
  const given = { message, sessionKey: "main", idempotencyKey: `cli-${++keys}`, ...params };
  return client.request<Final>("agent", given, { onAccepted: () => undefined, timeoutMs: 20_000 });
}

const CLAUDE = `echo '{"type":"result","is_error":false,"result":"four","session_id":"s-1","usage":{"input_tokens":7,"cache_read_input_tokens":3,"output_tokens":2}}'`;

test("claude: the first turn begins a session with the system prompt, the next one goes on with it", async () => {
  await using at = await bench("claude-cli", CLAUDE);
  process.env["ANTHROPIC_API_KEY"] = "not-for-the-child";

  try {
    const first = await ask(at.client, "two and two?");
    await ask(at.client, "sure?");

    assert.equal(first.result.payloads[0]?.text, "four");
    assert.partialDeepStrictEqual(first.result.meta.agentMeta?.usage, { input: 7, output: 2, cacheRead: 3 });
    const [one, two] = at.runs();
    assert.deepEqual(one?.args.slice(0, 6), [
      "-p",
      "--output-format",
      "json",
      "--dangerously-skip-permissions",
      "--model",
      "opus",
    ]);
    assert.match(one?.args.join(" ") ?? "", /--session-id [0-9a-f-]{36} --append-system-prompt .*two and two\?/s);
    assert.match(two?.args.join(" ") ?? "", /--resume s-1 .*sure\?$/s);
    assert.doesNotMatch(two?.args.join(" ") ?? "", /--session-id|--append-system-prompt/);
    assert.doesNotMatch(one?.env ?? "", /not-for-the-child|OPENCLAW/);
  } finally {
    delete process.env["ANTHROPIC_API_KEY"];
  }
});

test("a session that is reset is a new one for the command too", async () => {
  await using at = await bench("claude-cli", CLAUDE);
  await ask(at.client, "one");

  await at.client.request("sessions.reset", { key: "main" });
  await ask(at.client, "two");

  assert.match(at.runs()[1]?.args.join(" ") ?? "", /--session-id/);
});

test("a session that the command has forgotten is begun anew, once", async () => {
  await using at = await bench("claude-cli", CLAUDE);
  await ask(at.client, "one");
  at.script(`case "$*" in *--resume*) echo "No conversation found with session ID: s-1" >&2; exit 1;; esac\n${CLAUDE}`);

  const { status } = await ask(at.client, "two");

  assert.equal(status, "ok");
  assert.deepEqual(
    at.runs().map(({ args }) => args.includes("--resume")),
    [false, true, false],
  );
});

test("codex: lines of JSON are read as they come, and a session is resumed as plain text", async () => {
  const lines = [
    { type: "thread.started", thread_id: "t-9" },
    { type: "item.completed", item: { type: "reasoning", text: "hmm" } },
    { type: "item.completed", item: { type: "agent_message", text: "first part" } },
    { type: "item.completed", item: { type: "agent_message", text: "second part" } },
    { type: "turn.completed", usage: { input_tokens: 10, cached_input_tokens: 4, output_tokens: 5 } },
  ];
  await using at = await bench(
    "codex-cli",
    `cat <<'END'\n${lines.map((line) => JSON.stringify(line)).join("\n")}\nEND`,
  );
  const first = await ask(at.client, "go");
  at.script("echo plain words");

  const second = await ask(at.client, "on");

  assert.equal(first.result.payloads[0]?.text, "first part\n\nsecond part");
  assert.partialDeepStrictEqual(first.result.meta.agentMeta?.usage, { input: 6, output: 5, cacheRead: 4 });
  assert.equal(second.result.payloads[0]?.text, "plain words");
  assert.deepEqual(at.runs()[1]?.args.slice(0, 3), ["exec", "resume", "t-9"]);
});

test("what is long, and what looks like a flag, goes through stdin", async () => {
  await using at = await bench("mine", "echo ok", { args: ["run"], output: "text", maxPromptArgChars: 200 });

  await ask(at.client, "x".repeat(300));
  await ask(at.client, "short");

  const [long, short] = at.runs();
  assert.deepEqual(long?.args, ["run"]);
  assert.match(long?.stdin ?? "", /x{300}$/);
  assert.match(short?.args.at(-1) ?? "", /short$/);
  assert.equal(short?.stdin, "");
});

for (const { name, script, expected, reason } of [
  {
    name: "ends with an error",
    script: "echo 'Invalid API key' >&2; exit 3",
    expected: /ended with 3: .*Invalid API key/,
    reason: "auth",
  },
  {
    name: "reports an error",
    script: `echo '{"type":"result","is_error":true,"result":"rate limit reached"}'`,
    expected: /rate limit reached/,
    reason: "rate_limit",
  },
  { name: "says nothing", script: "true", expected: /printed no answer/, reason: "format" },
  {
    name: "floods",
    script: "head -c 12000000 /dev/zero | tr '\\\\0' x; sleep 20",
    expected: /more than 10 MB/,
    reason: "format",
  },
]) {
  test(`a command that ${name} is a failed run with its reason`, async () => {
    await using at = await bench("mine", script, { output: "json" });

    const { status, error } = await ask(at.client, "hello");

    assert.equal(status, "error");
    assert.match(error?.message ?? "", expected);
    assert.match(JSON.stringify(error?.details), new RegExp(`"reason":"${reason}"`));
  });
}

test("a command that is not there is one sentence with the setting to change", async () => {
  await using at = await bench("mine", "true", { command: "no-such-command-here" });

  const { error } = await ask(at.client, "hello");

  assert.match(
    error?.message ?? "",
    /"no-such-command-here" is not there; .*agents\.defaults\.cliBackends\.mine\.command/,
  );
});

test("an abort ends the command and everybody it has started", async () => {
  await using at = await bench("mine", "", { output: "text" });
  at.script(`sleep 60 & echo $! > "${at.folder}/child.pid"; wait`);
  await at.client.request("chat.send", { sessionKey: "main", message: "go", idempotencyKey: "cli-abort" });
  // the shell makes the file before it has written the id into it
  const pid = await eventually(
    "the grandchild runs",
    () => Number(readFileSync(join(at.folder, "child.pid"), "utf8")) || undefined,
  );

  await at.client.request("chat.abort", { sessionKey: "main", runId: "cli-abort" });

  await eventually("nobody is left", () => !isProcessAlive(pid));
});

test("a command that takes too long is ended, and the run fails with the reason", async () => {
  await using at = await bench("mine", "sleep 60", { output: "text", timeoutSeconds: 0.3 });

  const { error } = await ask(at.client, "hello", { timeout: 15 });

  assert.match(error?.message ?? "", /no answer within 0\.3 s/);
  assert.equal(at.runs().length, 1, "what it has done meanwhile is not done again");
});

test("a command that works in silence is not given up, and is told to use its own tools", async () => {
  await using at = await bench("claude-cli", `sleep 0.5; ${CLAUDE}`, {}, { streamIdleSeconds: 0.1 });

  const { result } = await ask(at.client, "hello");

  assert.equal(result.payloads[0]?.text, "four");
  assert.match(at.runs()[0]?.args.join("\n") ?? "", /## Tools\nUse those that you bring along/);
});

test("one run of a backend at a time, unless it says otherwise", async () => {
  const body = (folder: string) =>
    `if mkdir "${folder}/busy"; then sleep 0.3; rmdir "${folder}/busy"; echo alone; else echo together; fi`;
  await using at = await bench("mine", "", { output: "text", sessionMode: "none" });
  at.script(body(at.folder));

  const answers = await Promise.all(
    ["a", "b"].map((name) => ask(at.client, "x", { sessionKey: `agent:main:${name}` })),
  );

  assert.deepEqual(
    answers.map(({ result }) => result.payloads[0]?.text),
    ["alone", "alone"],
  );
});

test("what a command leaves behind holds up neither its answer nor the next turn, and what stays in its group goes", async () => {
  const leave = `(sleep 60 & echo $! > "${"$"}{0%/*}/near") ; setsid sleep 60 & echo $! > "${"$"}{0%/*}/far"`;
  await using place = await bench("claude-cli", `${leave}\n${CLAUDE}`);
  const pidIn = (name: string) => Number(readFileSync(join(place.folder, name), "utf8"));

  const first = await ask(place.client, "two and two?");
  const pids = [pidIn("near"), pidIn("far")] as const;
  const second = await ask(place.client, "and again?");

  for (const { status, result } of [first, second]) {
    assert.equal(status, "ok");
    assert.equal(result.payloads[0]?.text, "four");
  }
  await eventually("what stayed in the group is gone", () => !isProcessAlive(pids[0]));
  for (const pid of [pids[1], pidIn("far")]) process.kill(pid, "SIGKILL");
});

test("half an answer is no answer, and what makes no sense is passed over", async () => {
  await using place = await bench("claude-cli", `printf '{"type":"result","result":"fo'`);

  const half = await ask(place.client, "two and two?");
  place.script('echo \'[null,1,[],{"type":"assistant","message":null}]\'');
  const odd = await ask(place.client, "two and two?");

  assert.equal(half.status, "error");
  assert.match(half.error?.message ?? "", /JSON that breaks off/);
  assert.equal(odd.status, "error");
  assert.match(odd.error?.message ?? "", /printed no answer/);
});
