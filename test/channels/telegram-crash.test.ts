import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { eventually } from "openclaw/plugin-sdk/testing";
import { modelConfig, startFakeOpenAi } from "../fakes/openai-server.ts";
import { FAKE_TOKEN, startFakeTelegram } from "../fakes/telegram-server.ts";
import { ANN, privateText } from "../fakes/telegram-updates.ts";
import { startGateway, testHome } from "../support/command-line.ts";

const COUNT = 12;

test("kill -9 while messages arrive and are answered loses none and answers none twice", async () => {
  await using fake = await startFakeTelegram();
  await using model = await startFakeOpenAi();
  const config = {
    ...modelConfig(model),
    messages: { queue: { mode: "followup" } },
    channels: { telegram: { botToken: FAKE_TOKEN, apiRoot: fake.url, allowFrom: [41] } },
  };
  using home = await testHome(config);
  let answered = 0;
  model.otherwise = (reply, { body }) => {
    const asked = JSON.stringify(body.messages.findLast(({ role }) => role === "user"));
    reply.text(`answer to ${/question \d+/.exec(asked)?.[0]}`);
    reply.end();
    answered++;
  };

  const first = await startGateway(home);
  for (let index = 0; index < COUNT; index++) fake.push(privateText(ANN, `question ${index}.`));
  await eventually("some are answered", () => answered >= 3, 20_000);
  first.kill("SIGKILL");
  await first.ended;
  // A send that was cut off may have arrived: it is held as unknown and not repeated.
  const beforeKill = fake.of("sendMessage").length;
  fake.push(privateText(ANN, `question ${COUNT}.`));
  await using _second = await startGateway(home);

  const texts = () => fake.of("sendMessage").map(({ params }) => String(params["text"]));
  await eventually("the last one is answered", () => texts().includes(`answer to question ${COUNT}`), 30_000);
  await eventually("all is confirmed", () => fake.unconfirmed() === 0, 20_000);
  const said = texts();
  const repeated = said.filter((text, index) => said.indexOf(text) !== index);
  const missing = Array.from({ length: COUNT + 1 }, (_, index) => `answer to question ${index}`).filter(
    (text) => !said.includes(text),
  );

  assert.ok(beforeKill <= COUNT);
  assert.deepEqual(repeated, []);
  assert.ok(missing.length <= 1, `at most the one that was being sent is held: ${missing.join(", ")}`);
  assert.ok(existsSync(join(home.stateDir, "telegram", "update-offset-default.json")));
});
