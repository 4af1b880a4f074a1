import assert from "node:assert/strict";
import { test } from "node:test";
import { messageEnvelope, stripMentions } from "./parse.ts";
import type { Here, Written } from "./parse.ts";
import type { Channel, Guild } from "./places.ts";

const SELF = { id: "900000000000000001", accountId: "default", roleMentions: true };
const DIRECT: Here = { chatType: "direct", chatId: "700000000000000001" };
const channel = (id: string, more: object = {}): Channel => ({
  id,
  guildId: "200000000000000001",
  type: 0,
  name: `room-${id.at(-1)}`,
  overwrites: [],
  ...more,
});
const guild: Guild = {
  id: "200000000000000001",
  name: "Team",
  ownerId: "1",
  roles: new Map(),
  ownRoles: new Set(["501"]),
};
const room = channel("300000000000000001", { topic: "plans" });
const ROOM: Here = { chatType: "channel", chatId: room.id, guildId: guild.id, guild, channel: room };

function written(more: object = {}): Written {
  return {
    id: "400000000000000001",
    channel_id: "700000000000000001",
    author: { id: "100000000000000001", username: "ann", global_name: "Ann", discriminator: "0", avatar: null },
    content: "hello",
    timestamp: "2026-01-02T03:04:05.000Z",
    edited_timestamp: null,
    type: 0,
    mentions: [],
    mention_roles: [],
    attachments: [],
    embeds: [],
    ...more,
  } as unknown as Written;
}

test("a direct message says who wrote what, and that the answer goes to the person", () => {
  assert.deepEqual(messageEnvelope(written(), DIRECT, SELF), {
    chatType: "direct",
    chatId: "700000000000000001",
    replyTo: { channel: "discord", accountId: "default", to: "user:100000000000000001" },
    messageId: "400000000000000001",
    text: "hello",
    sender: { id: "100000000000000001", name: "Ann", username: "ann", tag: "ann" },
    timestamp: Date.UTC(2026, 0, 2, 3, 4, 5),
    mentions: { bot: false, any: false, canDetect: true },
  });
});

test("a thread belongs to its channel, and its topic is somebody else's text", () => {
  const thread = channel("300000000000000009", { type: 11, name: "details", parentId: room.id });
  const here: Here = { ...ROOM, chatId: thread.id, channel: thread, parent: room };

  const envelope = messageEnvelope(written({ member: { nick: "Annie" } }), here, SELF);

  assert.equal(envelope?.chatId, thread.id);
  assert.equal(envelope?.threadId, thread.id);
  assert.equal(envelope?.parentChatId, room.id);
  assert.equal(envelope?.sender.name, "Annie");
  assert.equal(envelope?.conversationLabel, `Team #room-1 details id:${thread.id}`);
  assert.deepEqual(envelope?.group, { subject: "Team", channelName: "#room-1" });
  assert.deepEqual(envelope?.untrusted, ["topic of the channel: plans"]);
  assert.equal(envelope?.replyTo?.to, `channel:${thread.id}`);
});

test("the bot is meant by its name, by a role of its, and by an answer to it; by nothing else", () => {
  const table: [object, boolean, boolean?][] = [
    [{ mentions: [{ id: SELF.id }] }, true],
    [{ mention_roles: ["501"] }, true],
    [{ mention_roles: ["502"] }, false],
    [{ mention_everyone: true, content: "@everyone" }, false],
    [{ mentions: [{ id: "100000000000000002" }] }, false],
    [{ type: 19, referenced_message: written({ author: { id: SELF.id, username: "clawd" } }) }, false, true],
    [{ type: 19, referenced_message: written() }, false],
    [{ type: 19, referenced_message: null, message_reference: { message_id: "4" } }, false],
  ];
  for (const [more, isNamed, isQuoted] of table) {
    const envelope = messageEnvelope(written(more), ROOM, SELF);
    assert.equal(envelope?.mentions?.bot, isNamed, JSON.stringify(more));
    assert.equal(envelope?.quoted?.isBot, isQuoted, JSON.stringify(more));
  }
  const off = messageEnvelope(written({ mention_roles: ["501"] }), ROOM, { ...SELF, roleMentions: false });
  assert.equal(off?.mentions?.bot, false);
});

test("its own messages and Discord's notices are nobody's; bots and webhooks are marked", () => {
  assert.equal(messageEnvelope(written({ author: { id: SELF.id, username: "clawd" } }), DIRECT, SELF), undefined);
  for (const type of [1, 6, 7, 18, 20, 46]) assert.equal(messageEnvelope(written({ type }), DIRECT, SELF), undefined);
  const bot = { id: "100000000000000008", username: "beep", bot: true };
  assert.equal(messageEnvelope(written({ author: bot }), DIRECT, SELF)?.sender.isBot, true);
  assert.equal(messageEnvelope(written({ webhook_id: "100000000000000007" }), ROOM, SELF)?.sender.isBot, true);
});

test("attachments, stickers, voice, polls, embeds and forwarded messages are told", () => {
  const file = { id: "1", filename: "a.png", size: 7, url: "https://cdn.example/a.png", content_type: "image/png" };
  const media = (more: object) =>
    messageEnvelope(written(more), DIRECT, SELF)?.media?.map(({ kind, status }) => `${kind} ${status}`);
  assert.deepEqual(messageEnvelope(written({ attachments: [file] }), DIRECT, SELF)?.media, [
    { kind: "image", url: file.url, fileName: "a.png", size: 7, status: "pending", contentType: "image/png" },
  ]);
  assert.deepEqual(media({ attachments: [{ ...file, content_type: "application/pdf" }] }), ["document pending"]);
  assert.deepEqual(media({ attachments: [{ ...file, content_type: undefined }] }), ["unknown pending"]);
  assert.deepEqual(media({ attachments: [{ ...file, content_type: "audio/ogg" }], flags: 1 << 13 }), ["audio pending"]);
  assert.deepEqual(
    media({
      sticker_items: [
        { id: "1", name: "wave", format_type: 1 },
        { id: "2", name: "dance", format_type: 3 },
      ],
    }),
    ["sticker pending", "sticker skipped"],
  );

  const text = (more: object) => messageEnvelope(written({ content: "", ...more }), DIRECT, SELF)?.text;
  const poll = {
    question: { text: "Tea?" },
    answers: [{ poll_media: { text: "yes" } }, { poll_media: { text: "no" } }],
  };
  assert.equal(text({ poll }), "Poll: Tea?\n- yes\n- no");
  assert.equal(text({ embeds: [{ title: "Build", description: "failed" }] }), "Build\nfailed");
  const snapshot = { content: "the plan", timestamp: "2026-01-02T00:00:00Z", attachments: [file], embeds: [] };
  const forwarded = messageEnvelope(written({ content: "", message_snapshots: [{ message: snapshot }] }), DIRECT, SELF);
  assert.equal(forwarded?.text, "the plan");
  assert.equal(forwarded?.forwarded?.date, Date.UTC(2026, 0, 2));
  assert.equal(forwarded?.media?.length, 1);
});

test("mentions of the bot are no part of what it is told to do", () => {
  assert.equal(stripMentions(`<@${SELF.id}> /status`, SELF.id), "/status");
  assert.equal(stripMentions(`hey <@!${SELF.id}> and <@&501> stop <@5>`, SELF.id, ["501"]), "hey and stop <@5>");
});
