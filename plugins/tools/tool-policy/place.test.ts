import assert from "node:assert/strict";
import { test } from "node:test";
import type { Envelope, Settings } from "openclaw/plugin-sdk";
import { placeRules } from "./place.ts";

function at(channels: object, envelope: Partial<Envelope>) {
  const settings: Settings = {
    get: <T>(path: string) => (channels as Record<string, unknown>)[path.replace("channels.", "")] as T | undefined,
  };
  const whole: Envelope = {
    channel: "telegram",
    messageId: "1",
    text: "x",
    sender: { id: "7" },
    chatType: "group",
    chatId: "-100",
    ...envelope,
  };
  return placeRules(settings, whole);
}

test("who wrote, then the place, then the same of every place", () => {
  const here = { tools: { deny: ["b"] }, toolsBySender: { "7": { deny: ["a"] } } };
  const everywhere = { tools: { deny: ["d"] }, toolsBySender: { "8": { deny: ["c"] } } };
  const telegram = { groups: { "-100": here, "*": everywhere, "-300": {} } };

  assert.deepEqual(at({ telegram }, {}), { deny: ["a"] });
  assert.deepEqual(at({ telegram }, { sender: { id: "9" } }), { deny: ["b"] });
  assert.deepEqual(at({ telegram }, { chatId: "-200", sender: { id: "8" } }), { deny: ["c"] });
  assert.deepEqual(at({ telegram }, { chatId: "-300" }), { deny: ["d"] });
  assert.deepEqual(at({ telegram }, { chatType: "direct" }), {});
  assert.deepEqual(at({ telegram }, { chatId: "constructor", sender: { id: "constructor" } }), { deny: ["d"] });
});

test("rooms of a server, and an account's own list", () => {
  const guilds = { g1: { tools: { deny: ["guild"] }, channels: { c1: { tools: { deny: ["room"] } } } } };
  const channels = {
    discord: { guilds },
    slack: { accounts: { work: { channels: { C1: { tools: { allow: ["x"] } } } } } },
  };

  assert.deepEqual(at(channels, { channel: "discord", guildId: "g1", chatId: "c1" }), { deny: ["room"] });
  assert.deepEqual(at(channels, { channel: "discord", guildId: "g1", chatId: "c2" }), { deny: ["guild"] });
  assert.deepEqual(at(channels, { channel: "slack", accountId: "work", chatId: "C1" }), { allow: ["x"] });
  assert.deepEqual(at(channels, { channel: "slack", accountId: "home", chatId: "C1" }), {});
});
