import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { eventually, startTestGateway } from "openclaw/plugin-sdk/testing";
import type { TestGateway } from "openclaw/plugin-sdk/testing";
import { modelConfig, startFakeOpenAi } from "../fakes/openai-server.ts";
import type { FakeOpenAi } from "../fakes/openai-server.ts";
import { TestNode } from "../nodes/node-client.ts";
import { programs, writeNeedy, writeSkill } from "./place.ts";

interface Row {
  readonly name: string;
  readonly description: string;
  readonly source: string;
  readonly filePath: string;
  readonly eligible: boolean;
  readonly disabled: boolean;
  readonly blockedByAllowlist: boolean;
  readonly missing: Readonly<Record<string, readonly string[]>>;
  readonly configChecks: readonly object[];
  readonly install: readonly { readonly id: string }[];
  readonly problem?: string;
}

interface Status {
  readonly workspaceDir: string;
  readonly managedSkillsDir: string;
  readonly skills: readonly Row[];
}

async function status(gateway: TestGateway): Promise<Map<string, Row>> {
  const { skills } = await (await gateway.client()).request<Status>("skills.status", {});
  return new Map(skills.map((row) => [row.name, row]));
}

const managed = ({ stateDir }: TestGateway) => join(stateDir, "skills");
const workspace = ({ stateDir }: TestGateway) => join(stateDir, "workspace", "skills");

test("the workspace wins over managed skills, those over bundled ones, and further folders come last", async () => {
  await using gateway = await startTestGateway();
  const extra = join(gateway.home, "extra");
  for (const [folder, names] of [
    [workspace(gateway), ["one"]],
    [managed(gateway), ["one", "two", "github"]],
    [extra, ["one", "two", "weather", "three"]],
  ] as const)
    for (const name of names) writeSkill(folder, name, `from ${folder}`);
  const client = await gateway.client();
  const { hash } = await client.request<{ hash: string }>("config.get", {});
  await client.request("config.patch", {
    raw: JSON.stringify({ skills: { load: { extraDirs: [extra] } } }),
    baseHash: hash,
    restartDelayMs: 600_000,
  });

  const skills = await status(gateway);

  const sources = ["one", "two", "github", "weather", "three", "skill-author"].map((name) => skills.get(name)?.source);
  assert.deepEqual(sources, [
    "openclaw-workspace",
    "openclaw-managed",
    "openclaw-managed",
    "openclaw-bundled",
    "openclaw-extra",
    "openclaw-bundled",
  ]);
  assert.equal(skills.get("one")?.description, `from ${workspace(gateway)}`);
  const answer = await client.request<Status>("skills.status", { agentId: "main" });
  assert.deepEqual(
    [answer.workspaceDir, answer.managedSkillsDir],
    [join(gateway.stateDir, "workspace"), managed(gateway)],
  );
  await assert.rejects(client.request("skills.status", { agentId: "ghost" }), {
    code: "INVALID_REQUEST",
    message: 'unknown agent id "ghost"',
  });
});

