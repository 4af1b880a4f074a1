import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { eventually, startTestGateway } from "openclaw/plugin-sdk/testing";
import type { TestGateway } from "openclaw/plugin-sdk/testing";
import { modelConfig, startFakeOpenAi } from "../fakes/openai-server.ts";
import { discoverHooks } from "../../plugins/methods/internal-hooks/hook.ts";

interface Home extends Disposable {
  readonly home: string;
  readonly stateDir: string;
}

function newHome(): Home {
  const home = mkdtempSync(join(tmpdir(), "openclaw-hooks-"));
  return {
    home,
    stateDir: join(home, ".openclaw"),
    [Symbol.dispose]: () => rmSync(home, { recursive: true, force: true }),
  };
}

function writeHook(folder: string, name: string, events: string, code: string): string {
  const path = join(folder, name);
  mkdirSync(path, { recursive: true });
  writeFileSync(
    join(path, "HOOK.md"),
    `---\nname: ${name}\ndescription: does ${name}\nmetadata: { openclaw: { events: ${events} } }\n---\n`,
  );
  writeFileSync(join(path, "handler.ts"), code);
  return path;
}

/** A handler that leaves a file when it is imported, and a line per event. */
const leavesTraces = (file: string) => `import { appendFileSync } from "node:fs";
appendFileSync(${JSON.stringify(file)}, "imported\\n");
export default (event: { type: string; action: string; context: { env: Record<string, string> } }) =>
  appendFileSync(${JSON.stringify(file)}, \`\${event.type}:\${event.action} \${event.context.env.WHO ?? ""}\\n\`);
`;

const say = async (gateway: TestGateway, message: string, key: string) =>
  (await gateway.client()).request(
    "agent",
    { message, agentId: "main", idempotencyKey: key },
    { onAccepted: () => undefined },
  );

const read = (file: string) => (existsSync(file) ? readFileSync(file, "utf8") : "");

const internal = (names: readonly string[], more: object = {}) => ({
  hooks: {
    internal: { enabled: true, entries: Object.fromEntries(names.map((name) => [name, { enabled: true }])), ...more },
  },
});

test("a script runs only when the owner has enabled it, and only as it was then", async () => {
  using at = newHome();
  const traces = join(at.home, "traces");
  const workspace = join(at.stateDir, "workspace", "hooks");
  const path = writeHook(workspace, "mine", '["command:new", "session"]', leavesTraces(traces));
  const [hook] = await discoverHooks([{ path: workspace, source: "openclaw-workspace" }]);
  await using gateway = await startTestGateway({ home: at.home, config: {} });

  await say(gateway, "/new", "k1");
  await change(gateway, internal(["mine"]));
  await say(gateway, "/new", "k2");
  assert.equal(read(traces), "", "enabled without a record of what was enabled");

  const entries = { mine: { enabled: true, env: { WHO: "me" } } };
  await change(gateway, internal([], { entries, installs: { mine: { hash: hook?.hash } } }));
  await say(gateway, "/new", "k3");
  await eventually("it has run", () => /imported\ncommand:new me\n[^]*session:end me\n/.test(read(traces)));

  writeFileSync(join(path, "handler.ts"), `${leavesTraces(traces)}// changed\n`);
  await change(gateway, internal([], { entries, installs: { mine: { hash: hook?.hash } }, load: { extraDirs: [] } }));
  const before = read(traces);
  await say(gateway, "/new", "k4");
  assert.equal(read(traces), before);
});

/** Applied when it resolves. */
async function change(gateway: TestGateway, config: object): Promise<void> {
  const client = await gateway.client();
  const { hash } = await client.request<{ hash: string }>("config.get", {});
  const auth = { mode: "local", auth: { token: gateway.token } };
  await client.request("config.set", { raw: JSON.stringify({ gateway: auth, ...config }), baseHash: hash });
}

