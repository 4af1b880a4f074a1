import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { run, startGateway, testHome, TOKEN } from "../support/command-line.ts";
import type { Running, TestHome } from "../support/command-line.ts";

interface Listed {
  readonly path: string;
  readonly count: number;
  readonly activeMinutes: number | null;
  readonly sessions: readonly { readonly key: string; readonly label?: string }[];
}

suite("sessions of a gateway that runs", () => {
  let at: TestHome;
  let gateway: Running;
  before(async () => {
    at = await testHome();
    gateway = await startGateway(at);
    await openclaw("agent", "--message", "hello");
    await openclaw("agent", "--message", "hello", "--session-key", "agent:main:demo");
  });
  after(async () => {
    await gateway[Symbol.asyncDispose]();
    at[Symbol.dispose]();
  });

  async function openclaw(...args: string[]) {
    return run(at, [...args, "--token", TOKEN]);
  }

  async function json<T>(...args: string[]): Promise<T> {
    const { stdout, code } = await openclaw(...args, "--json");
    assert.equal(code, 0, stdout);
    return JSON.parse(stdout) as T;
  }

  test("are listed, newest first, as a table and as JSON", async () => {
    const list = await json<Listed>("sessions");
    const text = await openclaw("sessions", "list", "--active", "5");

    assert.deepEqual([list.count, list.activeMinutes, list.sessions[0]?.key], [2, null, "agent:main:demo"]);
    assert.match(list.path, /agents.main.sessions.sessions\.json$/);
    assert.match(text.stdout, /^Session store: ~.*\nSessions: 2\n\n/);
    assert.match(text.stdout, /agent:main:main +direct +just now/);
    assert.equal((await json<Listed>("sessions", "--agent", "nobody")).count, 0);
    assert.equal((await json<Listed>("sessions", "--limit", "1")).count, 1);
    assert.equal((await openclaw("sessions", "--active", "0")).code, 2);
  });

  test("are shown, changed, compacted, begun anew and deleted", async () => {
    const show = await json<{ sessionId: string }>("sessions", "show", "agent:main:demo");
    assert.match((await openclaw("sessions", "preview", "agent:main:demo")).stdout, /^user: hello\nassistant: /);
    const patched = await openclaw("sessions", "patch", "agent:main:demo", "--label", "Demo", "--thinking", "low");
    assert.equal(patched.stdout, "changed agent:main:demo: label, thinking\n");
    assert.equal((await json<Listed>("sessions")).sessions[0]?.label, "Demo");
    assert.match((await openclaw("sessions", "compact", "agent:main:demo")).stdout, /is as it was: \d lines are few/);
    const anew = await json<{ entry: { sessionId: string } }>("sessions", "reset", "agent:main:demo");
    assert.notEqual(anew.entry.sessionId, show.sessionId);
    assert.match((await openclaw("sessions", "delete", "agent:main:demo")).stdout, /^deleted agent:main:demo/);
    assert.equal((await openclaw("sessions", "delete", "agent:main:demo")).code, 1);
    assert.match((await openclaw("sessions", "cleanup", "--dry-run")).stdout, /^would remove 0 sessions/);
  });

  test("that are none are told apart, and wrong flags are refused", async () => {
    for (const [args, code] of [
      [["show", "agent:main:nobody"], 1],
      [["preview", "agent:main:nobody"], 1],
      [["delete", "main"], 1],
      [["patch", "main"], 2],
      [["patch", "main", "--thinking", "loud"], 1],
      [["cleanup", "--dry-run", "--enforce"], 2],
      [["reset", "../x"], 1],
    ] as const) {
      assert.equal((await openclaw("sessions", ...args)).code, code, args.join(" "));
    }
  });
});

test("without a gateway sessions are read from the files that it left, a broken one too", async () => {
  using at = await testHome();
  const write = (agent: string, text: string) => {
    const folder = join(at.stateDir, "agents", agent, "sessions");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "sessions.json"), text);
    return join(folder, "sessions.json");
  };
  const row = (updatedAt: number) => ({ sessionId: "s", updatedAt, skillsSnapshot: { prompt: "long" } });
  write("main", JSON.stringify({ "agent:main:main": row(1), "agent:main:a": row(Date.now()) }));
  const ops = write("ops", `{"agent:ops:main": ${JSON.stringify(row(5))}, "agent:ops:x": {broken`);
  const list = async (...args: string[]) =>
    JSON.parse((await run(at, ["sessions", ...args, "--json"])).stdout) as Listed;

  const all = await list();

  assert.deepEqual(all.path, "(multiple)");
  assert.deepEqual(
    all.sessions.map(({ key }) => key),
    ["agent:main:a", "agent:ops:main", "agent:main:main"],
  );
  assert.ok(!("skillsSnapshot" in (all.sessions[0] as object)));
  assert.deepEqual((await list("--active", "5")).count, 1);
  assert.deepEqual(
    (await list("--store", ops)).sessions.map(({ key }) => key),
    ["agent:ops:main"],
  );
  assert.equal((await run(at, ["sessions", "--store", "nowhere.json"])).code, 1);
  assert.equal((await run(at, ["sessions", "reset", "main"])).code, 1);
});
