import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import type { GatewayClient, HeartbeatEvent } from "openclaw/plugin-sdk";
import { eventually } from "openclaw/plugin-sdk/testing";
import { startLab } from "../delivery/lab-gateway.ts";
import type { Lab } from "../delivery/lab-gateway.ts";
import { modelConfig, startFakeOpenAi } from "../fakes/openai-server.ts";
import type { FakeOpenAi } from "../fakes/openai-server.ts";

interface Place extends AsyncDisposable {
  readonly lab: Lab;
  readonly client: GatewayClient;
  readonly model: FakeOpenAi;
  /** What the model says from now on. */
  answer(text: string): void;
  /** Wake the agent and wait for the end of its heartbeat. */
  beat(text?: string): Promise<HeartbeatEvent>;
  /** The last message of the user that the model was given. */
  asked(): string;
}

async function start(heartbeat: object = {}): Promise<Place> {
  const model = await startFakeOpenAi();
  let says = "HEARTBEAT_OK";
  model.otherwise = (reply) => {
    reply.text(says);
    reply.end();
  };
  const base = modelConfig(model);
  const workspace = join(import.meta.dirname, "no-workspace");
  const agents = { defaults: { ...base.agents.defaults, workspace, skipBootstrap: true, heartbeat } };
  // The folder is not there on purpose: nothing may begin it.
  const canvasHost = { enabled: false };
  const lab = await startLab({ dmPolicy: "open", allowFrom: ["*"] }, { ...base, agents, canvasHost });
  const { client } = lab;
  const last = () => client.request<HeartbeatEvent | null>("last-heartbeat", {});
  return {
    lab,
    client,
    model,
    answer: (text) => void (says = text),
    async beat(text = "look") {
      const before = (await last())?.ts ?? 0;
      await client.request("wake", { mode: "now", text });
      return eventually(
        "the heartbeat has ended",
        async () => {
          const event = await last();
          return event !== null && event.ts > before && event;
        },
        15_000,
      );
    },
    asked: () => JSON.stringify(model.requests.at(-1)?.body.messages.at(-1)),
    async [Symbol.asyncDispose]() {
      await lab[Symbol.asyncDispose]();
      await model[Symbol.asyncDispose]();
    },
  };
}

const summary = ({ status, reason, to, preview }: HeartbeatEvent) => ({
  status,
  ...(reason !== undefined && { reason }),
  ...(to !== undefined && { to }),
  ...(preview !== undefined && { preview }),
});

test("news are told where somebody wrote last, once a day, and quiet is told to nobody", async () => {
  await using place = await start();
  const { lab, client, answer, beat } = place;
  answer("hi ann");
  await lab.says({ text: "hello", from: "ann", id: "first" });
  await lab.ended("first", "done");
  const { length: before } = await lab.sent();
  const updated = async () =>
    (await client.request<{ sessions: { updatedAt: number }[] }>("sessions.list", {})).sessions[0]?.updatedAt;

  answer("HEARTBEAT_OK");
  const at = await updated();
  assert.deepEqual(summary(await beat("the kettle boils")), { status: "ok-token", to: "ann" });
  assert.equal(await updated(), at, "nobody spoke, so the session is as old as it was");
  assert.match(place.asked(), /System: \[.*\] the kettle boils.*Read HEARTBEAT\.md if it exists.*Current time: /);

  answer("The oven is on");
  assert.deepEqual(summary(await beat()), { status: "sent", to: "ann", preview: "The oven is on" });
  assert.deepEqual(summary(await beat()), {
    status: "skipped",
    reason: "duplicate",
    to: "ann",
    preview: "The oven is on",
  });
  answer("");
  assert.equal((await beat()).status, "ok-empty");

  const sent = (await lab.sent()).slice(before);
  assert.deepEqual(
    sent.map(({ to, payload }) => [to, payload.text]),
    [["ann", "The oven is on"]],
  );
});

