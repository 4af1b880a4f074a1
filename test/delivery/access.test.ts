import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { eventually, startTestGateway } from "openclaw/plugin-sdk/testing";
import { labConfig, startLab } from "./lab-gateway.ts";

const GROUP = { chatType: "group", chatId: "g1" };

test("a stranger gets one pairing code and no turn; with the code approved the next message is answered", async () => {
  await using lab = await startLab({});

  await lab.says({ id: "p1", from: "41", text: "let me in <b>" });
  const [reply] = await lab.sends(1);
  const refused = await lab.ended("p1", "refused");
  await lab.says({ id: "p2", from: "41", text: "hello?" });
  await lab.ended("p2", "refused");

  assert.match(reply?.payload.text ?? "", /^Your Lab user id: 41$/m);
  const code = /^Pairing code: ([A-HJ-NP-Z2-9]{8})$/m.exec(reply?.payload.text ?? "")?.[1] ?? "";
  assert.match(reply?.payload.text ?? "", new RegExp(`openclaw pairing approve lab ${code}$`, "m"));
  assert.doesNotMatch(reply?.payload.text ?? "", /let me in/);
  assert.equal((await lab.sent()).length, 1);
  assert.match(refused.explanation, /not paired; see openclaw pairing list lab/);

  const file = join(lab.gateway.stateDir, "credentials", "lab-pairing.json");
  assert.equal(statSync(file).mode & 0o777, 0o600);
  const approved = await lab.client.request("pairing.approve", { channel: "lab", code: ` ${code.toLowerCase()} ` });
  assert.deepEqual(approved, { ok: true, channel: "lab", accountId: "default", id: "41" });
  const allowed = JSON.parse(readFileSync(file.replace("pairing", "allowFrom"), "utf8")) as object;
  assert.deepEqual(allowed, { version: 1, allowFrom: ["41"] });

  await lab.says({ id: "p3", from: "41", text: "hello" });
  const answers = await lab.sends(2);
  assert.match(answers[1]?.payload.text ?? "", /^Hello!/);
  await lab.says({ id: "p4", from: "41", text: "hello", ...GROUP, mentioned: true });
  assert.equal((await lab.ended("p4", "refused")).reason, "group-sender");
});

test("three strangers wait at most, and guessing codes is bounded", async () => {
  await using lab = await startLab({});
  for (const from of ["1", "2", "3", "4"]) {
    await lab.says({ id: `s${from}`, from, text: "hi" });
    await lab.ended(`s${from}`, "refused");
  }
  await lab.sends(3);

  const { requests } = await lab.client.request<{ requests: { id: string }[] }>("pairing.list", { channel: "lab" });
  assert.deepEqual(requests.map(({ id }) => id).toSorted(), ["1", "2", "3"]);
  assert.equal((await lab.sent()).length, 3);

  const guess = (code: string) => lab.client.request("pairing.approve", { channel: "lab", code });
  for (let i = 0; i < 10; i++) {
    await assert.rejects(guess(`AAAAAAA${i}`), { code: "INVALID_REQUEST", message: /no pending pairing request/ });
  }
  await assert.rejects(guess("AAAAAAAA"), { code: "UNAVAILABLE", message: /too many wrong pairing codes/ });
});

test("dmPolicy decides for direct messages, and a change is seen at the next message without a new connection", async () => {
  await using lab = await startLab({ dmPolicy: "disabled", allowFrom: ["*"] });
  await lab.says({ id: "d1", text: "hello" });
  assert.equal((await lab.ended("d1", "refused")).reason, "dm-disabled");

  const table: [object, string, string | undefined][] = [
    [{ dmPolicy: "allowlist", allowFrom: ["bob"] }, "a1", "dm-not-allowed"],
    [{ dmPolicy: "allowlist", allowFrom: ["lab:ANN"] }, "a2", undefined],
    [{ dmPolicy: "open", allowFrom: ["*"] }, "o1", undefined],
    [{ dm: { policy: "allowlist", allowFrom: ["ann"] }, dmPolicy: "disabled" }, "n1", undefined],
    [{ dm: { enabled: false }, allowFrom: ["ann"] }, "n2", "dm-disabled"],
  ];
  for (const [keys, id, reason] of table) {
    lab.gateway.writeConfig(labConfig(keys));
    let tries = 0;
    await eventually(`${id}: ${reason ?? "heard"}`, async () => {
      const name = `${id}-${++tries}`;
      await lab.says({ id: name, text: "hello" });
      const end = await eventually("an end", async () => {
        const trace = await lab.trace(name);
        return (trace.state === "refused" || trace.state === "done") && trace;
      });
      return end.reason === reason;
    });
  }
  assert.deepEqual(await lab.client.request("lab.starts", {}), { starts: ["default"] });
});

test("a channel opened by half is refused where its configuration is read, and channels.status says so", async () => {
  interface Status {
    readonly channelOrder: readonly string[];
    readonly issues: readonly { readonly channel: string; readonly kind: string; readonly message: string }[];
  }
  const words = 'dmPolicy="open" requires allowFrom to include "*"';
  {
    await using lab = await startLab({ allowFrom: ["ann"] });
    const status = () => lab.client.request<Status>("channels.status", {});
    assert.deepEqual((await status()).issues, []);

    lab.gateway.writeConfig(labConfig({ dmPolicy: "open", allowFrom: ["ann"] }));
    const issue = await eventually("the issue", async () => (await status()).issues[0]);
    await lab.says({ id: "b1", from: "bob", text: "hello" });

    const advice = 'add "*" to hear everybody, or choose "allowlist" or "pairing"';
    const message = `channels.lab.allowFrom: ${words} (${advice})`;
    assert.deepEqual([issue.channel, issue.kind, issue.message], ["lab", "config", message]);
    assert.equal((await lab.ended("b1", "refused")).reason, "pairing-pending", "the rules before it are in force");
  }
  await using gateway = await startTestGateway({
    config: labConfig({ accounts: { work: { dm: { policy: "open" } } } }),
  });
  const status = await (await gateway.client()).request<Status>("channels.status", {});

  assert.deepEqual(status.channelOrder, ["webchat"]);
  assert.match(status.issues[0]?.message ?? "", /channels\.lab\.accounts\.work\.dm\.allowFrom: dm\.policy="open"/);
});

