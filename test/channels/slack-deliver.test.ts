import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { OutboxEntry } from "openclaw/plugin-sdk";
import { Api } from "../../plugins/channels/slack/api.ts";
import { deliver, lookBack } from "../../plugins/channels/slack/deliver.ts";
import type { WayOut } from "../../plugins/channels/slack/deliver.ts";
import { loadLibrary } from "../../plugins/channels/slack/library.ts";
import { Session } from "../../plugins/channels/slack/session.ts";
import type { SessionParts } from "../../plugins/channels/slack/session.ts";
import { FAKE_APP, startFakeSlack } from "../fakes/slack-server.ts";
import type { FakeSlack } from "../fakes/slack-server.ts";
import { ANN, CHANNELS, ROOM } from "./slack-gateway.ts";

/** The way out of an account that is connected to the fake, with no command to answer. */
async function wayTo(fake: FakeSlack, signal: AbortSignal = new AbortController().signal): Promise<WayOut> {
  const library = await loadLibrary();
  const api = new Api({ library, apiRoot: fake.url, log: { debug: () => undefined }, signal }, FAKE_APP.botToken);
  const { userId, botId, name, teamId, team, scopes } = FAKE_APP;
  const parts = {
    account: { accountId: "default", config: { apiRoot: fake.url } },
    api,
    reads: api,
    bot: { accountId: "default", userId, botId, name, teamId, team, scopes },
    cursors: { spoke: () => undefined },
    tokenRefused: () => undefined,
  };
  const way = {
    session: new Session(parts as unknown as SessionParts),
    interactions: { answer: async () => undefined },
  };
  return way as unknown as WayOut;
}

function entryOf(more: Partial<OutboxEntry> = {}): OutboxEntry {
  const now = Date.now();
  return {
    id: "entry-1",
    address: { channel: "slack", accountId: "default", to: `channel:${ROOM}` },
    payload: { text: "hello" },
    state: "attempting",
    attempt: 1,
    createdAt: now,
    nextAttemptAt: now,
    ...more,
  };
}

const DOUBT = { at: Date.now() - 5_000, outcome: "unknown" } as const;
const NOW = { at: Date.now(), outcome: "under way" } as const;

test("each way in which a post can end has its outcome", async () => {
  await using fake = await startFakeSlack({ channels: CHANNELS });
  const way = await wayTo(fake);

  for (const [mode, outcome] of [
    ["drop", "unknown"],
    ["lost", "unknown"],
    ["server-error", "unknown"],
    ["garbage", "unknown"],
    ["auth-fail", "not_sent"],
    ["rate-limit", "not_sent"],
    ["ok", "sent"],
  ] as const) {
    fake.mode(mode);
    assert.equal((await deliver(entryOf({ attempts: [NOW] }), way)).outcome, outcome, mode);
  }
  const stopped = new AbortController();
  fake.mode("hang");
  const hanging = deliver(entryOf({ attempts: [NOW] }), way, stopped.signal);
  await fake.waitFor(() => fake.calls.length === 8);
  stopped.abort();
  assert.equal((await hanging).outcome, "unknown");
  const gone = await startFakeSlack();
  const nowhere = await wayTo(gone);
  await gone.close();
  const unreached = await deliver(entryOf({ attempts: [NOW] }), nowhere);
  assert.match("reason" in unreached ? unreached.reason : "", /cannot be reached \(ECONNREFUSED\)/);
  assert.equal(unreached.outcome === "not_sent" && unreached.retryable, true);
});

test("after a doubt the channel is looked at: what is there is not sent again, what others wrote is not taken for it", async () => {
  await using fake = await startFakeSlack({ channels: CHANNELS });
  const way = await wayTo(fake);
  fake.missed({ from: ANN, text: "hello", channel: ROOM });
  await deliver(entryOf({ id: "another", attempts: [NOW] }), way);

  const first = await deliver(entryOf({ attempts: [DOUBT, NOW] }), way);
  const again = await deliver(entryOf({ attempts: [DOUBT, NOW] }), way);
  const back = await lookBack(entryOf({ attempts: [DOUBT] }), way);
  const none = await lookBack(entryOf({ id: "never", attempts: [DOUBT] }), way);
  fake.answerOnce(/conversations.history/, { ok: false, error: "missing_scope", needed: "channels:history" });
  const blind = await lookBack(entryOf({ attempts: [DOUBT] }), way);

  assert.equal(first.outcome, "sent");
  assert.deepEqual([again, back], [first, first]);
  assert.equal(fake.posted.length, 2);
  assert.deepEqual(none, { outcome: "not_sent", retryable: true, reason: "it is not in the channel" });
  assert.match("reason" in blind ? blind.reason : "", /cannot be read: missing_scope: add channels:history/);
});

test("a file with buttons is two messages, of which a lost one is told; a file that is gone is named", async () => {
  await using fake = await startFakeSlack({ channels: CHANNELS });
  const way = await wayTo(fake);
  const folder = mkdtempSync(join(tmpdir(), "openclaw-slack-"));
  try {
    const path = join(folder, "a.txt");
    writeFileSync(path, "all is well");
    const file = { path, contentType: "text/plain", fileName: "a.txt", size: 11, kind: "document" } as const;
    const entry = entryOf({ payload: { text: "well?", buttons: [[{ text: "Yes" }]] }, media: [file] });

    fake.mode("drop", /chat.postMessage/);
    const cut = await deliver({ ...entry, attempts: [NOW] }, way);
    const back = await lookBack({ ...entry, attempts: [DOUBT] }, way);
    fake.mode("ok");
    const sent = await deliver({ ...entry, id: "entry-2", attempts: [NOW] }, way);
    const gone = await deliver(entryOf({ media: [{ ...file, path: join(folder, "b.txt"), fileName: "b.txt" }] }), way);

    assert.deepEqual([cut.outcome, back.outcome, sent.outcome], ["unknown", "unknown", "sent"]);
    assert.match("reason" in back ? back.reason : "", /the file is there, and the buttons are not/);
    assert.equal(sent.outcome === "sent" && sent.messageId, fake.posted[0]?.ts);
    assert.deepEqual(gone, { outcome: "not_sent", retryable: false, reason: "the file b.txt can no longer be read" });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
