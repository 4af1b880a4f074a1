import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { eventually, startTestGateway } from "openclaw/plugin-sdk/testing";
import { modelConfig, startFakeOpenAi } from "../fakes/openai-server.ts";
import { ask } from "./asking.ts";

const plugins = {
  load: { paths: [join(import.meta.dirname, "overhearer")] },
  entries: { overhearer: { enabled: true } },
};

test("a start rehearses a turn of which nothing is left: no request, no session, no file, and nobody hears of it", async () => {
  await using model = await startFakeOpenAi();
  await using gateway = await startTestGateway({ config: { ...modelConfig(model), plugins } });
  const client = await gateway.client();
  const heard = () => client.request<{ heard: string[]; looked: number }>("overhearer.heard", {});

  const events: string[] = [];
  client.on("event", ({ event }) => events.push(event));

  // Nine turns, each with a prompt and a request that name the tools; all but the first with a stage beside them.
  await eventually("the turns were rehearsed", async () => (await heard()).looked >= 18 || undefined);
  await eventually("the stage is gone", () => !existsSync(join(gateway.stateDir, "cache", "rehearsal")));

  assert.deepEqual((await heard()).heard, []);
  assert.equal(model.requests.length, 0);
  assert.deepEqual((await client.request<{ sessions: object[] }>("sessions.list", {})).sessions, []);
  const queue = await client.request<{ in: object[]; out: object[] }>("queue.list", {});
  assert.deepEqual([...queue.in, ...queue.out], []);
  assert.deepEqual(
    events.filter((event) => ["agent", "chat", "sessions.changed"].includes(event)),
    [],
  );
  const folder = join(gateway.stateDir, "agents", "main", "sessions");
  assert.deepEqual(existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".jsonl")) : [], []);

  const { result } = await ask(client, "hello");

  assert.equal(result.payloads[0]?.text, "Hello from the fake model.");
  assert.equal(model.requests.length, 1);
  assert.ok((await heard()).heard.includes("beforeTurn"));
});
