import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually } from "openclaw/plugin-sdk/testing";
import { FAKE_APP, startFakeSlack } from "../fakes/slack-server.ts";
import { ANN, BOB, CHANNELS, OTHER, ROOM, startSlack } from "./slack-gateway.ts";

const ME = `<@${FAKE_APP.userId}>`;

test("a lost socket is opened anew, what was said meanwhile is answered once, and strangers get no code for it", async () => {
  await using at = await startSlack({ slack: { channels: { [ROOM]: { users: [ANN.id] } } } });
  await at.connected();
  at.fake.says({ from: ANN, text: "hello" });
  at.fake.says({ from: ANN, text: `${ME} hello`, channel: ROOM });
  at.fake.says({ from: BOB, text: "hello" });
  await at.posts(3);
  await eventually("all is acknowledged", () => at.fake.socket.sent.every((one) => at.fake.socket.isAcked(one)));

  const before = at.fake.socket.sent.at(0);
  at.fake.socket.drop();
  at.fake.missed({ from: ANN, text: "hello, are you there?" });
  at.fake.missed({ from: ANN, text: `${ME} and here?`, channel: ROOM });
  at.fake.missed({ from: BOB, text: "let me in" });
  await eventually("a new socket", () => at.fake.socket.opened === 2);
  if (before) at.fake.socket.send(before);
  await at.posts(5);
  at.fake.says({ from: ANN, text: "hello again" });
  await at.posts(6);

  assert.equal((await at.turns("agent:main:main")).length, 3);
  const codes = at.fake.posted.map(({ text }) => String(text)).filter((text) => /Pairing code/.test(text));
  assert.equal(codes.length, 1);
  assert.ok(codes[0]?.includes(`Your Slack user id: ${BOB.id}\n`));
});

test("a server that says goodbye is left for the next one at once, and the bot is not asked for anew", async () => {
  await using at = await startSlack();
  await at.connected();

  at.fake.socket.asksToRefresh();
  await eventually("a new socket", () => at.fake.socket.opened === 2);
  await at.connected();
  at.fake.says({ from: ANN, text: "hello" });
  await at.posts(1);

  assert.equal(at.fake.calls.filter(({ method }) => method === "auth.test").length, 1);
});

test("answers that are none of Slack's are asked for again, and frames of nonsense break nothing", async () => {
  const loose: unknown[] = [];
  const note = (error: unknown) => loose.push(error);
  process.on("unhandledRejection", note);
  try {
    await using fake = await startFakeSlack({ users: [ANN], channels: CHANNELS });
    fake.mode("garbage");
    await using at = await startSlack({ with: fake });
    const said = (text: RegExp) =>
      eventually(String(text), async () => text.test(String((await at.account())["lastError"])));
    await said(/the answer is not one of Slack/);
    fake.mode("server-error", /apps.connections.open/);
    await said(/Slack answered 503/);
    fake.mode("ok");
    await at.connected();
    const frames = [
      { type: "events_api" },
      { type: "events_api", payload: null },
      { type: "interactive", payload: {} },
    ];
    for (const frame of [...frames, { type: "hello" }, null, 7, []]) fake.socket.raw(JSON.stringify(frame));
    fake.socket.raw("<html>");
    fake.says({ from: ANN, text: "hello" });
    await at.posts(1);

    const plugin = at.gateway.run.plugins().find(({ id }) => id === "slack");
    assert.deepEqual([plugin?.state, plugin?.faults], ["active", 0]);
    assert.deepEqual(loose, []);
    assert.equal(fake.socket.opened, 1);
  } finally {
    process.off("unhandledRejection", note);
  }
});

