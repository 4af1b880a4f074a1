import assert from "node:assert/strict";
import { test } from "node:test";
import type { Envelope } from "openclaw/plugin-sdk";
import { accessOf } from "./access.ts";
import type { Rules } from "./access.ts";
import type { ChannelKeys } from "./keys.ts";

const KEYS: ChannelKeys = {
  dmPolicy: "allowlist",
  allowFrom: [],
  groupPolicy: "allowlist",
  groupAllowFrom: [],
  groupDirect: false,
  allowBots: false,
};

function rules(keys: Partial<ChannelKeys>, more: Partial<Rules> = {}): Rules {
  const network = { channel: "lab" };
  return { network, keys: { ...KEYS, ...keys }, approved: [], owners: [], useAccessGroups: true, ...more };
}

function from(id: string, more: Partial<Envelope> = {}): Envelope {
  return { channel: "lab", messageId: "1", text: "hi", sender: { id }, chatType: "direct", chatId: id, ...more };
}

const IN_GROUP = { chatType: "group", chatId: "g1" } as const;

test("each list answers one question: none opens what another is for, with a name or with a wildcard", () => {
  const lists: Record<string, Rules> = {
    allowFrom: rules({ allowFrom: ["ann"] }),
    "allowFrom *": rules({ allowFrom: ["*"] }),
    groupAllowFrom: rules({ groupAllowFrom: ["ann"] }),
    "groupAllowFrom *": rules({ groupAllowFrom: ["*"] }),
    approved: rules({}, { approved: ["ann"] }),
    "approved *": rules({}, { approved: ["*"] }),
    owners: rules({}, { owners: ["ann"] }),
    "owners *": rules({}, { owners: ["*"] }),
  };
  const table = Object.entries(lists).map(([name, given]) => {
    const direct = accessOf(from("ann"), given);
    const group = accessOf(from("ann", IN_GROUP), given);
    const isOwner = [direct, group].some((access) => "isOwner" in access && access.isOwner);
    return [name, !("refuse" in direct), !("refuse" in group), isOwner];
  });

  assert.deepEqual(table, [
    ["allowFrom", true, false, false],
    ["allowFrom *", true, false, false],
    ["groupAllowFrom", false, true, false],
    ["groupAllowFrom *", false, true, false],
    ["approved", true, false, false],
    ["approved *", false, false, false],
    ["owners", false, false, false],
    ["owners *", false, false, false],
  ]);
});

test("names, tags and the id of a room stand for nobody", () => {
  const named = { sender: { id: "666", name: "ann", username: "ann", tag: "ann#1" } };

  assert.deepEqual(accessOf(from("666", named), rules({ allowFrom: ["ann", "ann#1"] })), { refuse: "dm-not-allowed" });
  const room = accessOf(from("666", IN_GROUP), rules({ groupAllowFrom: ["g1"], groups: { g1: {} } }));
  assert.deepEqual(room, { refuse: "group-sender" });
});

test("an event that lacks its sender, its room or their kind is refused", () => {
  const open = rules({ dmPolicy: "open", allowFrom: ["*"], groupPolicy: "open" });
  const broken = [
    { sender: { id: "" } },
    { sender: { id: " " } },
    { sender: undefined },
    { chatId: "" },
    { chatId: undefined },
    { chatType: undefined },
    { chatType: "everybody" },
  ];
  for (const facts of broken) {
    // What a faulty plugin may hand over, against its types.
    const envelope = { ...from("ann"), ...facts } as unknown as Envelope;
    assert.deepEqual(accessOf(envelope, open), { refuse: "incomplete" }, JSON.stringify(facts));
  }
});

test("native trees: a guild, its channels and what is not in them", () => {
  const guilds = { G: { users: ["ann"], channels: { c1: {}, c2: { enabled: false } } } };
  const keys = rules({ guilds });
  const at = (more: Partial<Envelope>, who = "ann") => {
    const access = accessOf(from(who, { chatType: "channel", chatId: "c1", guildId: "G", ...more }), keys);
    return "refuse" in access ? access.refuse : "heard";
  };

  assert.equal(at({}), "heard");
  assert.equal(at({ chatId: "t1", parentChatId: "c1" }), "heard");
  assert.equal(at({}, "bob"), "group-sender");
  assert.equal(at({ chatId: "c2" }), "group-not-listed");
  assert.equal(at({ chatId: "c3" }), "group-not-listed");
  assert.equal(at({ guildId: "H" }), "group-not-listed");
  assert.equal(at({ chatType: "group", chatId: "dm-group" }), "group-not-listed");
  const none = accessOf(
    from("ann", { chatType: "channel", chatId: "c1", guildId: "G" }),
    rules({ groupAllowFrom: ["*"] }),
  );
  assert.deepEqual(none, { refuse: "group-not-listed" });
});
