import assert from "node:assert/strict";
import { test } from "node:test";
import { ANN, privateText } from "../fakes/telegram-updates.ts";
import { startBench } from "./telegram-bench.ts";

test("C1: an account connects and says which bot it is", async () => {
  await using bench = await startBench();

  const account = await bench.connected();

  assert.deepEqual(account["bot"], { id: 1, username: "mybot" });
  assert.equal(account["mode"], "polling");
  assert.equal(account["tokenSource"], "config");
});

test("C2, C3: a stranger gets one code; approved, the next message is answered where it was written", async () => {
  await using bench = await startBench();
  await bench.connected();

  bench.fake.push(privateText(ANN, "hello"));
  const [asked] = await bench.sends(1);
  const text = String(asked?.params["text"]);
  assert.match(text, /^Your Telegram user id: 41$/m);
  const code = /^Pairing code: (\w{8})$/m.exec(text)?.[1];
  bench.fake.push(privateText(ANN, "anybody there?"));
  await bench.client.request("pairing.approve", { channel: "telegram", code });
  bench.fake.push(privateText(ANN, "ping"));
  const sent = await bench.sends(2);

  assert.equal(sent.length, 2);
  assert.equal(sent[1]?.params["text"], "pong");
  assert.equal(sent[1]?.params["chat_id"], "41");
  assert.equal(bench.model.requests.length, 1);
});
