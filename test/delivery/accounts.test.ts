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
