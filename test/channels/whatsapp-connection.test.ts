import assert from "node:assert/strict";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { acquireLock } from "openclaw/plugin-sdk";
import { eventually } from "openclaw/plugin-sdk/testing";
import { linkAccount } from "../fakes/whatsapp/linked.ts";
import { ACCOUNT } from "../fakes/whatsapp/server.ts";
import { ANN, startWorld } from "./whatsapp-gateway.ts";

interface Disconnect {
  readonly status?: number;
  readonly error: string;
  readonly loggedOut?: boolean;
}

test("a connection that is cut comes back; what was said meanwhile is answered once, and what waited to go out goes", async () => {
  await using world = await startWorld();
  const { network, client } = world;
  await world.until("connected", ({ connected }) => connected);
  await network.push({ from: ANN, text: "first" });
  await network.said(/the fake model/);

  network.mode("drop");
  network.cut();
  const down = await world.until("down", ({ connected }) => !connected);
  const sending = client.request<{ messageId?: string }>("send", {
    channel: "whatsapp",
    to: ANN,
    message: "mail",
    idempotencyKey: "k",
  });
  network.mode("ok");
  await network.waitFor(() => network.logins === 2);
  await network.push({ from: ANN, text: "while away", offline: true, id: "OFF1" });
  await network.push({ from: ANN, text: "while away", offline: true, id: "OFF1" });
  await network.push({ from: ANN, text: "long ago", offline: true, at: Date.now() - 3_600_000 });

  assert.ok((await sending).messageId);
  await network.waitFor(() => world.model.requests.length === 2);
  assert.match((down["lastDisconnect"] as Disconnect).error, /closed|lost|ended/);
  assert.equal(network.sent.filter(({ text }) => text === "mail").length, 1);
  assert.match(world.prompt(), /while away/);
  await network.push({ from: ANN, text: "last" });
  await network.waitFor(() => world.model.requests.length === 3);
  assert.doesNotMatch(JSON.stringify(world.model.requests), /long ago/);
});

test("a message whose answer was lost goes out again under its id, so that it is shown once", async () => {
  await using world = await startWorld();
  const { network, client } = world;
  await world.until("connected", ({ connected }) => connected);

  network.losesNextAck = true;
  const params = { channel: "whatsapp", to: ANN, message: "mail", idempotencyKey: "k" };
  const { messageId } = await client.request<{ messageId: string }>("send", params, { timeoutMs: 20_000 });

  assert.equal(network.sent.length, 2);
  assert.deepEqual(new Set(network.sent.map(({ id }) => id)), new Set([messageId]));
  assert.deepEqual(new Set(network.sent.map(({ text }) => text)), new Set(["mail"]));
});

test("garbage and refusals of the server are failures like any other", async () => {
  await using world = await startWorld({ prepare: (_, network) => network.mode("garbage") });
  const { network } = world;
  await world.until("tries again", ({ reconnectAttempts }) => Number(reconnectAttempts) >= 1);
  network.mode("server-error");
  await world.until("tries again", ({ reconnectAttempts }) => Number(reconnectAttempts) >= 3);

  network.mode("ok");
  await world.until("connected", ({ connected }) => connected);
  const before = network.logins;
  network.babble();

  await network.waitFor(() => network.logins === before + 1);
  await world.until("connected", ({ connected }) => connected);
  await network.push({ from: ANN, text: "hello" });
  await network.said(/the fake model/);
});

test("logged out: no more attempts, one issue with what to do, and nothing is deleted", async () => {
  await using world = await startWorld({ prepare: (_, network) => network.mode("auth-fail") });
  const status = await world.until("logged out", ({ state }) => state === "logged-out");
  const { network, client, gateway } = world;
  const opened = network.connections;

  const { issues } = await client.request<{ issues: { kind: string; message: string; fix: string }[] }>(
    "channels.status",
    {},
  );

  assert.equal((status["lastDisconnect"] as Disconnect).loggedOut, true);
  assert.equal(issues.length, 1);
  assert.match(issues[0]?.message ?? "", /401 logged out/);
  assert.equal(issues[0]?.fix, "openclaw channels login --channel whatsapp");
  assert.ok(existsSync(join(gateway.stateDir, "credentials", "whatsapp", "default", "creds.json")));
  const send = { channel: "whatsapp", to: ANN, message: "hi", idempotencyKey: "k" };
  await assert.rejects(client.request("send", send), { code: "NOT_LINKED", message: /401 logged out/ });
  assert.equal(status["linked"], false);
  assert.equal(opened, 1);
  assert.equal(network.connections, 1);
});

