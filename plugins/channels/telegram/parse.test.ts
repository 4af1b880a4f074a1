import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { parseUpdate } from "./parse.ts";
import type { Incoming, Reader } from "./parse.ts";
import type { WireMessage, WireUpdate } from "./wire.ts";

const READER: Reader = { accountId: "default", bot: { id: 1, username: "MyBot" }, backlogBefore: 1_000_000 };
const ANN = { id: 41, is_bot: false, first_name: "Ann", last_name: "Lee", username: "ann" };
const PRIVATE = { id: 41, type: "private" };
const TEAM = { id: -1001, type: "supergroup", title: "Team" };
const AT = 2_000;

function envelopeOf(update: WireUpdate): Incoming {
  const parsed = parseUpdate({ update_id: 1, ...update }, READER);
  assert.ok("envelope" in parsed, JSON.stringify(parsed));
  return parsed.envelope;
}

function said(message: WireMessage): Incoming {
  return envelopeOf({ message: { message_id: 7, date: AT, chat: PRIVATE, from: ANN, ...message } });
}

test("a private message says who wrote, when and what", () => {
  assert.deepEqual(said({ text: "hi" }), {
    messageId: "7",
    text: "hi",
    sender: { id: "41", name: "Ann Lee", username: "ann" },
    timestamp: 2_000_000,
    chatType: "direct",
    chatId: "41",
  });
});

suite("where", () => {
  test("a group is named; without topics a thread of answers is none", () => {
    const envelope = said({ text: "x", chat: TEAM, message_thread_id: 5 });

    assert.deepEqual([envelope.chatType, envelope.threadId, envelope.replyTo], ["group", undefined, undefined]);
    assert.equal(envelope.conversationLabel, "Team id:-1001");
    assert.deepEqual(envelope.group, { subject: "Team" });
  });

  test("a forum's message belongs to its topic, the first one when it names none", () => {
    const chat = { ...TEAM, is_forum: true };

    const topic = said({ text: "x", chat, message_thread_id: 9, is_topic_message: true });
    const general = said({ text: "x", chat });

    assert.deepEqual([topic.threadId, topic.conversationLabel], ["9", "Team id:-1001 topic:9"]);
    assert.equal(topic.replyTo?.threadId, "9");
    assert.equal(general.threadId, "1");
  });

  test("a private chat with topics is one conversation, answered in the topic", () => {
    const envelope = said({ text: "x", message_thread_id: 3 });

    assert.equal(envelope.threadId, undefined);
    assert.deepEqual(envelope.replyTo, { channel: "telegram", accountId: "default", to: "41", threadId: "3" });
  });

  test("a channel's post is written by the channel", () => {
    const chat = { id: -5, type: "channel", title: "News" };
    const envelope = envelopeOf({ channel_post: { message_id: 1, date: AT, chat, text: "x" } });

    assert.equal(envelope.chatType, "channel");
    assert.deepEqual(envelope.sender, { id: "-5", name: "News" });
    assert.deepEqual(envelope.group, { channelName: "News" });
  });
});

suite("who", () => {
  test("an anonymous administrator writes as the group", () => {
    const from = { id: 1_087_968_824, is_bot: true, first_name: "Group" };

    assert.deepEqual(said({ text: "x", chat: TEAM, from, sender_chat: TEAM }).sender, { id: "-1001", name: "Team" });
  });

  test("bots and the bot itself are told apart", () => {
    const bot = said({ text: "x", from: { id: 9, is_bot: true, first_name: "R" } });
    const self = said({ text: "x", from: { id: 1, is_bot: true, first_name: "B" } });

    assert.deepEqual([bot.sender.isBot, bot.sender.isSelf], [true, undefined]);
    assert.equal(self.sender.isSelf, true);
  });

  test("what is missing is empty, for the gateway to refuse", () => {
    const { sender, chatId, chatType } = envelopeOf({ message: { message_id: 7, text: "x" } });

    assert.deepEqual([sender.id, chatId, chatType], ["", "", ""]);
  });
});

suite("mentions", () => {
  const mentions = (text: string, entities: WireMessage["entities"] = []) =>
    said({ text, chat: TEAM, entities }).mentions;

  test("by name, by a link to the bot, and by a command that is addressed to it", () => {
    assert.equal(mentions("hi @mybot", [{ type: "mention", offset: 3, length: 6 }])?.bot, true);
    assert.equal(mentions("hi B", [{ type: "text_mention", offset: 3, length: 1, user: { id: 1 } }])?.bot, true);
    assert.equal(mentions("/x@MYBOT", [{ type: "bot_command", offset: 0, length: 8 }])?.bot, true);
  });

  test("others are mentions, but not of the bot", () => {
    const other = mentions("hi @mybotter", [{ type: "mention", offset: 3, length: 9 }]);

    assert.deepEqual(other, { bot: false, any: true, canDetect: true });
    assert.equal(mentions("@mybot in a code block")?.bot, false);
  });
});

