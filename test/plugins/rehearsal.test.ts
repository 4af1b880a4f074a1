import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { startTestGateway } from "openclaw/plugin-sdk/testing";

const plugins = { load: { paths: [join(import.meta.dirname, "director")] }, entries: { director: { enabled: true } } };
const CAST = ["agents", "skills", "tool-policy", "offline"];
const HELLO = { message: "hello", sessionKey: "agent:main:stage", idempotencyKey: "1" };

interface Played {
  readonly answers: readonly Record<string, unknown>[];
}

test("stock plugins play among themselves: they answer, and the gateway knows nothing of it", async () => {
  await using gateway = await startTestGateway({ config: { plugins, session: { mainKey: "ours" } } });
  const client = await gateway.client();
  const events: string[] = [];
  client.on("event", ({ event }) => events.push(event));

  const calls = [
    { method: "agent", params: HELLO },
    { method: "sessions.list", params: {} },
  ];
  // What was played before is not there the second time.
  for (let time = 0; time < 2; time++) {
    const { answers } = await client.request<Played>("director.play", { cast: CAST, calls });
    const [answer, list] = answers;
    assert.match(JSON.stringify(answer?.["result"]), /Your gateway works/);
    const { sessions } = list as { sessions: { key: string }[] };
    assert.deepEqual(
      sessions.map(({ key }) => key),
      ["agent:main:stage"],
    );
  }

  assert.deepEqual((await client.request<{ sessions: object[] }>("sessions.list", {})).sessions, []);
  assert.deepEqual(
    events.filter((event) => ["agent", "chat", "sessions.changed"].includes(event)),
    [],
  );
  assert.equal(existsSync(join(gateway.stateDir, "cache", "rehearsal")), false);
});

test("what fails on the stage fails the rehearsal alone, and whoever is no stock plugin has no part in one", async () => {
  await using gateway = await startTestGateway({ config: { plugins } });
  const client = await gateway.client();
  const play = (cast: string[], method: string) =>
    client.request("director.play", { cast, calls: [{ method, params: {} }] });

  await assert.rejects(play(["sessions"], "agent"), /unknown method: agent/);
  await assert.rejects(play(["sessions"], "sessions.resolve"), /Either key, sessionId, or label is required/);
  await assert.rejects(play(["director"], "agent"), /plugin "director" is not a stock plugin/);

  assert.equal(existsSync(join(gateway.stateDir, "cache", "rehearsal")), false);
  assert.equal((await client.request<{ ok: boolean }>("health", {})).ok, true);
});
