import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { modelConfig, startFakeOpenAi } from "../fakes/openai-server.ts";
import { run, startGateway, testHome } from "../support/command-line.ts";

test("agent --local answers without a gateway, leaves none behind, and the session goes on with the next", async () => {
  await using model = await startFakeOpenAi();
  using at = await testHome(modelConfig(model));

  const first = await run(at, ["agent", "--local", "--message", "hello", "--json"]);
  const second = await run(at, ["agent", "--local", "--message", "again"]);

  assert.deepEqual([first.code, second.code], [0, 0], first.stderr + second.stderr);
  const { status, result } = JSON.parse(first.stdout) as { status: string; result: { payloads: { text: string }[] } };
  assert.equal(status, "ok");
  assert.equal(typeof result.payloads[0]?.text, "string");
  assert.match(JSON.stringify(model.requests.at(-1)?.body.messages), /hello.*again/);
  assert.equal(existsSync(join(at.stateDir, "gateway.json")), false);
});

test("agent --local is refused while a gateway has the state directory, and when it names another one", async () => {
  using at = await testHome({});
  await using _gateway = await startGateway(at);

  const taken = await run(at, ["agent", "--local", "--message", "hello", "--json"]);
  const other = await run(at, ["agent", "--local", "--message", "hello", "--url", "ws://127.0.0.1:1"]);

  assert.equal(taken.code, 75, taken.stdout);
  const { error } = JSON.parse(taken.stdout) as { error: { code: string; hint: string } };
  assert.deepEqual([error.code, error.hint], ["LOCKED", "a gateway runs here: leave out --local to ask it"]);
  assert.equal(other.code, 2);
  assert.match(other.stderr, /leave out --url/);
});

test("a turn that fails in this process ends with 1 and says why", async () => {
  await using model = await startFakeOpenAi();
  model.otherwise = (reply) => reply.fail(401, "bad key");
  using at = await testHome(modelConfig(model));

  const failed = await run(at, ["agent", "--local", "--message", "hello"]);

  assert.equal(failed.code, 1);
  assert.match(failed.stderr, /bad key/);
});