test("another client on the session: tried again, and people are told; banned: for good; restart: at once", async () => {
  await using world = await startWorld();
  const { network, client } = world;
  await world.until("connected", ({ connected }) => connected);

  network.mode("hang");
  await network.streamError("440", "conflict");
  const conflict = await world.until("conflict", ({ errorKind }) => errorKind === "conflict");
  assert.match(String(conflict.lastError), /another program took over .* \(440 conflict\)/);
  const { issues } = await client.request<{ issues: { fix: string }[] }>("channels.status", {});
  assert.match(issues[0]?.fix ?? "", /stop the other gateway/);
  network.mode("ok");
  network.cut();
  await world.until("connected again", ({ connected }) => connected);

  const before = network.logins;
  await network.streamError("515");
  await network.waitFor(() => network.logins === before + 1);
  await world.until("connected again", ({ connected }) => connected);

  await network.streamError("403");
  const banned = await world.until("failed", ({ state }) => state === "failed");
  assert.match(String(banned.lastError), /403 forbidden.*banned or restricted/);
});

test("credentials that are broken are restored from their copy; with both broken the account wants a login", async () => {
  await using world = await startWorld({
    prepare: (stateDir) => writeFileSync(join(linkAccount(stateDir), "creds.json"), '{"noiseKey":'),
  });
  await world.until("connected", ({ connected }) => connected);
  const folder = join(world.gateway.stateDir, "credentials", "whatsapp", "default");
  const file = join(folder, "creds.json");
  assert.equal((JSON.parse(readFileSync(file, "utf8")) as { me: { id: string } }).me.id, ACCOUNT.jid);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.equal(statSync(folder).mode & 0o777, 0o700);
  assert.match(world.log(), /creds\.json .* could not be read; the copy/);

  await using broken = await startWorld({
    prepare(stateDir) {
      const folder = linkAccount(stateDir);
      writeFileSync(join(folder, "creds.json"), "");
      writeFileSync(join(folder, "creds.json.bak"), "{}");
    },
  });
  const status = await broken.until("logged out", ({ state }) => state === "logged-out");
  assert.match(String(status.lastError), /cannot be read, nor can their copy; link the account again/);
  assert.equal(broken.network.connections, 0);
});

test("an account that is not linked says how to link it; one whose folder is in use says by whom", async () => {
  await using world = await startWorld({ isLinked: false });
  const status = await world.until("not linked", ({ state }) => state === "logged-out");
  assert.match(String(status.lastError), /^not linked to a phone; run `openclaw channels login --channel whatsapp`$/);

  const locks: { release(): void }[] = [];
  await using held = await startWorld({
    prepare: async (stateDir) => {
      locks.push(await acquireLock(join(linkAccount(stateDir), "openclaw.lock")));
    },
  });
  const inUse = await held.until("in use", ({ errorKind }) => errorKind === "conflict");
  assert.match(String(inUse.lastError), new RegExp(`are in use by process ${process.pid}`));
  locks[0]?.release();
  await held.until("connected", ({ connected }) => connected);
});

