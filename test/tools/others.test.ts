import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { eventually } from "openclaw/plugin-sdk/testing";
import { startFakeOpenAi } from "../fakes/openai-server.ts";
import { startToolBench } from "./bench.ts";

test("sessions_spawn starts a sub-agent without the tools of its parent, and its end is told", async () => {
  await using bench = await startToolBench();
  bench.model.otherwise = (reply, { body }) => {
    const isChild = JSON.stringify(body.messages).includes("You are a sub-agent");
    reply.text(isChild ? "the answer is 42" : "fine");
    reply.end();
  };

  const spawned = await bench.use("sessions_spawn", { task: "find the answer", label: "finder" });

  const { status, childSessionKey } = JSON.parse(spawned.text) as { status: string; childSessionKey: string };
  assert.equal(status, "accepted");
  assert.match(childSessionKey, /^agent:main:subagent:/);
  await eventually("the parent is told", () =>
    bench.model.requests.some(
      ({ body }) =>
        JSON.stringify(body.messages.at(-1)).includes("the answer is 42") &&
        !JSON.stringify(body.messages).includes("You are a sub-agent"),
    ),
  );
  const child = bench.model.requests.find(({ body }) => JSON.stringify(body.messages).includes("You are a sub-agent"));
  const names = ((child?.body.tools ?? []) as { function: { name: string } }[]).map((tool) => tool.function.name);
  assert.ok(names.includes("read") && names.includes("exec"));
  for (const name of ["sessions_spawn", "sessions_list", "session_status", "memory_search"])
    assert.ok(!names.includes(name), name);
});

test("image has a model that sees look at a file, and says how to get one", async () => {
  await using seeing = await startFakeOpenAi();
  const eye = {
    baseUrl: seeing.baseUrl,
    apiKey: "key-of-the-eye",
    api: "openai-completions",
    models: [{ id: "eye", name: "Eye", input: ["text", "image"], contextWindow: 32_000, maxTokens: 2_048 }],
  };
  await using bench = await startToolBench({ agents: { defaults: { imageModel: "blind/none" } } });
  const png = Buffer.from("89504e470d0a1a0a00000000", "hex");
  writeFileSync(join(bench.workspace, "cat.png"), png);
  writeFileSync(join(bench.workspace, "notes.txt"), "no image");

  const blind = await bench.use("image", { image: "cat.png" });
  const { hash } = await bench.client.request<{ hash: string }>("config.get", {});
  const raw = { models: { providers: { eye } }, agents: { defaults: { imageModel: "eye/eye" } } };
  await bench.client.request("config.patch", { raw: JSON.stringify(raw), baseHash: hash });
  const seen = await bench.use("image", { image: "cat.png", prompt: "what is it?" });
  const inline = await bench.use("image", { image: `data:image/png;base64,${png.toString("base64")}` });
  const text = await bench.use("image", { image: "notes.txt" });
  const outside = await bench.use("image", { image: "/etc/passwd" });
  execFileSync("mkfifo", [join(bench.workspace, "pipe.png")]);
  const pipe = await bench.use("image", { image: "pipe.png" });
  assert.match(pipe.text, /pipe.png is no file/);
  const local = await bench.use("image", { image: "http://127.0.0.1:1/x.png" });

  assert.match(blind.text, /no model here sees images; set one with "openclaw models set-image/);
  assert.equal(seen.text, "Hello from the fake model.");
  assert.match(JSON.stringify(seeing.requests[0]?.body.messages), /what is it\?.*data:image\/png;base64,iVBORw0KGgo/);
  assert.ok(!inline.isError);
  assert.match(text.text, /this is no image/);
  assert.match(outside.text, /outside of the workspace/);
  assert.equal(local.text, "Blocked: private/internal IP address");
});

test("cron is there only where a plugin runs jobs, and an agent manages those of its own", async () => {
  await using bench = await startToolBench({ plugins: { entries: { cron: { enabled: false } } } });
  await bench.say("hello");
  assert.ok(!bench.offered().includes("cron"));

  const plugins = { load: { paths: [join(import.meta.dirname, "jobs")] }, entries: { jobs: { enabled: true } } };
  const { hash } = await bench.client.request<{ hash: string }>("config.get", {});
  await bench.client.request("config.patch", { raw: JSON.stringify({ plugins }), baseHash: hash });
  await eventually("cron is offered", async () => {
    await bench.say("hello");
    return bench.offered().includes("cron");
  });
  const added = await bench.use("cron", {
    action: "add",
    job: { name: "tea", schedule: { kind: "every", everyMs: 1_000 } },
  });
  const { id } = JSON.parse(added.text) as { id: string };
  const listed = await bench.use("cron", { action: "list" });
  const removed = await bench.use("cron", { action: "remove", jobId: id });
  const missing = await bench.use("cron", { action: "run", jobId: id });
  const nothing = await bench.use("cron", { action: "add" });

  assert.match(added.text, /"author": "agent:main:main"/);
  assert.match(listed.text, /"name": "tea"/);
  assert.match(removed.text, /"removed": true/);
  assert.match(missing.text, /there is no job/);
  assert.equal(nothing.text, "add needs job");
});