test("tokens that Slack refuses end an account with one clear issue, and nothing is asked again", async () => {
  const cases = [
    [
      /auth.test/,
      "invalid_auth",
      /refuses the bot token \(invalid_auth\)/,
      /"OAuth & Permissions".*channels\.slack\.botToken/,
    ],
    [/auth.test/, "token_revoked", /refuses the bot token \(token_revoked\)/, /botToken/],
    [/apps.connections.open/, "invalid_auth", /refuses the app token/, /App-Level Tokens.*channels\.slack\.appToken/],
    [/apps.connections.open/, "not_allowed_token_type", /of the wrong kind/, /begins with xoxb-/],
    [
      /apps.connections.open/,
      "missing_scope",
      /opens no connection: missing_scope: add connections:write/,
      /Socket Mode/,
    ],
  ] as const;
  await using at = await startSlack({ slack: { enabled: false } });
  for (const [method, error, message, fix] of cases) {
    at.fake.answerOnce(method, { ok: false, error, needed: "connections:write" });
    const before = at.fake.calls.length;
    at.configure({});
    const issue = await eventually(error, async () => (await at.issues()).find((one) => message.test(one.message)));

    assert.equal(issue.kind, "auth");
    assert.match(issue.fix ?? "", fix);
    assert.equal((await at.account())["state"], "failed");
    assert.ok(at.fake.calls.length - before < 3);
    at.configure({ enabled: false });
    await eventually("it is off", async () => (await at.issues()).length === 0);
  }
  at.configure({});
  await at.connected();
  at.fake.answerOnce(/chat.postMessage/, { ok: false, error: "account_inactive" });
  at.fake.says({ from: ANN, text: "hello" });
  await eventually("the account ends", async () => (await at.account())["state"] === "failed");
  assert.equal(at.fake.socket.open, 0);
});

test("of two accounts one is broken and the other works; two with one token are told apart", async () => {
  const work = {
    ...FAKE_APP,
    botToken: "xoxb-2-work",
    appToken: "xapp-2-work",
    userId: "U0WORKER01",
    botId: "B0WORKER01",
  };
  await using fake = await startFakeSlack({ apps: [FAKE_APP, work], users: [ANN], channels: CHANNELS });
  const accounts = {
    broken: { botToken: "xoxb-wrong" },
    home: {},
    work: { botToken: work.botToken, appToken: work.appToken },
  };
  await using at = await startSlack({ with: fake, slack: { accounts } });
  await at.connected("home");
  await at.connected("work");
  const issues = await eventually("the issue", async () => {
    const found = await at.issues();
    return found.length > 0 && found;
  });

  fake.says({ from: ANN, text: "hello", to: work.userId });
  await eventually("the answer of the right bot", () => fake.posted.length === 1);

  assert.deepEqual(
    issues.map(({ accountId, kind }) => [accountId, kind]),
    [["broken", "auth"]],
  );
  assert.equal(fake.posted[0]?.["user"], work.userId);
  const opened = fake.socket.opened;
  at.configure({ accounts: { ...accounts, broken: { botToken: work.botToken } } });
  await eventually("the conflict", async () =>
    (await at.issues()).some(({ message }) => message === 'the account "work" has the same bot token'),
  );
  assert.equal(fake.socket.opened, opened);
});

test("a probe tells who the bot is; what the configuration lacks is said before anything is asked", async () => {
  await using at = await startSlack();
  await at.connected();
  interface Probed {
    readonly channelAccounts: { readonly slack: readonly { readonly probe: Record<string, unknown> }[] };
  }
  const { channelAccounts } = await at.client.request<Probed>("channels.status", { probe: true });
  const { elapsedMs, scopes, ...probe } = channelAccounts.slack[0]?.probe ?? {};

  assert.deepEqual(probe, {
    ok: true,
    status: 200,
    bot: { id: FAKE_APP.userId, name: "clawd" },
    team: { id: FAKE_APP.teamId, name: "Team" },
  });
  assert.deepEqual([typeof elapsedMs, scopes], ["number", FAKE_APP.scopes]);
  for (const [keys, text] of [
    [{ botToken: undefined }, /no bot token; set channels\.slack\.botToken or SLACK_BOT_TOKEN/],
    [{ appToken: undefined }, /no app token; set channels\.slack\.appToken or SLACK_APP_TOKEN/],
    [{ appToken: "xoxb-1" }, /appToken holds a bot token/],
    [{ apiRoot: "http://slack.example/api/" }, /channels\.slack\.apiRoot must be .* for this machine only/],
    [{ mode: "http" }, /signingSecret must be the signing secret/],
  ] as const) {
    at.configure(keys);
    await eventually(String(text), async () => text.test(String((await at.account())["lastError"])));
  }
  at.configure({ channels: { "#plans": {}, [OTHER]: {} } });
  await eventually("names open nothing", async () =>
    (await at.issues()).some(({ message }) => message.startsWith('"#plans" in channels.slack.channels is no id')),
  );
  at.configure({ allowFrom: ["@ann"] });
  await eventually("names let nobody in", async () =>
    (await at.issues()).some(({ message }) => /Copy member ID/.test(message)),
  );
});