suite("context", () => {
  test("the message that is answered is quoted, the part that was chosen before the whole", () => {
    const reply_to_message = { message_id: 3, from: { id: 1, first_name: "B", is_bot: true }, text: "all of it" };

    assert.deepEqual(said({ text: "x", reply_to_message }).quoted, {
      id: "3",
      body: "all of it",
      sender: "B",
      isBot: true,
    });
    assert.equal(said({ text: "x", reply_to_message, quote: { text: "of it" } }).quoted?.body, "of it");
  });

  test("the message that made a topic is not answered", () => {
    const reply_to_message = { message_id: 3, from: { id: 1 }, forum_topic_created: {} };

    assert.equal(said({ text: "x", chat: TEAM, reply_to_message }).quoted, undefined);
  });

  test("a forwarded message says where it comes from", () => {
    const forward_origin = { type: "channel", date: 5, chat: { id: -5, type: "channel", title: "News" } };

    assert.deepEqual(said({ text: "x", forward_origin }).forwarded, { from: "News", fromId: "-5", date: 5_000 });
    const hidden = said({ text: "x", forward_origin: { type: "hidden_user", sender_user_name: "Z" } });
    assert.deepEqual(hidden.forwarded, { from: "Z" });
  });

  test("what was written while nobody listened is backlog", () => {
    assert.equal(said({ text: "x", date: 999 }).isBacklog, true);
    assert.equal(said({ text: "x", date: 1_000 }).isBacklog, undefined);
  });
});

suite("media", () => {
  test("the largest picture, with its caption", () => {
    const photo = [
      { file_id: "s", width: 90, height: 60, file_size: 10 },
      { file_id: "l", width: 900, height: 600, file_size: 100 },
    ];
    const envelope = said({ photo, caption: "look" });

    assert.equal(envelope.text, "look");
    assert.deepEqual(envelope.media, [
      { kind: "image", ref: "l", contentType: "image/jpeg", size: 100, status: "pending" },
    ]);
  });

  test("each kind by its own name", () => {
    const file = { file_id: "f", mime_type: "x/y", file_name: "a.b" };
    const kinds = (["video", "video_note", "animation", "audio", "voice", "document", "sticker"] as const).map(
      (name) => said({ [name]: file }).media?.[0]?.kind,
    );

    assert.deepEqual(kinds, ["video", "video", "video", "audio", "audio", "document", "sticker"]);
    assert.deepEqual(said({ animation: file, document: file }).media?.length, 1);
  });

  test("what is larger than Telegram hands out, and stickers that move, are not fetched", () => {
    const large = said({ document: { file_id: "f", file_size: 21 * 1_048_576 } });
    const moving = said({ sticker: { file_id: "f", is_animated: true } });

    assert.equal(large.media?.[0]?.status, "too-large");
    assert.deepEqual(moving.media, [{ kind: "sticker", status: "skipped" }]);
  });

  test("places, people, polls and dice become text or a position", () => {
    const location = { latitude: 48.8, longitude: 2.2, horizontal_accuracy: 12, live_period: 60 };

    assert.deepEqual(said({ location }).location, { lat: 48.8, lon: 2.2, accuracy: 12, isLive: true });
    const venue = { location: { latitude: 1, longitude: 2 }, title: "Tower", address: "Here 1" };
    assert.deepEqual(said({ venue }).location, { lat: 1, lon: 2, name: "Tower", address: "Here 1" });
    assert.equal(said({ contact: { first_name: "Bo", phone_number: "+1555" } }).text, "<contact: Bo, +1555>");
    assert.equal(said({ poll: { question: "When?", options: [{ text: "now" }] } }).text, "[poll] When?\n- now");
    assert.equal(said({ dice: { emoji: "🎲", value: 6 } }).text, "🎲 6");
  });
});

suite("other updates", () => {
  test("an edit is an event of its own, but a position that moves is none", () => {
    const message = { message_id: 7, date: AT, edit_date: 2_500, chat: PRIVATE, from: ANN };

    const edit = envelopeOf({ edited_message: { ...message, text: "y" } });
    assert.deepEqual([edit.kind, edit.revision, edit.messageId], ["edit", "2500", "7"]);
    const moved = parseUpdate({ edited_message: { ...message, location: { live_period: 60 } } }, READER);
    assert.equal(moved.what, "skipped");
  });

  test("a button says what it carries, and waits for an answer", () => {
    const message = { message_id: 7, chat: PRIVATE, from: { id: 1 } };
    const parsed = parseUpdate({ callback_query: { id: "cb", from: ANN, message, data: "yes" } }, READER);

    assert.equal(parsed.what === "button" && parsed.callbackId, "cb");
    assert.equal(parsed.what === "button" && parsed.envelope.text, "callback_data: yes");
    assert.equal(envelopeOf({ callback_query: { id: "cb", from: ANN, message, data: "/stop" } }).text, "/stop");
    assert.equal(parseUpdate({ callback_query: { id: "cb", from: ANN, data: "yes" } }, READER).what, "skipped");
  });

  test("a reaction is told in words", () => {
    const reaction = { chat: TEAM, message_id: 12, user: ANN, date: 5 };
    const thumb = [{ type: "emoji", emoji: "👍" }];

    const added = envelopeOf({ message_reaction: { ...reaction, old_reaction: [], new_reaction: thumb } });
    const removed = envelopeOf({ message_reaction: { ...reaction, old_reaction: thumb, new_reaction: [] } });

    assert.equal(added.text, "Telegram reaction added: 👍 by Ann Lee on msg 12");
    assert.equal(removed.text, "Telegram reaction removed: 👍 by Ann Lee on msg 12");
    assert.notEqual(added.revision, removed.revision);
  });

  test("a group that moves names its new id; service messages and unknown updates are skipped", () => {
    const message = { message_id: 1, date: AT, chat: { id: -9, type: "group" }, from: ANN };

    assert.deepEqual(parseUpdate({ message: { ...message, migrate_to_chat_id: -1009 } }, READER), {
      what: "migrated",
      from: "-9",
      to: "-1009",
    });
    assert.equal(parseUpdate({ message }, READER).what, "skipped");
    assert.equal(parseUpdate({}, READER).what, "skipped");
  });
});
