import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { eventually } from "openclaw/plugin-sdk/testing";
import { startFakeDiscord } from "../fakes/discord-server.ts";
import { ANN, startDiscord, TEAM } from "./discord-gateway.ts";

test("a gateway that refuses sockets, hangs or talks nonsense is left and tried again, without a storm", async () => {
  await using at = await startDiscord({ discord: { enabled: false } });
  at.fake.gateway.mode = "refuse";
  at.configure({ enabled: true });
  const account = await eventually(
    "it gives up and tries again",
    async () => {
      const one = await at.account();
      return one["state"] === "reconnecting" && one["lastStopAt"] !== null && one;
    },
    20_000,
  );

  assert.match(String(account["lastError"]), /keeps closing the connection/);
  assert.ok(at.fake.gateway.opened <= 8, String(at.fake.gateway.opened));
  at.fake.gateway.mode = "ok";
  await at.connected();
});

test("what the library throws where nobody waits for it is no fault of the process or of the plugin", async () => {
  const loose: unknown[] = [];
  const note = (error: unknown) => loose.push(error);
  process.on("unhandledRejection", note);
  try {
    await using at = await startDiscord();
    await at.connected();
    for (const frame of [{ op: 9, d: null }, { op: 10, d: null }, { op: 0, s: 1, t: "READY", d: null }, [], 7, null])
      at.fake.gateway.raw(JSON.stringify(frame));
    at.fake.says({ from: ANN, text: "hello" });
    await at.posts(1);

    const plugin = at.gateway.run.plugins().find(({ id }) => id === "discord");
    assert.equal(plugin?.state, "active");
    assert.equal(plugin.faults, 0);
    assert.deepEqual(loose, []);
  } finally {
    process.off("unhandledRejection", note);
  }
});

test("an account that is stopped while the library is about to connect anew stays stopped", async () => {
  await using at = await startDiscord();
  await at.connected();

  at.fake.gateway.drop();
  await eventually("the loss is noticed", async () => (await at.account())["connected"] === false);
  at.configure({ enabled: false });
  await eventually("it is stopped", async () => (await at.account())["accountId"] === undefined);
  const opened = at.fake.gateway.opened;
  at.configure({ enabled: true });
  await at.connected();
  at.fake.says({ from: ANN, text: "hello" });
  await at.posts(1);

  assert.equal(at.fake.gateway.opened, opened + 1);
  assert.equal(at.fake.gateway.open, 1);
});

test("answers that are none of Discord's start nothing and break nothing", async () => {
  for (const mode of ["garbage", "server-error", "drop"] as const) {
    await using fake = await startFakeDiscord();
    fake.mode(mode);
    await using at = await startDiscord({ with: fake });

    await eventually("it tries again", async () => (await at.account())["state"] === "reconnecting");
    fake.mode("ok");
    await at.connected();
    assert.equal((await at.account())["lastError"], null);
  }
});

test("events that make no sense, and ones that the library cannot read, leave the account as it is", async () => {
  await using at = await startDiscord();
  await at.connected();

  for (const t of [
    "GUILD_CREATE",
    "MESSAGE_CREATE",
    "MESSAGE_UPDATE",
    "MESSAGE_REACTION_ADD",
    "INTERACTION_CREATE",
    "CHANNEL_CREATE",
  ])
    for (const d of [{}, { id: 5, channel_id: [] }, { guild_id: "1", members: null, author: "x" }])
      at.fake.push({ t, d });
  at.fake.says({ from: ANN, text: "hello" });
  await at.posts(1);

  assert.equal((await at.account())["connected"], true);
  assert.equal(at.fake.gateway.opened, 1);
  assert.equal(at.gateway.run.plugins().find(({ id }) => id === "discord")?.state, "active");
});

test("a stop with an open socket and a request under way is quick, and leaves no socket", async () => {
  await using fake = await startFakeDiscord({ guilds: [TEAM] });
  const at = await startDiscord({ with: fake });
  await at.connected();
  fake.mode("hang");
  fake.says({ from: ANN, text: "hello" });
  await fake.waitFor(({ path }) => path.endsWith("/typing") || path.endsWith("/messages"));

  const began = performance.now();
  at.configure({ enabled: false });
  await eventually("no socket is left", () => fake.gateway.open === 0);
  assert.ok(performance.now() - began < 5_000);
  const folder = join(at.gateway.stateDir, "logs");
  const lines = readdirSync(folder).flatMap((name) => readFileSync(join(folder, name), "utf8").split("\n"));
  assert.deepEqual(
    lines.filter((line) => line.includes('"level":"error"')),
    [],
  );
  // What the outbox has under way ends with the server.
  await fake.close();
  await at[Symbol.asyncDispose]();
});
