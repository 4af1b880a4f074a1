import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually } from "openclaw/plugin-sdk/testing";
import { labConfig, startLab } from "./lab-gateway.ts";

test("a changed account is started anew, a new one started, a removed one stopped; the others go on", async () => {
  await using lab = await startLab({ accounts: { one: {}, two: { token: "a" }, three: {} }, allowFrom: ["ann"] });
  const starts = async () => (await lab.client.request<{ starts: string[] }>("lab.starts", {})).starts;
  assert.deepEqual((await starts()).toSorted(), ["one", "three", "two"]);

  lab.gateway.writeConfig(labConfig({ accounts: { one: {}, two: { token: "b" }, four: {} }, allowFrom: ["bob"] }));

  await eventually("the change has come", async () => (await starts()).length === 5);
  assert.deepEqual((await starts()).slice(3).toSorted(), ["four", "two"]);
  const { channelAccounts } = await lab.client.request<{
    channelAccounts: { lab: { accountId: string; connected: boolean }[] };
  }>("channels.status", { probe: true });
  assert.deepEqual(channelAccounts.lab.map(({ accountId }) => accountId).toSorted(), ["four", "one", "two"]);
  assert.ok(channelAccounts.lab.every(({ connected }) => connected));
  await assert.rejects(lab.client.request("channels.logout", { channel: "lab" }), {
    message: "channel lab does not support logout",
  });
  await assert.rejects(lab.client.request("channels.logout", { channel: "ghost" }), {
    message: "invalid channels.logout channel",
  });
});

test("no key of policy starts an account anew, and all of them are of effect at the next message", async () => {
  await using lab = await startLab({ dmPolicy: "allowlist", allowFrom: ["ann"] });
  const live = {
    dmPolicy: "allowlist",
    allowFrom: ["bob"],
    groupPolicy: "open",
    groupAllowFrom: ["ann"],
    groups: { "*": {} },
    requireMention: false,
    historyLimit: 3,
    dmHistoryLimit: 4,
    dms: {},
    textChunkLimit: 100,
    chunkMode: "newline",
    markdown: { tables: "off" },
    responsePrefix: "",
    replyToMode: "all",
    actions: {},
    ackReaction: "x",
    blockStreaming: true,
    blockStreamingCoalesce: {},
    mediaMaxMb: 1,
    allowBots: true,
    reactionLevel: "all",
    reactionNotifications: "off",
    retry: {},
    debounceMs: 0,
    sendReadReceipts: false,
    configWrites: false,
    name: "mine",
    heartbeat: {},
    commands: {},
    customCommands: [],
  };

  lab.gateway.writeConfig(labConfig(live));
  await eventually("bob is heard", async () => {
    const id = `b${Math.random()}`;
    await lab.says({ id, from: "bob", text: "hello" });
    const end = await eventually("an end", async () => {
      const { state } = await lab.trace(id);
      return (state === "refused" || state === "done") && state;
    });
    return end === "done";
  });
  await lab.says({ id: "a", from: "ann", text: "hello" });

  assert.equal((await lab.ended("a", "refused")).reason, "dm-not-allowed");
  assert.deepEqual(await lab.client.request("lab.starts", {}), { starts: ["default"] });
});
