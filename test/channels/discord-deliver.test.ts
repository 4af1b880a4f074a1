import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { REST } from "discord.js";
import type { OutboxEntry } from "openclaw/plugin-sdk";
import { FAKE_BOT, startFakeDiscord } from "../fakes/discord-server.ts";
import type { FakeDiscord } from "../fakes/discord-server.ts";
import { Api } from "../../plugins/channels/discord/api.ts";
import { deliver, lookBack } from "../../plugins/channels/discord/deliver.ts";
import type { WayOut } from "../../plugins/channels/discord/deliver.ts";
import { Session } from "../../plugins/channels/discord/session.ts";
import { snowflakeAt } from "../../plugins/channels/discord/snowflake.ts";

const ROOM = "300000000000000001";
const LONG_AGO = Date.now() - 600_000;

/** The way out of an account that is connected to the fake, with no command of a menu to answer. */
function wayTo(fake: FakeDiscord): WayOut & Disposable {
  const rest = new REST({ api: fake.url, version: "10", retries: 0, rejectOnRateLimit: () => true });
  rest.setToken(FAKE_BOT.token);
  const bot = { id: FAKE_BOT.id, username: "clawd", applicationId: FAKE_BOT.applicationId, flags: 0 };
  const interactions = { answer: () => Promise.resolve(undefined), isDoubtful: () => false };
  return {
    session: new Session({ accountId: "default", config: {} }, new Api(rest), bot, () => undefined),
    interactions: interactions as unknown as WayOut["interactions"],
    [Symbol.dispose]() {
      rest.clearHashSweeper();
      rest.clearHandlerSweeper();
    },
  };
}

function entryOf(more: Partial<OutboxEntry> = {}): OutboxEntry {
  return {
    id: "entry-1",
    address: { channel: "discord", accountId: "default", to: `channel:${ROOM}` },
    payload: { text: "hello" },
    state: "attempting",
    attempt: 1,
    createdAt: LONG_AGO,
    nextAttemptAt: LONG_AGO,
    ...more,
  };
}

const doubt = (at: number): Pick<OutboxEntry, "attempts"> => ({ attempts: [{ at, outcome: "unknown" }] });
const now = { at: Date.now(), outcome: "under way" } as const;

test("an attempt without an answer is repeated while its nonce is remembered, and looked up after that", async () => {
  await using fake = await startFakeDiscord();
  using way = wayTo(fake);

  const young = await lookBack(entryOf(doubt(Date.now() - 5_000)), way);
  const old = await lookBack(entryOf(doubt(LONG_AGO)), way);
  fake.missed({ from: FAKE_BOT, text: "hello", id: snowflakeAt(LONG_AGO + 1_000), channelId: ROOM });
  const found = await lookBack(entryOf(doubt(LONG_AGO)), way);

  assert.deepEqual(young, {
    outcome: "not_sent",
    retryable: true,
    reason: "no answer came; it is sent again under the same nonce",
  });
  assert.deepEqual(old, { outcome: "not_sent", retryable: true, reason: "it is not in the channel" });
  assert.deepEqual(found, { outcome: "sent", messageId: snowflakeAt(LONG_AGO + 1_000), chatId: ROOM });
});

test("what others wrote, or what was there before, is not taken for it", async () => {
  await using fake = await startFakeDiscord();
  using way = wayTo(fake);
  fake.missed({ from: FAKE_BOT, text: "hello", id: snowflakeAt(LONG_AGO - 300_000), channelId: ROOM });
  fake.missed({ from: { id: "1", username: "ann" }, text: "hello", channelId: ROOM });
  fake.missed({ from: FAKE_BOT, text: "hello?", channelId: ROOM });
  fake.missed({ from: FAKE_BOT, text: "hello", nonce: "of another", channelId: ROOM });

  assert.equal((await lookBack(entryOf(doubt(LONG_AGO)), way)).outcome, "not_sent");
});

test("a channel that cannot be read leaves the outcome unknown", async () => {
  await using fake = await startFakeDiscord();
  using way = wayTo(fake);
  fake.answerOnce(/GET .*messages/, 403, { message: "Missing Access", code: 50_001 });

  const outcome = await lookBack(entryOf(doubt(LONG_AGO)), way);

  assert.equal(outcome.outcome, "unknown");
  assert.match(outcome.reason, /whether it arrived cannot be read: Missing Access \(50001\)/);
});

