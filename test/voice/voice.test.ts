import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { eventually, startTestGateway } from "openclaw/plugin-sdk/testing";
import type { ConnectParams } from "openclaw/plugin-sdk";
import { loggedIn } from "../wire/raw-client.ts";

const DEFAULTS = ["openclaw", "claude", "computer"];
const as = (mode: "webchat" | "node", platform: string): Pick<ConnectParams, "client"> => ({
  client: { id: "test", version: "1", platform, mode },
});

test("wake words are trimmed, counted, kept and told to everybody", async () => {
  const home = mkdtempSync(join(tmpdir(), "openclaw-voice-"));
  try {
    {
      await using gateway = await startTestGateway({ home, config: {} });
      await using client = await loggedIn(gateway);
      await using witness = await loggedIn(gateway);
      assert.deepEqual((await client.request("voicewake.get")).payload, { triggers: DEFAULTS });

      const answer = await client.request("voicewake.set", { triggers: [" hey claw ", " ", "x".repeat(99)] });

      const triggers = ["hey claw", "x".repeat(64)];
      assert.deepEqual(answer.payload, { triggers });
      const event = await witness.event("voicewake.changed");
      assert.deepEqual(event.payload, { triggers });
      assert.ok(Number.isInteger(event.seq));
    }
    await using gateway = await startTestGateway({ home });
    await using client = await loggedIn(gateway);
    assert.deepEqual((await client.request("voicewake.get")).payload?.["triggers"], ["hey claw", "x".repeat(64)]);
    await client.request("voicewake.set", { triggers: Array.from({ length: 40 }, (_, n) => `word ${n}`) });
    const { payload } = await client.request("voicewake.get");
    const kept = payload?.["triggers"] as string[];
    assert.equal(kept.length, 32);
    assert.deepEqual((await client.request("voicewake.set", { triggers: [] })).payload, { triggers: DEFAULTS });
    const file = join(gateway.stateDir, "settings", "voicewake.json");
    assert.deepEqual((JSON.parse(readFileSync(file, "utf8")) as { triggers: string[] }).triggers, DEFAULTS);
  } finally {
    rmSync(home, { recursive: true });
  }
});

test("a node is told the wake words when it connects, outside the count", async () => {
  await using gateway = await startTestGateway();
  await using node = await loggedIn(gateway, { role: "node", ...as("node", "ios") });

  const event = await node.event("voicewake.changed");

  assert.deepEqual(event, { type: "event", event: "voicewake.changed", payload: { triggers: DEFAULTS } });
});

test("a file that holds no wake words is passed over", async () => {
  const home = mkdtempSync(join(tmpdir(), "openclaw-voice-"));
  try {
    mkdirSync(join(home, ".openclaw", "settings"), { recursive: true });
    writeFileSync(join(home, ".openclaw", "settings", "voicewake.json"), '{"triggers":[5]}');
    await using gateway = await startTestGateway({ home, config: {} });
    await using client = await loggedIn(gateway);

    assert.deepEqual((await client.request("voicewake.get")).payload, { triggers: DEFAULTS });
  } finally {
    rmSync(home, { recursive: true });
  }
});

for (const triggers of [undefined, "hey", [5], { 0: "hey" }]) {
  test(`wake words ${JSON.stringify(triggers)} are refused`, async () => {
    await using gateway = await startTestGateway();
    await using client = await loggedIn(gateway);

    const { error } = await client.request("voicewake.set", { triggers });

    assert.deepEqual(error, { code: "INVALID_REQUEST", message: "voicewake.set requires triggers: string[]" });
  });
}

test("talk mode is told to everybody", async () => {
  await using gateway = await startTestGateway();
  await using client = await loggedIn(gateway);
  await using witness = await loggedIn(gateway);

  const { payload } = await client.request("talk.mode", { enabled: true, phase: "listening" });
  const event = await witness.event("talk.mode");

  assert.deepEqual([payload?.["enabled"], payload?.["phase"]], [true, "listening"]);
  assert.ok(Number.isInteger(payload?.["ts"]));
  assert.deepEqual(event.payload, payload);
  const off = await client.request("talk.mode", { enabled: false });
  assert.equal(off.payload?.["phase"], null);
});

test("a web page may only talk while a phone is there", async () => {
  await using gateway = await startTestGateway();
  const headers = { origin: `http://127.0.0.1:${gateway.port}` };
  await using page = await loggedIn(gateway, as("webchat", "web"), { headers });
  const talk = () => page.request("talk.mode", { enabled: true });
  const refusal = { code: "UNAVAILABLE", message: "talk disabled: no connected iOS/Android nodes" };

  await using desk = await loggedIn(gateway, { role: "node", ...as("node", "linux") });
  assert.deepEqual((await talk()).error, refusal);
  const phone = await loggedIn(gateway, { role: "node", ...as("node", "Android 15") });
  assert.equal((await talk()).ok, true);
  await phone[Symbol.asyncDispose]();
  await eventually("the phone is gone", async () => (await talk()).error !== undefined);
  assert.deepEqual((await talk()).error, refusal);
  assert.ok(desk.isOpen);
});

test("talk.mode needs to know whether", async () => {
  await using gateway = await startTestGateway();
  await using client = await loggedIn(gateway);

  const { error } = await client.request("talk.mode", { __bogus: 1 });

  assert.equal(
    error?.message,
    "invalid talk.mode params: must have required property 'enabled'; at root: unexpected property '__bogus'",
  );
});
