import assert from "node:assert/strict";
import { test } from "node:test";
import type { ChannelContext, Logger } from "openclaw/plugin-sdk";
import type { WAMessage } from "@whiskeysockets/baileys";
import { Inbox } from "./inbox.ts";
import type { InboxSocket } from "./inbox.ts";
import { AccountMemory } from "./memory.ts";

const FLOOR = 1_800_000_000_000;

function startInbox({ failures = 0 } = {}) {
  const accepted: string[] = [];
  const moved: number[] = [];
  let left = failures;
  const context = {
    account: { accountId: "default", config: {} },
    signal: new AbortController().signal,
    async accept(envelope: { readonly messageId: string }) {
      if (left-- > 0) throw new Error("the store is busy");
      accepted.push(envelope.messageId);
      return { duplicate: false };
    },
    status: () => undefined,
  } as unknown as ChannelContext;
  const quiet: Logger = { debug() {}, info() {}, warn() {}, error() {} };
  const lookups: (() => void)[] = [];
  const socket = {
    groupMetadata: () => new Promise(() => undefined),
    signalRepository: {
      lidMapping: { getPNForLID: () => new Promise((resolve) => lookups.push(() => resolve(null))) },
    },
  } as unknown as InboxSocket;
  const inbox = new Inbox({
    context,
    memory: new AccountMemory(),
    log: quiet,
    cursor: { read: async () => undefined, moved: (_, at) => void moved.push(at) },
    floor: FLOOR,
    self: () => ({ jid: "15550009999:3@s.whatsapp.net" }),
    since: () => FLOOR,
  });
  return { inbox, socket, accepted, moved, lookups };
}

function message(id: string, remoteJid = "15551110000@s.whatsapp.net", at = FLOOR): WAMessage {
  return { key: { id, remoteJid, fromMe: false }, message: { conversation: "x" }, messageTimestamp: at / 1_000 };
}

test("messages are taken in one after the other, also when one has to be looked up", async () => {
  const { inbox, socket, accepted, moved, lookups } = startInbox();

  inbox.receive(message("1", "77@lid"), "notify", socket);
  inbox.receive(message("2"), "notify", socket);
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(accepted, []);
  for (const answer of lookups) answer();
  await inbox.settled();

  assert.deepEqual(accepted, ["1", "2"]);
  assert.deepEqual(moved, [FLOOR, FLOOR]);
});

test("a message is not lost because the disk is busy", async () => {
  const { inbox, socket, accepted } = startInbox({ failures: 1 });

  inbox.receive(message("1"), "notify", socket);
  await inbox.settled();

  assert.deepEqual(accepted, ["1"]);
});

test("of what waited for us only what is younger than what was heard last is new; nothing odd stops the rest", async () => {
  const { inbox, socket, accepted } = startInbox();

  inbox.receive(message("old", undefined, FLOOR - 3_600_000), "append", socket);
  inbox.receive(message("waited", undefined, FLOOR + 1_000), "append", socket);
  inbox.receive({ key: {} } as WAMessage, "notify", socket);
  inbox.receive({ key: null } as unknown as WAMessage, "notify", socket);
  inbox.receive(message("last"), "notify", socket);
  await inbox.settled();

  assert.deepEqual(accepted, ["waited", "last"]);
});

test("a message that waits for the disk holds up its own conversation and no other", async () => {
  const { inbox, socket, accepted } = startInbox({ failures: 1 });

  inbox.receive(message("1"), "notify", socket);
  inbox.receive(message("2"), "notify", socket);
  inbox.receive(message("3", "15552220000@s.whatsapp.net"), "notify", socket);
  await inbox.settled();

  assert.deepEqual(accepted, ["3", "1", "2"]);
});