test("groups: the policy, the list of groups, the list of senders and the mention each refuse with their reason", async () => {
  const groups = { g1: {}, g2: { enabled: false }, g3: { requireMention: false, users: ["zoe"] } };
  await using lab = await startLab({ groups, groupAllowFrom: ["ann"] });
  const table: [object, string | undefined][] = [
    [{ chatId: "g1", mentioned: true }, undefined],
    [{ chatId: "g1", mentioned: false }, "no-mention"],
    [{ chatId: "g1", mentioned: false, quoted: { id: "1", isBot: true } }, undefined],
    [{ chatId: "g1", mentioned: true, from: "bob" }, "group-sender"],
    [{ chatId: "g2", mentioned: true }, "group-not-listed"],
    [{ chatId: "g9", mentioned: true }, "group-not-listed"],
    [{ chatId: "constructor", mentioned: true }, "group-not-listed"],
    [{ chatId: "g3", from: "zoe" }, undefined],
    [{ chatId: "g3" }, "group-sender"],
    [{ chatId: "g1", mentioned: true, sender: { id: "ann", isBot: true } }, "bot"],
    [{ chatId: "g1", mentioned: true, sender: { id: "" } }, "incomplete"],
    [{ chatId: "g1", mentioned: true, sender: null }, "incomplete"],
    [{ chatId: null, mentioned: true }, "incomplete"],
    [{ chatId: "g1", mentioned: true, chatType: "crowd" }, "incomplete"],
    [{ chatId: "g1", mentioned: true, sender: { id: "x", name: "ann", username: "ann" } }, "group-sender"],
    [{ chatId: "g1", mentioned: true, kind: "call" }, "unsupported"],
  ];
  for (const [index, [facts, reason]] of table.entries()) {
    const id = `g-${index}`;
    await lab.says({ id, text: "hello", chatType: "group", ...facts });
    const trace = await lab.ended(id, reason === undefined ? "done" : "refused");
    assert.equal(trace.reason, reason, JSON.stringify(facts));
  }
  const status = await lab.client.request<{ channelAccounts: { lab: { dropped: Record<string, number> }[] } }>(
    "channels.status",
    {},
  );
  assert.equal(status.channelAccounts.lab[0]?.dropped["group-sender"], 3);
});

test("what was said without a mention is told with the next one, and once", async () => {
  const messages = { groupChat: { mentionPatterns: ["\\bhal\\b", "(a+)+$"] } };
  await using lab = await startLab({ groups: { g1: {} }, groupAllowFrom: ["*"] }, { messages });
  await lab.says({ id: "h1", from: "bob", text: "the plan is tea", ...GROUP });
  await lab.ended("h1", "refused");

  await lab.says({ id: "h2", text: "HAL, what is the plan?", ...GROUP });
  await lab.ended("h2", "done");
  await lab.says({ id: "h3", text: "hal, again", ...GROUP });
  const { sessionKey } = await lab.ended("h3", "done");

  assert.equal(sessionKey, "agent:main:lab:group:g1");
  const { messages: history } = await lab.client.request<{ messages: { role: string; content: { text: string }[] }[] }>(
    "chat.history",
    { sessionKey },
  );
  const [first, second] = history.filter(({ role }) => role === "user").map(({ content }) => content[0]?.text ?? "");
  assert.match(
    first ?? "",
    /bob: the plan is tea[\s\S]*\[Lab id:g1 [A-Z][a-z]{2} .*\] ann \(ann\): HAL, what is the plan\?/,
  );
  assert.doesNotMatch(second ?? "", /tea/);
});

test("commands need authority: in a group a stranger's is ignored, a listed sender's answered without a mention", async () => {
  const lab1 = { allowFrom: ["ann"], groupPolicy: "open", groupAllowFrom: ["ann"], groups: { g1: {} } };
  await using lab = await startLab(lab1, { commands: { ownerAllowFrom: ["lab:root", "*"] } });

  await lab.says({ id: "c1", from: "eve", text: "/whoami", ...GROUP, mentioned: false });
  assert.equal((await lab.ended("c1", "refused")).reason, "command-unauthorized");
  await lab.says({ id: "c2", from: "ann", text: "/whoami", ...GROUP, mentioned: false });
  await lab.ended("c2", "done");
  await lab.says({ id: "c3", from: "ann", text: "/activation always", ...GROUP, mentioned: false });
  assert.equal((await lab.ended("c3", "refused")).reason, "command-unauthorized");
  await lab.says({ id: "c4", from: "root", text: "/activation always", ...GROUP, mentioned: false });
  await lab.ended("c4", "done");
  await lab.says({ id: "c5", from: "eve", text: "hello", ...GROUP, mentioned: false });
  await lab.ended("c5", "done");

  const texts = (await lab.sends(3)).map(({ payload }) => payload.text);
  assert.match(texts[0] ?? "", /^Your id on lab: ann \(ann\)$/);
  assert.match(texts[1] ?? "", /Every message is answered here now/);
});