test("a hostile skill is listed with its reason, and the others work", async () => {
  await using gateway = await startTestGateway();
  const folder = managed(gateway);
  writeSkill(folder, "good");
  const outside = join(gateway.home, "outside");
  writeSkill(outside, "away");
  symlinkSync(join(outside, "away"), join(folder, "linked"));
  mkdirSync(join(folder, "stolen"));
  symlinkSync(gateway.configPath, join(folder, "stolen", "SKILL.md"));
  const bad: Readonly<Record<string, string | Buffer>> = {
    huge: `---\nname: huge\ndescription: x\n---\n${"x".repeat(262_145)}`,
    none: "# no front matter\n",
    open: "---\nname: open\n",
    yaml: "---\nname: [\n---\n",
    twice: "---\nname: twice\nname: again\ndescription: x\n---\n",
    bomb: "---\na: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n---\n",
    list: "---\n- a\n---\n",
    nameless: '---\nname: "a\\u0007</skill>"\ndescription: x\n---\n',
    mute: "---\nname: mute\n---\n",
    odd: "---\nname: odd\ndescription: x\nmetadata: [1]\n---\n",
    long: `---\ndescription: ${"x".repeat(40_000)}\n---\n`,
    bytes: Buffer.from([0xff, 0xfe, 0x00]),
  };
  for (const [name, text] of Object.entries(bad)) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, "SKILL.md"), text);
  }
  mkdirSync(join(folder, "folder", "SKILL.md"), { recursive: true });
  mkdirSync(join(folder, "pipe"));
  execFileSync("mkfifo", [join(folder, "pipe", "SKILL.md")]);

  const skills = await status(gateway);

  for (const [name, problem] of [
    ["linked", /^leads out of its folder; copy it there/],
    ["stolen", /^leads out of its folder/],
    ["huge", /^is no file of at most 262144 bytes$/],
    ["none", /^has no front matter; begin the file with a line of three dashes$/],
    ["open", /^has a front matter without an end/],
    ["yaml", /^has front matter that is not YAML: /],
    ["twice", /^has front matter that is not YAML: .*unique/],
    ["bomb", /^has front matter that cannot be used: Alias/],
    ["list", /^has front matter that holds no fields$/],
    ["nameless", /^has a name that cannot be used: "a\\u0007<\/skill>"$/],
    ["mute", /^has no description/],
    ["odd", /^has metadata that is no object$/],
    ["long", /^has a front matter of more than 32768 characters$/],
    ["bytes", /^has no front matter/],
    ["folder", /^is no file/],
    ["pipe", /^is no file/],
  ] as const) {
    assert.match(skills.get(name)?.problem ?? "no problem", problem, name);
    assert.equal(skills.get(name)?.eligible, false);
  }
  assert.equal(skills.get("good")?.eligible, true);
  assert.equal(skills.has("away"), false);
});

test("a skill is offered where it has what it needs", async () => {
  const config = {
    agents: { defaults: { skipBootstrap: true } },
    skills: {
      allowBundled: ["weather"],
      entries: {
        off: { enabled: false },
        keyed: { apiKey: "k-123456" },
        "dotted.name": { env: { DOTTED_KEY: "v" } },
      },
    },
  };
  await using gateway = await startTestGateway({ config });
  using path = programs(join(gateway.home, "bin"));
  path.add("here");
  const folder = managed(gateway);
  const other = process.platform === "linux" ? "darwin" : "linux";
  for (const [name, needs] of [
    ["bins", "{ requires: { bins: [here, not-here] } }"],
    ["any", "{ requires: { anyBins: [not-here, here] } }"],
    ["none-of-any", "{ requires: { anyBins: [not-here, nor-here] } }"],
    ["beside", `{ requires: { bins: ["${join(gateway.home, "bin", "here")}"] } }`],
    ["env", "{ requires: { env: [NOT_SET_ANYWHERE] } }"],
    ["keyed", "{ primaryEnv: KEYED_KEY, requires: { env: [KEYED_KEY] } }"],
    ["dotted", '{ skillKey: "dotted.name", requires: { env: [DOTTED_KEY] } }'],
    ["config", "{ requires: { config: [channels.telegram.botToken, gateway.mode] } }"],
    ["os", `{ os: [${other}] }`],
    ["always", "{ always: true, requires: { bins: [not-here] } }"],
    ["off", "{}"],
  ] as const)
    writeNeedy(folder, name, needs);

  const skills = await status(gateway);

  const eligible = [...skills.values()].filter((row) => row.eligible).map(({ name }) => name);
  assert.deepEqual(eligible, ["always", "any", "dotted", "keyed", "weather"]);
  assert.deepEqual(skills.get("bins")?.missing, { bins: ["not-here"], anyBins: [], env: [], config: [], os: [] });
  assert.deepEqual(skills.get("none-of-any")?.missing["anyBins"], ["not-here", "nor-here"]);
  assert.deepEqual(skills.get("env")?.missing["env"], ["NOT_SET_ANYWHERE"]);
  assert.deepEqual(skills.get("config")?.missing["config"], ["channels.telegram.botToken"]);
  assert.deepEqual(skills.get("config")?.configChecks, [
    { path: "channels.telegram.botToken", value: false, satisfied: false },
    { path: "gateway.mode", value: true, satisfied: true },
  ]);
  assert.deepEqual(skills.get("os")?.missing["os"], [other]);
  assert.equal(skills.get("off")?.disabled, true);
  assert.equal(skills.get("skill-author")?.blockedByAllowlist, true);
});