test("session-memory keeps what was said, command-logger the commands, boot-md asks the agent", async () => {
  using at = newHome();
  await using model = await startFakeOpenAi();
  const workspace = join(at.stateDir, "workspace");
  mkdirSync(workspace, { recursive: true });
  writeFileSync(join(workspace, "BOOT.md"), "Look at the plants.\n");
  await using gateway = await startTestGateway({
    home: at.home,
    config: { ...modelConfig(model), ...internal(["session-memory", "command-logger", "boot-md"]) },
  });
  await eventually("BOOT.md is done", () =>
    /Look at the plants/.test(JSON.stringify(model.requests[0]?.body.messages)),
  );

  await say(gateway, "the code is 4711", "k1");
  await say(gateway, "/new", "k2");

  const memory = join(workspace, "memory");
  const [file = ""] = await eventually("a note is there", () => existsSync(memory) && readdirSync(memory));
  assert.match(file, /^\d{4}-\d\d-\d\d-\d{6}-[\w-]+\.md$/);
  assert.match(readFileSync(join(memory, file), "utf8"), /\*\*user:\*\* .*the code is 4711\n\n\*\*assistant:\*\* /);
  const line = await eventually(
    "the command is logged",
    () => read(join(at.stateDir, "logs", "commands.log")) || undefined,
  );
  const { timestamp, ...facts } = JSON.parse(line.split("\n")[0] as string) as Record<string, string>;
  assert.ok(timestamp);
  assert.deepEqual(Object.keys(facts), ["action", "sessionKey", "senderId", "source"]);
  assert.deepEqual([facts["action"], facts["sessionKey"]], ["new", "agent:main:main"]);
});

test("a script that throws, hangs or cannot be loaded harms nobody", async () => {
  using at = newHome();
  const traces = join(at.home, "traces");
  const folder = join(at.stateDir, "hooks");
  writeHook(folder, "throws", "[command]", 'export default () => { throw new Error("no"); };\n');
  writeHook(folder, "hangs", "[command]", "export default () => new Promise(() => {});\n");
  writeHook(folder, "syntax", "[command]", "export default (;\n");
  writeHook(folder, "empty", "[command]", "export const x = 1;\n");
  writeHook(folder, "good", "[command]", leavesTraces(traces));
  const hooks = await discoverHooks([{ path: folder, source: "openclaw-managed" }]);
  const installs = Object.fromEntries(hooks.map(({ name, hash }) => [name, { hash }]));
  const names = hooks.map(({ name }) => name);
  await using gateway = await startTestGateway({ home: at.home, config: internal(names, { installs }) });

  const answer = await say(gateway, "/new", "k1");

  assert.equal((answer as { status: string }).status, "ok");
  assert.match(read(traces), /command:new/);
});

test("a folder that is no script is listed with its reason", async () => {
  using at = newHome();
  const folder = join(at.home, "hooks");
  writeHook(folder, "good", "[command]", "export default () => {};\n");
  writeHook(folder, "eventless", "[]", "");
  writeHook(folder, "odd", "[message:sent]", "");
  rmSync(join(writeHook(folder, "handless", "[command]", ""), "handler.ts"));
  mkdirSync(join(folder, "bare"));
  writeFileSync(join(folder, "bare", "HOOK.md"), "nothing\n");
  writeFileSync(join(writeHook(folder, "huge", "[command]", ""), "data"), "x".repeat(262_145));
  mkdirSync(join(writeHook(folder, "nested", "[command]", ""), "lib"));

  const hooks = await discoverHooks([{ path: folder, source: "openclaw-managed" }]);

  const problems = Object.fromEntries(hooks.map(({ name, problem }) => [name, problem]));
  assert.equal(problems["good"], undefined);
  assert.match(problems["eventless"] ?? "", /^names no events/);
  assert.match(
    problems["odd"] ?? "",
    /^names the event "message:sent", which there is not; there are agent:bootstrap, command, /,
  );
  assert.match(problems["handless"] ?? "", /^has no handler; write handler\.ts or handler\.js$/);
  assert.match(problems["bare"] ?? "", /^has no front matter/);
  assert.match(problems["huge"] ?? "", /data is no file of at most/);
  assert.match(problems["nested"] ?? "", /lib is no file/);
});

test("a script changes which files the prompt has", async () => {
  using at = newHome();
  const code = `export default ({ context }: { context: { bootstrapFiles: { name: string; text: string; path: string }[] } }) => {
  context.bootstrapFiles = [...context.bootstrapFiles.filter(({ name }) => name !== "SOUL.md"), { name: "EXTRA.md", path: "/x", text: "Say please." }];
};`;
  const folder = join(at.stateDir, "hooks");
  writeHook(folder, "extra", '["agent:bootstrap"]', code);
  await using model = await startFakeOpenAi();
  await using gateway = await startTestGateway({ home: at.home, config: modelConfig(model) });

  const [hook] = await discoverHooks([{ path: folder, source: "openclaw-managed" }]);
  const entries = { extra: { enabled: true } };
  await change(gateway, {
    ...modelConfig(model),
    ...internal([], { entries, installs: { extra: { hash: hook?.hash } } }),
  });
  await say(gateway, "hello", "b1");

  const system = JSON.stringify(model.requests[0]?.body.messages[0]);
  assert.match(system, /EXTRA\.md[^]*Say please\./);
  assert.doesNotMatch(system, /## SOUL\.md/);
});
