import assert from "node:assert/strict";
import { test } from "node:test";
import { modelConfig, startFakeOpenAi } from "../fakes/openai-server.ts";
import type { SeenRequest } from "../fakes/openai-server.ts";
import { run, start, startGateway, testHome, TOKEN } from "../support/command-line.ts";

test("openclaw agent prints the answer, tells how a turn failed and ends with the code for it", async () => {
  await using model = await startFakeOpenAi();
  using home = await testHome(modelConfig(model));
  await using _gateway = await startGateway(home);
  const openclaw = (...args: string[]) => run(home, ["agent", ...args, "--token", TOKEN]);

  const plain = await openclaw("--message", "hello");
  assert.equal(plain.stdout, "Hello from the fake model.\n", plain.stderr);
  assert.equal(plain.code, 0);

  const json = await openclaw("-m", "hello", "--agent", "main", "--thinking", "low", "--verbose", "on", "--json");
  const final = JSON.parse(json.stdout) as { status: string; result: { payloads: { text: string }[] } };
  assert.equal(final.status, "ok");
  assert.equal(final.result.payloads[0]?.text, "Hello from the fake model.");
  assert.doesNotMatch(JSON.stringify(model.requests.at(-1)?.body.messages), /\/verbose/);

  model.scripts.push((reply) => reply.fail(401, "bad key"));
  const failed = await openclaw("--message", "hello", "--json");
  assert.equal(failed.code, 1);
  assert.partialDeepStrictEqual(JSON.parse(failed.stdout), { status: "error", error: { code: "UNAVAILABLE" } });

  model.scripts.push((reply) => reply.text("too slow"));
  const late = await openclaw("--message", "hello", "--timeout", "1");
  assert.equal(late.code, 124);
  assert.match(late.stderr, /no answer within 1 s/);

  const wrong = await openclaw();
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /--message is needed/);
});

test("a command that is interrupted or ended stops its run, and still prints one JSON value", async () => {
  await using model = await startFakeOpenAi();
  using home = await testHome(modelConfig(model));
  await using _gateway = await startGateway(home);

  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const) {
    const asked = Promise.withResolvers<SeenRequest>();
    model.scripts.push((_reply, request) => asked.resolve(request));
    await using turn = await start(home, ["agent", "--message", "hello", "--json", "--token", TOKEN]);
    const request = await asked.promise;

    turn.kill(signal);
    const ended = await turn.ended;
    await request.closed;

    assert.equal(ended.code, code, ended.stderr);
    assert.partialDeepStrictEqual(JSON.parse(ended.stdout), { ok: false, error: { code: "INTERRUPTED" } });
  }

  const foreign = await run(home, ["agent", "--message", "x", "--token", "some-other-token-0123456789"]);
  assert.match(foreign.stderr, /token mismatch[^]*what --token says was sent; without it the secret of ~\//);
  const nobody = await run(home, ["agent", "--agent", "ghost", "--message", "x", "--token", TOKEN]);
  assert.equal(nobody.code, 1);
  assert.match(nobody.stderr, /unknown agent id "ghost"[^]*openclaw agents list/);
});

test("a model, a key and a setting that a command has changed count for the turn right after it", async () => {
  await using model = await startFakeOpenAi();
  using home = await testHome(modelConfig(model));
  await using _gateway = await startGateway(home);
  const openclaw = (...args: string[]) => run(home, args);
  const asked = async () => {
    await openclaw("agent", "--message", "hello", "--token", TOKEN);
    const { body, headers } = model.requests.at(-1) ?? assert.fail("the model was not asked");
    return [body.model, headers.authorization];
  };

  await openclaw("models", "set", "fake/fake-2");
  assert.deepEqual(await asked(), ["fake-2", "Bearer fake-key-123456"]);

  await openclaw("config", "set", "models.providers.fake.apiKey", "another-key-123456");
  assert.deepEqual(await asked(), ["fake-2", "Bearer another-key-123456"]);

  await openclaw("config", "unset", "agents.defaults.model");
  const offline = await openclaw("agent", "--message", "hello", "--token", TOKEN);
  const how = await openclaw("agent", "--message", "model", "--token", TOKEN);
  assert.match(offline.stdout, /offline responder.*Say "model"/);
  assert.match(how.stdout, /openclaw models set openai[^]*openclaw models auth add openai/);
});