async function turn(gateway: TestGateway, model: FakeOpenAi, key: string): Promise<string> {
  const client = await gateway.client();
  await client.request(
    "agent",
    { message: "hello", agentId: "main", idempotencyKey: key },
    { onAccepted: () => undefined },
  );
  const system = model.requests.at(-1)?.body.messages.find(({ role }) => role === "system" || role === "developer");
  return JSON.stringify(system?.content);
}

test("the prompt names skills; what is put there, mended or switched off counts from the next turn on", async () => {
  await using model = await startFakeOpenAi();
  await using gateway = await startTestGateway({
    config: { ...modelConfig(model), skills: { load: { watchDebounceMs: 10 } } },
  });
  const client = await gateway.client();
  assert.match(await turn(gateway, model, "k1"), /skill-author/);
  assert.doesNotMatch(await turn(gateway, model, "k2"), /magic/);

  const path = writeSkill(managed(gateway), "magic", "does <magic> & more");
  let turns = 2;
  const said = (pattern: RegExp) =>
    eventually(
      `the prompt says ${pattern}`,
      async () => pattern.test(await turn(gateway, model, `k${++turns}`)),
      15_000,
    );
  await said(/name=\\"magic\\" file=\\"[^"]*SKILL\.md\\">does &lt;magic&gt; &amp; more<\/skill>/);

  writeFileSync(path, readFileSync(path, "utf8").replace("& more", "and no more"));
  await said(/and no more/);

  await client.request("skills.update", { skillKey: "magic", enabled: false });
  assert.doesNotMatch(await turn(gateway, model, "off"), /magic/);
  await client.request("skills.update", { skillKey: "magic", enabled: true });
  assert.match(await turn(gateway, model, "on"), /magic/);

  rmSync(join(managed(gateway), "magic"), { recursive: true });
  await eventually("magic is gone", async () => !/magic/.test(await turn(gateway, model, `k${++turns}`)), 15_000);

  const directory = join(gateway.stateDir, "agents", "main", "sessions");
  const index = await eventually("the session says which skills it knows", () => {
    const rows = JSON.parse(readFileSync(join(directory, "sessions.json"), "utf8")) as Record<
      string,
      { skillsSnapshot?: { hash: string; skills: object[]; prompt?: string } }
    >;
    return rows["agent:main:main"]?.skillsSnapshot;
  });
  assert.equal(index.prompt, undefined);
  assert.ok(existsSync(join(directory, `skills-${index.hash}.json`)));
});

test("skills.update keeps secrets to itself, comments in the file, and takes its own placeholder for no change", async () => {
  await using gateway = await startTestGateway({
    config: "{\n  // mine\n  gateway: { mode: 'local', auth: { token: 'test-token-0123456789abcdef' } },\n}\n",
  });
  writeNeedy(managed(gateway), "keyed", "{ primaryEnv: KEYED, requires: { env: [KEYED] } }");
  const client = await gateway.client();

  const first = await client.request("skills.update", {
    skillKey: "keyed",
    apiKey: " secret-0123 ",
    env: { MORE: "secret-4567", GONE: "" },
  });
  const row = (await status(gateway)).get("keyed");

  const config = { apiKey: "__OPENCLAW_REDACTED__", env: { MORE: "__OPENCLAW_REDACTED__" } };
  assert.deepEqual(first, { ok: true, skillKey: "keyed", config });
  assert.equal(row?.eligible, true);
  assert.doesNotMatch(JSON.stringify([row, await client.request("config.get", {})]), /secret-/);
  const text = readFileSync(gateway.configPath, "utf8");
  assert.match(text, /\/\/ mine/);
  assert.match(text, /secret-0123/);

  await client.request("skills.update", { skillKey: "keyed", ...config });
  assert.equal(readFileSync(gateway.configPath, "utf8"), text);
  assert.deepEqual(await client.request("skills.update", { skillKey: "keyed", apiKey: "", env: { MORE: "" } }), {
    ok: true,
    skillKey: "keyed",
    config: { env: {} },
  });
  assert.doesNotMatch(readFileSync(gateway.configPath, "utf8"), /secret-/);
  for (const skillKey of ["ghost", "__proto__", 'a"]["b'])
    await assert.rejects(client.request("skills.update", { skillKey, enabled: true }), {
      code: "INVALID_REQUEST",
      message: `unknown skill ${JSON.stringify(skillKey)}; see skills.status`,
    });
});

