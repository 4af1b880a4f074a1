import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { isDeepStrictEqual } from "node:util";
import { eventually } from "openclaw/plugin-sdk/testing";
import { run, startGateway, testHome, TOKEN } from "../support/command-line.ts";
import type { TestHome } from "../support/command-line.ts";

interface Row {
  readonly id: string;
  readonly name?: string;
  readonly workspace: string;
  readonly agentDir: string;
  readonly model?: string;
  readonly bindings: number;
  readonly isDefault: boolean;
  readonly routes: readonly string[];
}

suite("agents without a gateway", () => {
  let at: TestHome;
  before(async () => void (at = await testHome({ channels: { webchat: {} } })));
  after(() => at[Symbol.dispose]());

  const openclaw = (...args: string[]) => run(at, args);
  const list = async () => JSON.parse((await openclaw("agents", "list", "--json")).stdout) as Row[];

  test("setup fills the workspace and keeps what is there", async () => {
    const workspace = join(at.stateDir, "workspace");

    assert.equal((await openclaw("setup")).code, 0);
    writeFileSync(join(workspace, "SOUL.md"), "mine");
    assert.equal((await openclaw("setup")).code, 0);

    assert.equal(readFileSync(join(workspace, "SOUL.md"), "utf8"), "mine");
    assert.ok(existsSync(join(workspace, "BOOTSTRAP.md")));
  });

  test("one is added, bound, named and listed", async () => {
    const added = await openclaw("agents", "add", "Ops Bot", "--model", "fake/one", "--bind", "webchat:desk");
    const workspace = join(at.stateDir, "workspace-ops-bot");

    assert.equal(added.stdout, "added agent ops-bot\nWorkspace: ~/.openclaw/workspace-ops-bot\n", added.stderr);
    assert.ok(existsSync(join(workspace, "AGENTS.md")));
    assert.equal((await openclaw("agents", "bind", "ops-bot", "webchat")).stdout, "webchat leads to ops-bot now\n");
    assert.equal((await openclaw("agents", "bind", "main", "webchat")).code, 2);
    writeFileSync(join(workspace, "IDENTITY.md"), "- Name: Ops\n- Emoji: 🛠\n");
    const named = await openclaw("agents", "set-identity", "ops-bot", "--from-identity", "--theme", "owl");
    assert.equal(named.stdout, "agent ops-bot: name Ops, theme owl, emoji 🛠\n", named.stderr);
    assert.equal((await openclaw("agents", "unbind", "ops-bot", "webchat")).code, 0);

    assert.deepEqual(await list(), [
      {
        id: "main",
        workspace: join(at.stateDir, "workspace"),
        agentDir: join(at.stateDir, "agents", "main", "agent"),
        bindings: 0,
        isDefault: true,
        routes: ["default"],
      },
      {
        id: "ops-bot",
        name: "Ops",
        workspace,
        agentDir: join(at.stateDir, "agents", "ops-bot", "agent"),
        model: "fake/one",
        bindings: 1,
        isDefault: false,
        routes: ["webchat:desk"],
      },
    ]);
    assert.match(
      (await openclaw("agents")).stdout,
      /^ID +NAME +MODEL .*\nmain \(default\) .*\nops-bot +Ops +fake\/one/,
    );
  });

  test("what is wrong is refused with a way on", async () => {
    for (const [args, code, message] of [
      [["add", "main"], 2, /"main" is reserved/],
      [["add", "Ops Bot"], 2, /agent "ops-bot" already exists/],
      [["add", "x", "--bind", "?"], 2, /"\?" is no route; write channel or channel:account/],
      [["delete", "main", "--force"], 2, /"main" cannot be deleted/],
      [["delete", "ops-bot"], 2, /needs --force/],
      [["delete", "ghost", "--force"], 1, /agent "ghost" not found/],
      [["bind", "ghost", "webchat"], 1, /agent "ghost" not found/],
      [["unbind", "ops-bot", "nowhere"], 1, /does not lead to agent "ops-bot"/],
      [["set-identity", "ops-bot"], 2, /say what to set/],
      [["set-identity", "--identity-file", "nowhere.md"], 1, /cannot read nowhere\.md/],
    ] as const) {
      const ended = await openclaw("agents", ...args);
      assert.equal(ended.code, code, args.join(" "));
      assert.match(ended.stderr, message);
    }
  });

  test("a route and a model that nobody serves are taken with a warning", async () => {
    const { code, stderr } = await openclaw("agents", "add", "odd", "--model", "opnai/x", "--bind", "telegraf");
    await openclaw("agents", "delete", "odd", "--force");

    assert.equal(code, 0);
    assert.match(stderr, /no plugin has a channel "telegraf"; there are .*telegram/);
    assert.match(stderr, /nobody knows the provider "opnai" of opnai\/x; did you mean "openai"\?/);
  });

  test("one is deleted, its files put aside", async () => {
    const ended = await openclaw("agents", "delete", "ops-bot", "--force");

    assert.match(
      ended.stdout,
      /^deleted agent ops-bot and 1 binding\nPut aside: ~\/.openclaw\/workspace-ops-bot\.deleted\./,
    );
    assert.equal(existsSync(join(at.stateDir, "workspace-ops-bot")), false);
    assert.deepEqual(
      (await list()).map(({ id }) => id),
      ["main"],
    );
  });
});

test("with a gateway that runs, agents come and go without a restart", async () => {
  using at = await testHome();
  await using gateway = await startGateway(at);
  const call = async (method: string, params: object) =>
    JSON.parse(
      (await run(at, ["gateway", "call", method, "--params", JSON.stringify(params), "--token", TOKEN])).stdout,
    ) as { agents?: { id: string }[] };
  const pid = gateway.pid;

  assert.equal((await run(at, ["agents", "add", "ops"])).code, 0);
  await eventually("the gateway has read it", async () =>
    isDeepStrictEqual(
      (await call("agents.list", {})).agents?.map(({ id }) => id),
      ["main", "ops"],
    ),
  );
  const asked = await run(at, ["agent", "--agent", "ops", "--message", "hello", "--token", TOKEN]);
  assert.equal(asked.code, 0, asked.stderr);
  const deleted = await run(at, ["agents", "delete", "ops", "--force", "--token", TOKEN]);

  assert.match(deleted.stdout, /^deleted agent ops\n(Put aside: .*\n){2}$/, deleted.stderr);
  assert.deepEqual(
    (await call("agents.list", {})).agents?.map(({ id }) => id),
    ["main"],
  );
  assert.ok(readdirSync(join(at.stateDir, "agents")).some((name) => name.startsWith("ops.deleted.")));
  assert.equal(gateway.pid, pid);
});
