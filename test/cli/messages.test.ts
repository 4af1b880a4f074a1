import assert from "node:assert/strict";
import { join } from "node:path";
import { before, suite, test, after } from "node:test";
import { GatewayClient } from "openclaw/plugin-sdk";
import { eventually } from "openclaw/plugin-sdk/testing";
import { PairingStore } from "../../plugins/methods/messaging/pairing-store.ts";
import { run, startGateway, testHome, TOKEN } from "../support/command-line.ts";
import type { Running, TestHome } from "../support/command-line.ts";

const LAB = join(import.meta.dirname, "..", "delivery", "lab");
const traits = { capabilities: { poll: true } };
const CONFIG = {
  channels: { lab: { traits } },
  plugins: { load: { paths: [LAB] }, entries: { lab: { enabled: true } } },
};

suite("messages on the command line", () => {
  let home: TestHome;
  let gateway: Running;
  let client: GatewayClient;
  const cli = async (...args: string[]) => {
    const { code, stdout, stderr } = await run(home, args);
    return { code, stdout, stderr, json: () => JSON.parse(stdout) as Record<string, unknown> };
  };

  before(async () => {
    home = await testHome(CONFIG);
    gateway = await startGateway(home);
    client = new GatewayClient({
      url: `ws://127.0.0.1:${home.port}`,
      token: TOKEN,
      client: { id: "test", version: "1", platform: "test", mode: "test" },
    });
    await client.connect();
  });
  after(async () => {
    await client.close();
    await gateway[Symbol.asyncDispose]();
    home[Symbol.dispose]();
  });

  test("queue and trace tell of a message that could not be sent, and retry and drop change it", async () => {
    assert.match((await cli("queue", "list")).stdout, /nothing waits and nothing failed/);
    const refusal = { outcome: "not_sent", retryable: false, reason: "no such chat" };
    await client.request("lab.script", { steps: [refusal, refusal] });
    const failed = await cli("message", "send", "--target", "ann", "--message", "hello", "--idempotency-key", "k1");
    assert.deepEqual([failed.code, failed.stdout], [1, ""]);
    assert.match(failed.stderr, /no such chat/);

    const listed = await cli("queue", "list");
    assert.match(listed.stdout, /1 dead/);
    const [entry] = (await cli("queue", "list", "--state", "dead", "--json")).json()["out"] as { id: string }[];
    const id = entry?.id ?? "";
    assert.match((await cli("trace", "k1")).stdout, /attempt[\s\S]*The network refused it for good: no such chat\./);
    assert.match((await cli("queue", "show", id)).stdout, /"state": "dead"/);
    assert.equal((await cli("queue", "retry", id)).code, 0);
    await eventually("it is dead again", async () => {
      const { entry: now } = await client.request<{ entry: { state: string; attempt: number } }>("queue.show", { id });
      return now.state === "dead" && now.attempt === 2;
    });
    assert.match((await cli("queue", "drop", id)).stdout, /is dropped/);
    const unknown = await cli("trace", "nobody");
    assert.deepEqual([unknown.code, unknown.stderr.trim().split("\n").length], [1, 1]);
  });

  test("a poll is sent with its options, and wrong usage is told", async () => {
    const args = [
      "message",
      "poll",
      "-t",
      "ann",
      "--poll-question",
      "tea?",
      "--poll-option",
      "yes",
      "--poll-option",
      "no",
    ];
    const sent = await cli(...args);
    assert.match(sent.stdout, /Sent a poll via lab to ann \(id lab-\d+\)/);
    assert.equal((await cli("message", "poll", "-t", "ann")).code, 2);
  });

  test("pairing: the list, the approval, and a wrong code in one line", async () => {
    const said = { messageId: "p1", text: "hi", sender: { id: "41", name: "Ann\u001b[31m\nMallory" } };
    await client.request("lab.receive", { ...said, chatType: "direct", chatId: "41" });
    const listed = await eventually("the request", async () => {
      const { stdout } = await cli("pairing", "list", "lab");
      return stdout.includes("41") && stdout;
    });
    assert.doesNotMatch(listed, /\u001b/);
    const { requests } = (await cli("pairing", "list", "lab", "--json")).json() as { requests: { code: string }[] };
    const code = requests[0]?.code ?? "";

    const wrong = await cli("pairing", "approve", "lab", "AAAAAAAA");
    assert.deepEqual([wrong.code, wrong.stdout], [1, ""]);
    assert.match(wrong.stderr, /no pending pairing request has the code AAAAAAAA/);
    assert.match((await cli("pairing", "approve", code, "--notify")).stdout, /Approved 41 on lab/);

    const { sent } = await eventually("the news", async () => {
      const all = await client.request<{ sent: { payload: { text: string } }[] }>("lab.sent", {});
      return all.sent.some(({ payload }) => /Access approved/.test(payload.text)) && all;
    });
    assert.ok(sent.length > 0);
  });

  test("channels status shows each account, with and without the networks' word", async () => {
    const { stdout, code } = await cli("channels", "status", "--probe");
    assert.equal(code, 0);
    assert.match(stdout, /lab +default +connected/);
    const json = (await cli("channels", "status", "--json")).json();
    assert.ok((json["channelOrder"] as string[]).includes("lab"));
  });
});

test("pairing works with the gateway down", async () => {
  using home = await testHome(CONFIG);
  const asked = await new PairingStore(home.stateDir).ask({ channel: "lab" }, "41", { name: "Ann" });

  const listed = await run(home, ["pairing", "list"]);
  const approved = await run(home, ["pairing", "approve", "lab", asked?.request.code ?? ""]);
  const wrong = await run(home, ["pairing", "approve", "lab", "AAAAAAAA"]);

  assert.match(listed.stdout, /lab +default +41 +Ann/);
  assert.match(approved.stdout, /Approved 41 on lab/);
  assert.deepEqual([wrong.code, wrong.stderr.trim().split("\n").length], [1, 1]);
  assert.deepEqual(await new PairingStore(home.stateDir).approved({ channel: "lab" }), ["41"]);
});
