import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { before, suite, test, after } from "node:test";
import { GatewayClient } from "openclaw/plugin-sdk";
import { eventually } from "openclaw/plugin-sdk/testing";
import { PairingStore } from "../../plugins/methods/messaging/pairing-store.ts";
import { run, startGateway, testHome, TOKEN } from "../support/command-line.ts";
import type { Running, TestHome } from "../support/command-line.ts";

const LAB = join(import.meta.dirname, "..", "delivery", "lab");
const traits = {
  capabilities: { poll: true, media: true, reactions: true, edit: true, delete: true },
  login: "LAB-CODE",
};
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

  test("a message that was sent is changed, reacted to and taken back", async () => {
    const text = (await cli("message", "send", "-t", "ann", "-m", "helo")).stdout;
    const id = /\(id (lab-\d+)\)/.exec(text)?.[1];

    const changed = await cli("message", "edit", "-t", "ann", "-m", "hello", "--json");
    const reacted = await cli("message", "react", "-t", "ann", "--message-id", "41", "--emoji", "👍");
    const gone = await cli("message", "delete", "-t", "ann");

    assert.partialDeepStrictEqual(changed.json(), { ok: true, action: "edit", channel: "lab", messageId: id });
    assert.match(reacted.stdout, /Reacted to 41 on lab/);
    assert.match(gone.stdout, new RegExp(`Deleted ${id} on lab`));
    assert.equal((await cli("message", "react", "-t", "ann")).code, 2);
    const { shown } = await client.request<{ shown: { what: string }[] }>("lab.shown", {});
    assert.deepEqual(
      shown.map(({ what }) => what).filter((what) => what !== "typing" && what !== "read"),
      ["edit", "reaction", "delete"],
    );
  });

  test("login shows the code, waits for the phone, and logout forgets it", async () => {
    const linked = await cli("channels", "login", "lab", "--force");
    const gone = await cli("channels", "logout", "lab");

    assert.deepEqual([linked.code, linked.stdout], [0, "linked\n"]);
    assert.match(linked.stderr, /[▀▄█]{3}[\s\S]*scan it/);
    assert.ok(!linked.stderr.includes("LAB-CODE"));
    assert.match(gone.stdout, /Logged out of lab account default/);
    const other = await cli("channels", "login", "webchat");
    assert.match(other.stderr, /channel webchat has no login/);
  });

  test("channels status shows each account, with and without the networks' word", async () => {
    await cli("message", "send", "-t", "ann", "-m", "hi");
    const { stdout, code } = await cli("channels", "status", "--probe");
    assert.equal(code, 0);
    assert.match(stdout, /^- Lab default: enabled, configured, running, connected, out:just now$/m);
    const json = (await cli("channels", "status", "--json")).json();
    assert.ok((json["channelOrder"] as string[]).includes("lab"));
  });
});

test("channels are added, listed, switched off and taken away, and no secret is shown", async () => {
  using home = await testHome({ plugins: CONFIG.plugins });
  const cli = (...args: string[]) => run(home, args);
  const channels = () => JSON.parse(readFileSync(home.configPath, "utf8")).channels as Record<string, unknown>;
  const SECRET = "41:s3cr3t-s3cr3t-s3cr3t-s3cr3t-s3cr3t";

  const refused = await cli("channels", "add", "telegram");
  const added = await cli("channels", "add", "telegram", "--token", SECRET, "--set", "dmPolicy=allowlist");
  const second = await cli("channels", "add", "telegram", "--account", "work", "--token-file", "/t", "--json");
  const wrong = await cli("channels", "add", "telegram", "--app-token", SECRET);
  const unknown = await cli("channels", "add", "carrier-pigeon", "--token", SECRET);

  assert.deepEqual([refused.code, added.code, second.code, wrong.code, unknown.code], [2, 0, 0, 2, 2]);
  assert.match(refused.stderr, /telegram needs a token: --token, --token-file or --use-env/);
  assert.match(wrong.stderr, /telegram has no --app-token; it takes --token, /);
  assert.match(unknown.stderr, /unknown channel: carrier-pigeon; there are .*telegram/);
  assert.match(added.stdout, /^Added telegram with botToken, dmPolicy\n$/);
  for (const { stdout, stderr } of [refused, added, second, wrong, unknown]) {
    assert.ok(!(stdout + stderr).includes("s3cr3t"));
  }
  assert.deepEqual(channels(), {
    telegram: { botToken: SECRET, dmPolicy: "allowlist", accounts: { default: {}, work: { tokenFile: "/t" } } },
  });

  const listed = await cli("channels", "list");
  assert.match(listed.stdout, /^- telegram: default, work\ncan be added: .*webchat|^- telegram: default, work\n/);
  assert.equal((await cli("channels", "remove", "telegram", "--account", "gone")).code, 1);
  await cli("channels", "remove", "telegram", "--account", "work", "--delete");
  await cli("channels", "remove", "telegram");
  assert.deepEqual(channels(), {
    telegram: { botToken: SECRET, dmPolicy: "allowlist", accounts: { default: {} }, enabled: false },
  });
  assert.match((await cli("channels", "list")).stdout, /telegram: default \(disabled\)/);
  await cli("channels", "remove", "telegram", "--delete");
  assert.deepEqual(channels() ?? {}, {});
  assert.equal((await cli("channels", "status")).code, 1);
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