test("skills.install.preferBrew: false offers the other installers of a skill first", async () => {
  await using gateway = await startTestGateway({ config: { skills: { install: { preferBrew: false } } } });
  const install = "[{ id: a, kind: brew, formula: tool }, { id: b, kind: go, module: x.example/tool }]";
  writeNeedy(managed(gateway), "tool", `{ requires: { bins: [tool-nowhere] }, install: ${install} }`);

  const { install: offered = [] } = (await status(gateway)).get("tool") ?? {};

  assert.deepEqual(
    offered.map(({ id }) => id),
    ["b", "a"],
  );
});

test("skills.install runs the installer without a shell and tells what it said", async () => {
  await using gateway = await startTestGateway();
  using path = programs(join(gateway.home, "bin"));
  const made = join(gateway.home, "bin", "tool-made");
  path.add("brew", `echo "got $*"; printf '#!/bin/sh\\n' > '${made}'; chmod 755 '${made}'`);
  path.add("npm", 'echo "args: $*"; echo broken >&2; exit 3');
  const install =
    "[{ id: a, kind: brew, formula: some/tap/tool }, { kind: node, package: '@x/tool' }, { id: flag, kind: node, package: '--prefix=/' }, { id: hand, kind: download, url: 'https://example.com/x' }, { id: far, kind: brew, formula: x, os: [nowhere] }, { id: none, kind: uv, package: x }]";
  writeNeedy(managed(gateway), "tool", `{ requires: { bins: [tool-made] }, install: ${install} }`);
  const client = await gateway.client();
  const tool = { name: "tool", timeoutMs: 20_000 };
  assert.deepEqual(
    (await status(gateway)).get("tool")?.install.map(({ id }) => id),
    ["a", "node-1", "hand", "none"],
  );

  const installed = await client.request("skills.install", { ...tool, installId: "a" });

  assert.deepEqual(installed, {
    ok: true,
    message: "installed some/tap/tool",
    stdout: "got install some/tap/tool\n",
    stderr: "",
    code: 0,
  });
  assert.equal((await status(gateway)).get("tool")?.eligible, true);
  const failure = await client
    .request("skills.install", { ...tool, installId: "node-1" })
    .catch((error: unknown) => error);
  const message = "npm could not install @x/tool (exit 3)";
  const { code, message: said, payload } = failure as { code: string; message: string; payload: object };
  assert.deepEqual(
    { code, said, payload },
    {
      code: "UNAVAILABLE",
      said: message,
      payload: {
        ok: false,
        message,
        stdout: "args: install --global --ignore-scripts @x/tool\n",
        stderr: "broken\n",
        code: 3,
      },
    },
  );
  for (const [params, text] of [
    [{ ...tool, installId: "flag" }, /^skill "tool" has no install "flag"; see skills\.status$/],
    [{ ...tool, installId: "hand" }, /^fetch it by hand: https:\/\/example\.com\/x$/],
    [{ ...tool, installId: "far" }, /is not for /],
    [{ name: "ghost", installId: "a" }, /^unknown skill "ghost"; see skills\.status$/],
  ] as const)
    await assert.rejects(client.request("skills.install", params), { message: text });
  await assert.rejects(
    (await gateway.client({ scopes: ["operator.write"] })).request("skills.install", { ...tool, installId: "a" }),
    /missing scope/,
  );
});

test("nodes are told the programs of skills that the owner has put there, not of those an agent can write", async () => {
  await using gateway = await startTestGateway();
  using path = programs(join(gateway.home, "bin"));
  for (const name of ["owned", "own-any", "smuggled", "idle"]) path.add(name);
  writeNeedy(managed(gateway), "mine", "{ requires: { bins: [owned], anyBins: [own-any] } }");
  writeNeedy(managed(gateway), "lacking", "{ requires: { bins: [idle, not-there] } }");
  writeNeedy(workspace(gateway), "theirs", "{ requires: { bins: [smuggled] } }");
  await status(gateway);
  await using node = await TestNode.connect(gateway);

  const { payload } = await node.raw.request("skills.bins");

  const { bins } = payload as { bins: string[] };
  assert.deepEqual(
    bins.filter((name) => name !== "gh"),
    ["own-any", "owned"],
  );
});
