import assert from "node:assert/strict";
import { test } from "node:test";
import type { proto, WAMessage } from "@whiskeysockets/baileys";
import { toEnvelope, withoutMentions } from "./envelope.ts";
import type { Facts } from "./envelope.ts";

const NOW = 1_800_000_000_000;
const FACTS: Facts = {
  self: { jid: "15550009999:3@s.whatsapp.net", lid: "900:3@lid" },
  selfChat: false,
  connectedAt: NOW,
  isOurs: (id) => id === "OURS",
};
const ANN = "15551110000@s.whatsapp.net";
const GROUP = "120363000000000001@g.us";

function message(
  content: proto.IMessage | null,
  key: Partial<WAMessage["key"]> = {},
  more: Partial<WAMessage> = {},
): WAMessage {
  return {
    key: { remoteJid: ANN, id: "M1", fromMe: false, ...key },
    message: content,
    messageTimestamp: NOW / 1_000,
    pushName: "Ann",
    ...more,
  };
}

function read(given: WAMessage, facts: Partial<Facts> = {}) {
  const found = toEnvelope(given, { ...FACTS, ...facts });
  return "envelope" in found ? found.envelope : found.ignored;
}

test("a text of a person", () => {
  assert.deepEqual(read(message({ conversation: "hi" })), {
    messageId: "M1",
    text: "hi",
    sender: { id: "+15551110000", e164: "+15551110000", name: "Ann" },
    chatType: "direct",
    chatId: ANN,
    timestamp: NOW,
  });
});

test("texts are found in every wrapping, and what says nothing is no message", () => {
  const text = { conversation: "x" };
  for (const content of [
    { extendedTextMessage: { text: "x" } },
    { ephemeralMessage: { message: text } },
    { viewOnceMessageV2: { message: { ephemeralMessage: { message: text } } } },
    { buttonsResponseMessage: { selectedDisplayText: "x" } },
    { listResponseMessage: { title: "x" } },
    { templateButtonReplyMessage: { selectedDisplayText: "x" } },
    { imageMessage: { caption: "x" } },
    { documentWithCaptionMessage: { message: { documentMessage: { caption: "x" } } } },
  ] as proto.IMessage[]) {
    const envelope = read(message(content));
    assert.equal(typeof envelope === "string" ? envelope : envelope.text, "x", JSON.stringify(content));
  }
  for (const content of [
    null,
    {},
    { reactionMessage: { text: "👍" } },
    { protocolMessage: { type: 0 } },
    { pollUpdateMessage: {} },
    { conversation: "" },
  ]) {
    assert.equal(read(message(content)), "unsupported", JSON.stringify(content));
  }
  let deep: proto.IMessage = text;
  for (let depth = 0; depth < 50; depth++) deep = { ephemeralMessage: { message: deep } };
  assert.equal(read(message(deep)), "unsupported");
});

test("status messages, channels, echoes and what we wrote elsewhere are nobody's messages", () => {
  const said = { conversation: "x" };
  assert.equal(read(message(said, { remoteJid: "status@broadcast", participant: ANN })), "broadcast");
  assert.equal(read(message(said, { remoteJid: "1@newsletter" })), "broadcast");
  assert.equal(read(message(said, { id: "OURS" })), "own");
  assert.equal(read(message(said, { fromMe: true })), "own");
  assert.equal(
    read(message(said, { remoteJid: GROUP, participant: "900@lid", fromMe: true }), { selfChat: true }),
    "own",
  );
  assert.equal(read(message(said, { id: "" })), "incomplete");
  assert.equal(read(message(said, { remoteJid: "nonsense" })), "incomplete");
  assert.equal(read(message(said, { remoteJid: GROUP })), "incomplete");
});

test("the chat with oneself is heard only where that is wanted", () => {
  const note = message({ conversation: "x" }, { remoteJid: "900@lid", fromMe: true });

  assert.equal(read(note), "own");
  const envelope = read(note, { selfChat: true });
  assert.ok(typeof envelope !== "string");
  assert.deepEqual(envelope.sender, { id: "+15550009999", e164: "+15550009999", name: "Ann", isSelf: true });
  assert.equal(envelope.mentions, undefined);
});