test("two accounts: one that is broken leaves the other alone, and a change of one does not touch the other", async () => {
  const second = { jid: "15550008888:1@s.whatsapp.net", lid: "7715550008888:1@lid" };
  const accounts = { home: {}, work: { wsUrl: "ws://127.0.0.1:9/ws/chat" } };
  await using world = await startWorld({
    section: { accounts },
    isLinked: false,
    prepare(stateDir) {
      linkAccount(stateDir, { accountId: "home" });
      linkAccount(stateDir, { accountId: "work", account: second });
    },
  });
  const { network, gateway } = world;
  await world.until("home works", ({ connected }) => connected, "home");
  await world.until("work does not", ({ reconnectAttempts }) => Number(reconnectAttempts) >= 1, "work");
  await network.push({ from: ANN, text: "hello" });
  await network.said(/the fake model/);

  gateway.writeConfig(world.config({ accounts: { ...accounts, work: {} } }));

  await world.until("work works", ({ connected }) => connected, "work");
  assert.equal(network.logins, 2);
  gateway.writeConfig({ ...world.config({ accounts: { home: {}, work: {} } }), web: { heartbeatSeconds: 30 } });
  await network.waitFor(() => network.logins === 4);
});

test("a server in the network's place must be on this machine or encrypted; web.enabled turns the channel off", async () => {
  await using world = await startWorld({ section: { wsUrl: "ws://chat.example/ws" } });
  const status = await world.until("not configured", ({ configured }) => !configured);
  assert.match(String(status.lastError), /^wsUrl must be .*wss:\/\/.*this machine only/);

  world.gateway.writeConfig({ ...world.config({}), web: { enabled: false } });
  await world.until("off", ({ lastError }) => /web\.enabled is false/.test(String(lastError)));
  assert.equal(world.network.connections, 0);
});

test("a logout tells the network, removes the files of that account and leaves the others' alone", async () => {
  await using world = await startWorld({
    prepare: (stateDir) => void linkAccount(stateDir, { accountId: "other" }),
  });
  const { network, client, gateway } = world;
  await world.until("connected", ({ connected }) => connected);
  const folder = join(gateway.stateDir, "credentials", "whatsapp");

  const answer = await client.request("channels.logout", { channel: "whatsapp" });

  assert.deepEqual(answer, { channel: "whatsapp", accountId: "default", cleared: true, loggedOut: true });
  await network.waitFor(() => network.seen("logout").length === 1);
  assert.equal(existsSync(join(folder, "default", "creds.json")), false);
  assert.equal(existsSync(join(folder, "default", "creds.json.bak")), false);
  assert.equal(existsSync(join(folder, "other", "creds.json")), true);
  const status = await world.until("logged out", ({ state }) => state === "logged-out");
  assert.match(String(status.lastError), /not linked to a phone/);
  assert.deepEqual(await client.request("channels.logout", { channel: "whatsapp" }), {
    channel: "whatsapp",
    accountId: "default",
    cleared: false,
    loggedOut: false,
  });
});

test("a stop while the network hangs takes less than five seconds and says nothing bad", async () => {
  const world = await startWorld({ prepare: (_, network) => network.mode("hang") });
  await world.network.waitFor(() => world.network.connections === 1);

  const startedAt = performance.now();
  await world.gateway.run.stop("test", undefined);
  const tookMs = performance.now() - startedAt;

  assert.ok(tookMs < 5_000, `${tookMs} ms`);
  assert.doesNotMatch(world.log(), /"level":"(error|fatal)"/);
  await world[Symbol.asyncDispose]();
});

test("an unknown key of the section is named, and a name is no number", async () => {
  await using world = await startWorld();
  const { client } = world;
  await world.until("connected", ({ connected }) => connected);
  const { hash } = await client.request<{ hash: string }>("config.get", {});
  const issues = async (whatsapp: object) => {
    const raw = JSON.stringify({ channels: { whatsapp } });
    const refused = client.request("config.patch", { raw, baseHash: hash });
    return refused.then(
      () => "nothing",
      (error: { readonly details?: unknown }) => JSON.stringify(error.details),
    );
  };

  assert.match(await issues({ bogus: 1 }), /channels\.whatsapp\.bogus.*Unrecognized key/);
  assert.match(await issues({ allowFrom: ["ann"] }), /channels\.whatsapp\.allowFrom/);
  assert.match(await issues({ groups: { "My group": { requireMention: false } } }), /channels\.whatsapp\.groups/);
  await eventually("still there", async () => (await world.status()).connected);
});
