import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually } from "openclaw/plugin-sdk/testing";
import { FAKE_APP } from "../fakes/slack-server.ts";
import { ANN, BOB, ROOM, startSlack } from "./slack-gateway.ts";
import type { Setup } from "./slack-gateway.ts";

const HTTP = { mode: "http", appToken: undefined, signingSecret: FAKE_APP.signingSecret };

/** Posts to the gateway as Slack does. */
function poster({ gateway, fake }: Setup, path = "/slack/events") {
  return async (
    body: string | object,
    options: Parameters<typeof fake.signed>[1] & { readonly headers?: object } = {},
  ) => {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const headers = { ...fake.signed(text, options), ...options.headers } as Record<string, string>;
    const response = await fetch(`http://127.0.0.1:${gateway.port}${path}`, { method: "POST", body: text, headers });
    return { status: response.status, text: await response.text() };
  };
}

function message(text: string, more: object = {}) {
  return {
    type: "message",
    channel_type: "im",
    channel: "D0ANN00001",
    user: ANN.id,
    text,
    ts: `${(Date.now() / 1_000).toFixed(6)}`,
    ...more,
  };
}

test("signed requests come in and are answered; retries and replays of one are the same message", async () => {
  await using at = await startSlack({ slack: HTTP });
  const account = await at.connected();
  const post = poster(at);

  const event = at.fake.eventBody(message("hello"));
  const first = await post(event);
  const repeated = await post(event, { headers: { "x-slack-retry-num": "1", "x-slack-retry-reason": "http_timeout" } });
  await at.posts(1);
  const verified = await post({ type: "url_verification", challenge: "c-1", token: "t" });

  assert.equal(account["mode"], "http");
  assert.deepEqual([first.status, repeated.status, verified.status], [200, 200, 200]);
  assert.deepEqual(JSON.parse(verified.text), { challenge: "c-1" });
  assert.equal(at.fake.socket.opened, 0);
  assert.equal((await at.turns("agent:main:main")).length, 1);
});

test("a request with another body, secret or time than was signed is refused before anything is looked at", async () => {
  await using at = await startSlack({ slack: HTTP });
  await at.connected();
  const post = poster(at);
  const body = JSON.stringify(at.fake.eventBody(message("hello")));
  const now = Math.floor(Date.now() / 1_000);
  const signed = at.fake.signed(body);

  const statuses = [
    await post(body, { secret: "another secret of some length" }),
    await post(body, { at: now - 301 }),
    await post(body, { at: now + 360 }),
    await post(body, { headers: { "x-slack-signature": "v0=" } }),
    await post(body, { headers: { "x-slack-signature": String(signed["x-slack-signature"]).slice(0, -1) } }),
    await post(body.replace("hello", "hellp"), { headers: signed }),
    await post(`${body} `, { headers: signed }),
    await post("ssl_check=1", { secret: "another secret of some length", type: "application/x-www-form-urlencoded" }),
  ].map(({ status }) => status);
  const bare = await fetch(`http://127.0.0.1:${at.gateway.port}/slack/events`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
  });
  const got = await fetch(`http://127.0.0.1:${at.gateway.port}/slack/events`);
  const elsewhere = await poster(at, "/slack/events/other")(body);
  const garbage = await post("{");

  assert.deepEqual(
    statuses,
    Array.from({ length: 8 }, () => 401),
  );
  assert.deepEqual([bare.status, got.status, elsewhere.status, garbage.status], [401, 405, 404, 400]);
  assert.deepEqual(await at.turns("agent:main:main"), []);
  assert.equal((await post(body)).status, 200);
  await at.posts(1);
});

test("slash commands and buttons come as forms", async () => {
  await using at = await startSlack({
    slack: { ...HTTP, slashCommand: { enabled: true }, channels: { [ROOM]: { users: [ANN.id] } } },
  });
  await at.connected();
  const post = poster(at);
  const type = "application/x-www-form-urlencoded";
  const command = new URLSearchParams({
    command: "/openclaw",
    text: "whoami",
    user_id: ANN.id,
    user_name: "ann",
    channel_id: ROOM,
    channel_name: "plans",
    trigger_id: "1.2.abc",
    response_url: `${new URL(at.fake.url).origin}/commands/1`,
  });
  const press = {
    type: "block_actions",
    user: { id: ANN.id },
    channel: { id: ROOM },
    container: { message_ts: "1700000000.000001", channel_id: ROOM },
    trigger_id: "1.3.abc",
    actions: [{ action_id: "oc:0:0", value: "hello", action_ts: "1.1" }],
  };

  assert.equal((await post(command.toString(), { type })).status, 200);
  const answer = await at.fake.waitFor(({ method }) => method === "/commands/1");
  assert.equal((await post(new URLSearchParams({ payload: JSON.stringify(press) }).toString(), { type })).status, 200);
  await at.posts(1);

  assert.match(String(answer.args["text"]), /^Your id on slack: u0ann00001/i);
  assert.equal(answer.args["response_type"], "ephemeral");
  assert.equal(at.fake.posted[0]?.channel, ROOM);
});

test("without a secret, or with the path of another account, an account does not listen and says why", async () => {
  const accounts = {
    first: { botToken: FAKE_APP.botToken },
    second: { botToken: "xoxb-2-second" },
    third: { botToken: "xoxb-3-third", signingSecret: "   " },
    fourth: { botToken: "xoxb-4-fourth", webhookPath: "/elsewhere" },
  };
  const second = { ...FAKE_APP, botToken: "xoxb-2-second", userId: "U0SECOND01", botId: "B0SECOND01" };
  await using at = await startSlack({
    slack: { ...HTTP, botToken: undefined, accounts },
    fake: { apps: [FAKE_APP, second] },
  });
  const issue = await eventually("the second is refused", async () =>
    (await at.issues()).find(({ message: text }) => /has the same webhookPath: \/slack\/events/.test(text)),
  );
  const [third, fourth] = [await at.account("third"), await at.account("fourth")];

  assert.match(issue.fix ?? "", /a webhookPath of its own/);
  assert.match(
    String(third["lastError"]),
    /channels\.slack\.accounts\.third\.signingSecret must be the signing secret/,
  );
  assert.match(String(fourth["lastError"]), /webhookPath must be \/slack\/events or below it/);
  // Whichever of the two was first is heard.
  const status = (await poster(at)(at.fake.eventBody(message("hello", { user: BOB.id })))).status;
  assert.equal(status, 200);
});
