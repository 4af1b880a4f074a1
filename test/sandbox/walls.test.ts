import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { eventually } from "openclaw/plugin-sdk/testing";
import { LAB_PLUGIN } from "../delivery/lab-gateway.ts";
import type { Sent } from "../delivery/lab-gateway.ts";
import { startFakeDocker } from "../fakes/docker.ts";
import { startToolBench } from "../tools/bench.ts";
import type { ToolBench } from "../tools/bench.ts";

const SANDBOX = { mode: "all" };
const LAB = { channels: { lab: { dmPolicy: "open", allowFrom: ["*"] } }, plugins: LAB_PLUGIN };

async function hear({ client }: ToolBench, text: string): Promise<void> {
  const about = { channel: "lab", messageId: text, text, sender: { id: "u1" }, chatType: "direct", chatId: "u1" };
  await client.request("lab.receive", about);
}

test("a sandboxed session is offered nothing that works outside, unless it is allowed by name", async () => {
  using _docker = startFakeDocker();
  const tools = { sandbox: { tools: { alsoAllow: ["web_fetch"], deny: ["sessions_spawn"] } } };
  await using bench = await startToolBench({ tools, agents: { defaults: { sandbox: SANDBOX } } });

  await bench.say("what is there?");
  const refused = await bench.use("cron", { action: "list" });
  const system = JSON.stringify(bench.model.requests.at(-1)?.body.messages);

  const offered = bench.offered();
  for (const name of ["exec", "process", "read", "write", "edit", "web_fetch", "sessions_list"])
    assert.ok(offered.includes(name), name);
  for (const name of ["cron", "gateway", "nodes", "message", "memory_search", "sessions_spawn"])
    assert.ok(!offered.includes(name), name);
  assert.match(refused.text, /is not allowed here/);
  assert.match(system, /closed off from the machine of the gateway\. Your working folder there is \/workspace/);
  assert.ok(!system.includes(`working folder is ${bench.workspace}`));
});

test("a host is refused, elevation that nobody allows too, and an elevated command leaves by the rules outside", async () => {
  using docker = startFakeDocker();
  const exec = { security: "full", ask: "off" };
  const config = { ...LAB, agents: { defaults: { sandbox: SANDBOX } } };
  await using bench = await startToolBench({
    ...config,
    tools: { exec, elevated: { allowFrom: { lab: ["u1"] } } },
  });
  const defaults = { security: "full", ask: "off" };
  writeFileSync(join(bench.gateway.stateDir, "exec-approvals.json"), JSON.stringify({ version: 1, defaults }));
  const mark = join(bench.workspace, "ran-outside");

  const onGateway = await bench.use("exec", { command: `touch ${mark}`, host: "gateway" });
  const onNode = await bench.use("exec", { command: `touch ${mark}`, host: "node" });
  const notAllowed = await bench.use("exec", { command: `touch ${mark}`, elevated: true });
  assert.ok(!existsSync(mark));
  bench.model.scripts.push((reply) => {
    reply.toolCall("leaves", "exec", JSON.stringify({ command: `touch ${mark}`, elevated: true }));
    reply.end("tool_calls");
  });
  await hear(bench, "do it outside");
  await eventually("it ran outside", () => existsSync(mark));

  for (const { text } of [onGateway, onNode]) assert.match(text, /this session works in a sandbox; .* needs elevated/);
  assert.match(notAllowed.text, /elevated is not available here/);
  assert.deepEqual(docker.calls("exec"), []);
});

test("an answer sends files of the sandbox, and none of the agent's own", async () => {
  using docker = startFakeDocker();
  const traits = { capabilities: { media: true } };
  const channels = { lab: { ...LAB.channels.lab, traits } };
  await using bench = await startToolBench({ ...LAB, channels, agents: { defaults: { sandbox: SANDBOX } } });
  writeFileSync(join(bench.workspace, "private.txt"), "of the agent alone");
  await bench.use("exec", { command: `echo made > made.txt; ln -s ${bench.workspace}/private.txt link.txt` });
  const sent = async () => (await bench.client.request<{ sent: Sent[] }>("lab.sent", {})).sent;

  for (const file of ["/workspace/made.txt", join(bench.workspace, "private.txt"), "link.txt"]) {
    bench.model.scripts.push((reply) => {
      reply.text(`Here it is.\nMEDIA:${file}`);
      reply.end();
    });
    const before = (await sent()).length;
    await hear(bench, `send ${file}`);
    await eventually("it is answered", async () => (await sent()).length > before);
  }

  const all = await sent();
  assert.ok(docker.containers().length === 1);
  assert.deepEqual(
    all.flatMap(({ media = [] }) => media.map(({ text }) => text)),
    ["made\n"],
  );
});

test("with the plugin switched off behind the gateway's back tools fail, and nothing runs outside", async () => {
  using docker = startFakeDocker();
  await using bench = await startToolBench({ agents: { defaults: { sandbox: SANDBOX } } });
  await bench.use("exec", { command: "true" });
  const config = JSON.parse(readFileSync(bench.gateway.configPath, "utf8")) as object;
  docker.forget();

  bench.gateway.writeConfig({ ...config, plugins: { entries: { "tools-sandbox": { enabled: false } } } });
  const state = async () => {
    const { plugins } = await bench.client.request<{ plugins: { id: string; state: string }[] }>("plugins.list", {});
    return plugins.find(({ id }) => id === "tools-sandbox")?.state;
  };
  await eventually("it is off", async () => (await state()) === "disabled", 20_000);
  const mark = join(bench.workspace, "ran");
  const run = await bench.use("exec", { command: `touch ${mark}` });
  const written = await bench.use("write", { path: "ran", content: "x" });
  const { issues, warnings } = await bench.client.request<{ issues: object[]; warnings: object[] }>("config.get", {});

  for (const { text } of [run, written])
    assert.match(text, /no plugin here provides one; run "openclaw plugins enable/);
  assert.ok(!existsSync(mark));
  assert.deepEqual(docker.calls("exec"), []);
  assert.match(
    JSON.stringify([issues, warnings]),
    /agents\.defaults\.sandbox\.mode.*no plugin here provides a sandbox/,
  );
});

test("folders that would open the machine are not mounted", async () => {
  using docker = startFakeDocker();
  const inside = (bind: string) => ({ agents: { defaults: { sandbox: { ...SANDBOX, docker: { binds: [bind] } } } } });
  await using bench = await startToolBench(inside("/usr/share:/data:rw"));
  const patch = async (bind: string) => {
    const { hash } = await bench.client.request<{ hash: string }>("config.get", {});
    await bench.client.request("config.patch", { raw: JSON.stringify(inside(bind)), baseHash: hash });
  };
  const state = bench.gateway.stateDir;
  mkdirSync(join(bench.workspace, "sub"));
  symlinkSync(state, join(bench.workspace, "sub/link"));
  await bench.use("exec", { command: "true" });
  assert.equal(new Map(docker.containers()[0]?.options).get("--volume"), "/usr/share:/data:rw");

  for (const source of [
    "/",
    state,
    join(state, "agents"),
    join(bench.workspace, "sub/link"),
    "/proc",
    "/run/docker.sock",
  ]) {
    await patch(`${source}:/data:ro`);
    const { text } = await bench.use("exec", { command: "true" });
    assert.match(text, /sandbox\.docker\.binds may not have/, source);
  }
  await assert.rejects(patch("relative:/data"), /invalid config/);
});