test("clients hear how it ended and nothing of it as chat", async () => {
  await using place = await start();
  const heard: string[] = [];
  place.client.on("event", ({ event }) => void heard.push(event));
  place.answer("The oven is on");

  const event = await place.beat();

  assert.deepEqual([event.status, event.reason, event["hasMedia"]], ["skipped", "no-target", false]);
  await eventually("the event", () => heard.includes("heartbeat"));
  assert.ok(heard.includes("agent"));
  assert.ok(!heard.includes("chat"));
});

test("an empty list of checks makes no turn of a wake, but a reminder is passed on", async () => {
  const home = mkdtempSync(join(tmpdir(), "openclaw-heartbeat-"));
  after(() => rmSync(home, { recursive: true }));
  writeFileSync(join(home, "HEARTBEAT.md"), "# Checks\n\n- \n");
  await using place = await start();
  const { hash } = await place.client.request<{ hash: string }>("config.get", {});
  const raw = JSON.stringify({ agents: { defaults: { workspace: home } } });
  await place.client.request("config.patch", { raw, baseHash: hash });

  assert.deepEqual(summary(await place.beat()), { status: "skipped", reason: "empty-heartbeat-file" });
  assert.equal(place.model.requests.length, 0);
  const job = await place.client.request<{ id: string }>("cron.add", {
    name: "tea",
    schedule: { kind: "every", everyMs: 3_600_000 },
    payload: { kind: "systemEvent", text: "tea time" },
  });
  await place.client.request("cron.run", { id: job.id });
  await eventually("the reminder is passed on", () => place.model.requests.length === 1, 15_000);

  assert.match(place.asked(), /tea time.*A reminder has come due/);
});

test("it stays away at night and while it is switched off; health and status say who beats", async () => {
  // A minute of the other half of the day: it is night now, and for hours to come.
  const hour = String((new Date().getUTCHours() + 12) % 24).padStart(2, "0");
  const night = { every: "10m", activeHours: { start: `${hour}:00`, end: `${hour}:01`, timezone: "UTC" } };
  await using place = await start(night);
  const { client } = place;

  assert.deepEqual(summary(await place.beat()), { status: "skipped", reason: "quiet-hours" });
  await client.request("set-heartbeats", { enabled: false });
  await client.request("wake", { mode: "now", text: "anybody there?" });

  const health = await client.request<{ heartbeatSeconds: number; agents: { heartbeat: object }[] }>("health", {
    probe: true,
  });
  const status = await client.request<{ heartbeat: { agents: object[] } }>("status", {});
  const { issues, warnings } = await client.request<{ issues: object[]; warnings: object[] }>("config.get", {});
  assert.equal(health.heartbeatSeconds, 600);
  const [main] = health.agents;
  assert.deepEqual(
    { ...main?.heartbeat, prompt: "" },
    { prompt: "", enabled: true, every: "10m", everyMs: 600_000, target: "last", ackMaxChars: 300 },
  );
  assert.deepEqual(status.heartbeat.agents, [{ agentId: "main", enabled: true, every: "10m", everyMs: 600_000 }]);
  assert.deepEqual([...issues, ...warnings], []);
  assert.equal(place.model.requests.length, 0);
});

test("it goes to a target of its own, and says when that cannot be reached or the turn fails", async () => {
  await using place = await start({ target: "lab", to: "bob", ackMaxChars: 0 });
  place.answer("HEARTBEAT_OK but the oven is on");

  assert.deepEqual(summary(await place.beat()), { status: "sent", to: "bob", preview: "but the oven is on" });
  const { hash } = await place.client.request<{ hash: string }>("config.get", {});
  const raw = JSON.stringify({ agents: { defaults: { heartbeat: { target: "pigeon" } } } });
  await place.client.request("config.patch", { raw, baseHash: hash });
  place.answer("The tap drips");
  const lost = await place.beat();
  place.model.otherwise = (reply) => reply.fail(400, "no such model");
  const failed = await place.beat();

  assert.deepEqual([lost.status, lost.reason], ["skipped", "unsupported channel: pigeon"]);
  assert.deepEqual([failed.status, failed["indicatorType"]], ["failed", "error"]);
});
