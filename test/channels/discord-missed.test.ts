import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { startFakeDiscord } from "../fakes/discord-server.ts";
import { ANN, GUILD, ROOM, startDiscord, TEAM } from "./discord-gateway.ts";

test("a session that cannot be resumed begins anew, and what was said meanwhile is answered once", async () => {
  const guilds = { [GUILD]: { requireMention: false, users: [ANN.id], channels: { [ROOM]: {} } } };
  await using at = await startDiscord({ discord: { guilds } });
  await at.connected();
  at.fake.says({ from: ANN, text: "hello" });
  at.fake.says({ from: ANN, text: "hello", channelId: ROOM, guildId: GUILD });
  await at.posts(2);

  at.fake.gateway.forgets = true;
  at.fake.missed({ from: ANN, text: "hello from before" });
  at.fake.missed({ from: ANN, text: "hello from the room", channelId: ROOM, guildId: GUILD });
  at.fake.mode("rate-limit", /GET .*messages/);
  at.fake.gateway.drop();
  await at.posts(4);

  assert.equal(at.fake.gateway.count(2), 2);
  assert.equal(at.fake.posted.length, 4);
});

test("what was said while the gateway was away is answered after its start, once", async () => {
  const home = mkdtempSync(join(tmpdir(), "openclaw-discord-"));
  await using fake = await startFakeDiscord({ guilds: [TEAM] });
  try {
    {
      await using at = await startDiscord({ with: fake, home });
      await at.connected();
      fake.says({ from: ANN, text: "hello" });
      await at.posts(1);
    }
    fake.missed({ from: ANN, text: "hello again" });
    {
      await using at = await startDiscord({ with: fake, home });
      await at.connected();
      await at.posts(2);
      fake.says({ from: ANN, text: "hello once more" });
      await at.posts(3);
      assert.equal(fake.posted.length, 3);
    }
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});
