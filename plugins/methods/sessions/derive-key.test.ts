import assert from "node:assert/strict";
import { test } from "node:test";
import type { Conversation } from "openclaw/plugin-sdk";
import { startSessions, stateDirOf } from "./place.fixture.ts";

const direct: Conversation = { channel: "telegram", accountId: "work", chatType: "direct", chatId: "42" };
const links = { alice: ["telegram:42", "discord:987"] };

/** Settings of `session`, the conversation, and the key of its session (channels.md §1.7). */
const CASES: readonly (readonly [session: object, conversation: Partial<Conversation>, key: string])[] = [
  [{}, {}, "agent:main:main"],
  [{ mainKey: "home" }, {}, "agent:main:home"],
  [{}, { agentId: "ops" }, "agent:ops:main"],
  [{ scope: "global" }, {}, "global"],
  [{ dmScope: "per-peer" }, {}, "agent:main:direct:42"],
  [{ dmScope: "per-channel-peer" }, {}, "agent:main:telegram:direct:42"],
  [{ dmScope: "per-account-channel-peer" }, {}, "agent:main:telegram:work:direct:42"],
  [{ dmScope: "per-peer", identityLinks: links }, {}, "agent:main:direct:alice"],
  [{ dmScope: "per-channel-peer", identityLinks: links }, { chatId: "7" }, "agent:main:telegram:direct:7"],
  [{ identityLinks: links }, {}, "agent:main:main"],
  [{}, { threadId: "3" }, "agent:main:main"],
  [{}, { chatType: "group", chatId: "-100" }, "agent:main:telegram:group:-100"],
  [{}, { chatType: "group", chatId: "-100", threadId: "9" }, "agent:main:telegram:group:-100:topic:9"],
  [{}, { channel: "slack", chatType: "channel", chatId: "C1" }, "agent:main:slack:channel:c1"],
  [
    {},
    { channel: "slack", chatType: "channel", chatId: "C1", threadId: "1.2" },
    "agent:main:slack:channel:c1:thread:1.2",
  ],
];

for (const [session, conversation, key] of CASES) {
  test(`${JSON.stringify(session)} ${JSON.stringify(conversation)}: ${key}`, async (context) => {
    const agents = { list: [{ id: "main" }, { id: "ops" }] };
    await using place = await startSessions(stateDirOf(context), { session, agents });

    const { canonical } = place.sessions.deriveKey({ ...direct, ...conversation });

    assert.equal(canonical, key);
    assert.equal(place.sessions.parseKey(place.sessions.formatKey(canonical, "seed")).canonical, canonical);
  });
}