test("a later attempt looks first when the nonce of an earlier one is forgotten", async () => {
  await using fake = await startFakeDiscord();
  using way = wayTo(fake);
  const again = entryOf({ attempts: [{ at: LONG_AGO, outcome: "unknown" }, now] });

  const sent = await deliver(again, way);
  const once = await deliver(again, way);

  assert.equal(sent.outcome, "sent");
  assert.deepEqual(once, sent);
  assert.equal(fake.posted.length, 1);
  assert.equal(fake.calls.filter(({ method }) => method === "POST").length, 1);
});

test("each way in which a post can end has its outcome", async () => {
  await using fake = await startFakeDiscord();
  using way = wayTo(fake);
  const outcome = async () => {
    const { outcome: what, ...rest } = await deliver(entryOf({ attempts: [now] }), way);
    return {
      what,
      retryable: "retryable" in rest ? rest.retryable : undefined,
      ...("retryAfterMs" in rest && { waits: true }),
    };
  };

  fake.mode("rate-limit", /POST/);
  assert.deepEqual(await outcome(), { what: "not_sent", retryable: true, waits: true });
  assert.equal(fake.calls.length, 1);
  using fresh = wayTo(fake);
  for (const mode of ["drop", "lost", "server-error", "garbage"] as const) {
    fake.mode(mode);
    assert.equal((await deliver(entryOf({ attempts: [now] }), fresh)).outcome, "unknown", mode);
  }
  fake.mode("auth-fail");
  assert.equal((await deliver(entryOf({ attempts: [now] }), fresh)).outcome, "not_sent");
  fake.mode("ok");
  using last = wayTo(fake);
  fake.answerOnce(/POST/, 400, { message: "Invalid Form Body", code: 50_035 });
  const refused = await deliver(entryOf({ attempts: [now] }), last);
  assert.deepEqual(refused, { outcome: "not_sent", retryable: false, reason: "Invalid Form Body (50035)" });
  const gone = await startFakeDiscord();
  using nowhere = wayTo(gone);
  await gone.close();
  const unreached = await deliver(entryOf({ attempts: [now] }), nowhere);
  assert.equal(unreached.outcome, "not_sent");
  assert.match("reason" in unreached ? unreached.reason : "", /cannot be reached \(ECONNREFUSED\)/);
});

test("a conversation that cannot be opened is a message that was not sent", async () => {
  await using fake = await startFakeDiscord();
  using way = wayTo(fake);
  const entry = entryOf({ address: { channel: "discord", accountId: "default", to: "user:100000000000000001" } });
  fake.mode("lost", /users\/@me\/channels/);

  const lost = await deliver(entry, way);
  fake.mode("ok");
  fake.answerOnce(/POST .*messages/, 403, { message: "Cannot send messages to this user", code: 50_007 });
  const refused = await deliver(entry, way);
  const sent = await deliver(entry, way);

  assert.deepEqual([lost.outcome, refused.outcome, sent.outcome], ["not_sent", "not_sent", "sent"]);
  assert.match("reason" in refused ? refused.reason : "", /50007\): this person does not take direct messages/);
});

test("more files than one message takes follow in another, and a file that is gone is named", async () => {
  await using fake = await startFakeDiscord();
  using way = wayTo(fake);
  const folder = mkdtempSync(join(tmpdir(), "openclaw-discord-"));
  try {
    const path = join(folder, "a.txt");
    writeFileSync(path, "all is well");
    const file = { path, contentType: "text/plain", fileName: "a.txt", size: 11, kind: "document" } as const;

    const sent = await deliver(entryOf({ media: Array.from({ length: 12 }, () => file) }), way);
    const gone = await deliver(
      entryOf({ id: "entry-2", media: [{ ...file, path: join(folder, "b.txt"), fileName: "b.txt" }] }),
      way,
    );

    assert.equal(sent.outcome === "sent" && sent.messageId, fake.posted[0]?.["id"]);
    assert.deepEqual(
      fake.calls.map(({ files, body }) => [files.length, body["content"]]),
      [
        [10, "hello"],
        [2, undefined],
      ],
    );
    assert.deepEqual(gone, { outcome: "not_sent", retryable: false, reason: "the file b.txt can no longer be read" });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
