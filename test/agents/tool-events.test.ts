import assert from "node:assert/strict";
import { test } from "node:test";
import { startTestGateway } from "openclaw/plugin-sdk/testing";
import { modelConfig, startFakeOpenAi } from "../fakes/openai-server.ts";
import { loggedIn } from "../wire/raw-client.ts";
import type { RawClient } from "../wire/raw-client.ts";

const READS = { caps: ["tool-events"] };

/** Phases of the tool events this client was sent, those with the result itself marked, and whether one had a number. */
function toolEvents({ frames }: RawClient): { readonly phases: readonly string[]; readonly areNumbered: boolean } {
  const events = frames.filter(({ event, payload }) => event === "agent" && payload?.["stream"] === "tool");
  const phases = events.map(({ payload }) => {
    const { phase, result } = (payload?.["data"] ?? {}) as { phase: string; result?: unknown };
    return result === undefined ? phase : `${phase} in full`;
  });
  return { phases, areNumbered: events.some(({ seq }) => seq !== undefined) };
}

test("tool events go to whoever started the run and reads them, as far as the session's level says", async () => {
  await using model = await startFakeOpenAi();
  let asked = 0;
  model.otherwise = (reply) => {
    if (asked++ % 2 === 0) reply.toolCall("c1", "session_status", "{}");
    else reply.text("done");
    reply.end();
  };
  await using gateway = await startTestGateway({ config: modelConfig(model) });
  await using starter = await loggedIn(gateway, READS);
  await using reader = await loggedIn(gateway, READS);
  await using plain = await loggedIn(gateway);
  const run = async (client: RawClient, method: string, verboseLevel: string | null) => {
    const idempotencyKey = crypto.randomUUID();
    await starter.request("sessions.patch", { key: "main", verboseLevel });
    starter.frames.length = 0;
    await client.request(method, { sessionKey: "main", message: "look", idempotencyKey });
    await client.next("the end", ({ event, payload }) => {
      return event === "chat" && payload?.["runId"] === idempotencyKey && payload["state"] === "final";
    });
  };
  const seen = async (method: string, verboseLevel: string | null) => {
    await run(starter, method, verboseLevel);
    return toolEvents(starter);
  };

  for (const method of ["chat.send", "agent"]) {
    assert.deepEqual(await seen(method, "full"), { phases: ["start", "result in full"], areNumbered: false });
    assert.deepEqual(await seen(method, "on"), { phases: ["start", "result"], areNumbered: false });
    assert.deepEqual(await seen(method, null), { phases: [], areNumbered: false });
  }
  await run(plain, "chat.send", "full");
  await reader.request("health");
  for (const client of [reader, plain, starter]) assert.deepEqual(toolEvents(client).phases, []);
});