test("a hidden number is one when it is known, and an address else", () => {
  const hidden = message({ conversation: "x" }, { remoteJid: "77@lid" });
  const known = read(message({ conversation: "x" }, { remoteJid: "77@lid", remoteJidAlt: ANN }));
  const found = read(hidden, { senderNumber: "+15551110000" });
  const unknown = read(hidden);

  assert.ok(typeof known !== "string" && typeof found !== "string" && typeof unknown !== "string");
  assert.equal(known.sender.id, "+15551110000");
  assert.equal(known.chatId, ANN);
  assert.equal(found.sender.id, "+15551110000");
  assert.equal(unknown.sender.id, "77@lid");
  assert.equal(unknown.chatId, "77@lid");
});

test("in a group: who wrote, whether we were meant, and what was quoted", () => {
  const key = { remoteJid: GROUP, participant: "77@lid", participantAlt: ANN };
  const contextInfo = {
    stanzaId: "Q1",
    participant: "900@lid",
    quotedMessage: { imageMessage: {} },
    mentionedJid: [ANN],
    isForwarded: true,
  };
  const envelope = read(message({ extendedTextMessage: { text: "so?", contextInfo } }, key), {
    group: { subject: "Team", members: 3 },
  });

  assert.ok(typeof envelope !== "string");
  assert.equal(envelope.sender.id, "+15551110000");
  assert.deepEqual(envelope.mentions, { bot: false, any: true, canDetect: true });
  assert.deepEqual(envelope.quoted, { id: "Q1", body: "<media:image>", sender: "900@lid", isBot: true });
  assert.deepEqual(envelope.group, { subject: "Team", members: 3 });
  assert.equal(envelope.conversationLabel, `Team id:${GROUP}`);
  assert.deepEqual(envelope.forwarded, {});
  for (const [text, bot] of [
    ["@15550009999 hi", true],
    ["call +1 555-000-9999 now", true],
    ["155500099990", false],
    ["hi", false],
  ] as const) {
    const plain = read(message({ conversation: text }, key));
    assert.equal(typeof plain !== "string" && plain.mentions?.bot, bot, text);
  }
  assert.equal(withoutMentions("@15550009999 /status", FACTS.self), "/status");
  assert.equal(withoutMentions("@900 @15550009999123 /status", FACTS.self), "@15550009999123 /status");
});

test("files, places and contacts", () => {
  const file = { mimetype: "image/jpeg", fileLength: 12, directPath: "/v/t62/x?ccb=1", mediaKey: new Uint8Array(32) };
  const image = read(message({ imageMessage: { ...file, caption: "look" } }));
  assert.ok(typeof image !== "string");
  const { ref, ...media } = image.media?.[0] ?? {};
  assert.deepEqual(media, { kind: "image", contentType: "image/jpeg", size: 12, status: "pending" });
  assert.equal((JSON.parse(ref ?? "{}") as { directPath: string }).directPath, "/v/t62/x?ccb=1");
  for (const directPath of ["@evil.example/x", ".evil.example/x", "//evil.example/x", "/a b", "/a#b", "", null]) {
    const bad = read(message({ imageMessage: { ...file, directPath } }));
    assert.equal(typeof bad !== "string" && bad.media?.[0]?.status, "failed", String(directPath));
  }

  const pin = read(
    message({ locationMessage: { degreesLatitude: 1.5, degreesLongitude: 2, name: "Cafe", accuracyInMeters: 12 } }),
  );
  assert.deepEqual(typeof pin !== "string" && pin.location, { lat: 1.5, lon: 2, accuracy: 12, name: "Cafe" });
  const live = read(message({ liveLocationMessage: { degreesLatitude: 1, degreesLongitude: 2, caption: "here" } }));
  assert.deepEqual(typeof live !== "string" && [live.text, live.location], ["here", { lat: 1, lon: 2, isLive: true }]);

  const vcard = "BEGIN:VCARD\nTEL;type=CELL;waid=1:+1 555-222-0000\nEND:VCARD";
  const one = read(message({ contactMessage: { displayName: "Bob", vcard } }));
  assert.equal(typeof one !== "string" && one.text, "<contact: Bob, +15552220000>");
  const contacts = ["A", "B", "C"].map((displayName) => ({ displayName }));
  const several = read(message({ contactsArrayMessage: { contacts } }));
  assert.equal(typeof several !== "string" && several.text, "<contacts: A, B +1 more>");
});

test("what was written before we connected is backlog", () => {
  const old = read(message({ conversation: "x" }, {}, { messageTimestamp: NOW / 1_000 - 60 }));
  const fresh = read(message({ conversation: "x" }, {}, { messageTimestamp: NOW / 1_000 - 10 }));

  assert.equal(typeof old !== "string" && old.isBacklog, true);
  assert.equal(typeof fresh !== "string" && fresh.isBacklog, undefined);
});
