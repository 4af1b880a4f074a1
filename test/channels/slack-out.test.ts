import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { eventually } from "openclaw/plugin-sdk/testing";
import { modelConfig, startFakeOpenAi } from "../fakes/openai-server.ts";
import { directId } from "../fakes/slack-server.ts";
import { ANN, BOB, ROOM, startSlack } from "./slack-gateway.ts";
import type { Setup } from "./slack-gateway.ts";

const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

let keys = 0;

function send({ client }: Setup, message: string, more: object = {}): Promise<Record<string, unknown>> {
  const params = { channel: "slack", to: `channel:${ROOM}`, message, idempotencyKey: `o${++keys}` };
  return client.request("send", { ...params, ...more });
}

test("a file is saved and shown to the model; one that is too large, elsewhere, or of a stranger, is not fetched", async () => {
  await using model = await startFakeOpenAi();
  model.otherwise = (reply) => {
    reply.text("seen");
    reply.end();
  };
  const slack = { mediaMaxMb: 0.001, dmPolicy: "allowlist" };
  await using at = await startSlack({ slack, rest: modelConfig(model) });
  await at.connected();
  const file = (id: string, name: string, size: number, url: string) => ({
    id,
    name,
    size,
    mimetype: "image/png",
    url_private: url,
    url_private_download: url,
  });
  const cat = file("F1", "cat.png", PNG.length, at.fake.file("cat.png", PNG, "image/png"));
  const login = at.fake.file("login", Buffer.from("<html>log in</html>"), "text/html; charset=utf-8");
  const files = [
    cat,
    file("F2", "huge.png", 9_000_000, cat.url_private),
    file("F3", "far.png", 9, "https://evil.example/a.png"),
    file("F4", "page.png", 9, login),
  ];

  at.fake.file("dog.png", PNG, "image/png", "F5");

  at.fake.says({ from: BOB, text: "look", subtype: "file_share", files: [cat] });
  const shared = { id: "F5", name: "dog.png", file_access: "check_file_info" };
  at.fake.says({ from: ANN, text: "look", subtype: "file_share", files: [...files, shared] });
  await at.posts(1);

  const folder = join(at.gateway.stateDir, "media", "inbound");
  const names = readdirSync(folder);
  assert.deepEqual(names.map((name) => name.replace(/---.*/, "")).toSorted(), ["cat", "dog"]);
  for (const name of names) assert.deepEqual(readFileSync(join(folder, name)), PNG);
  const asked = JSON.stringify(model.requests[0]?.body);
  assert.match(asked, /data:image\/png;base64,iVBOR/);
  assert.match(asked, /the attachment huge.png was too large/);
  for (const name of ["far.png", "page.png"])
    assert.ok(asked.includes(`the attachment ${name} could not be downloaded`), name);
  const fetched = at.fake.calls.filter(({ method }) => method.startsWith("/files-pri/"));
  assert.ok(fetched.every(({ token }) => token?.startsWith("xoxb-")));
});

test("a file goes out with its text, and is a message that can be named; what Slack refuses is said", async () => {
  await using at = await startSlack();
  await at.connected();
  const workspace = join(at.gateway.stateDir, "workspace");
  mkdirSync(workspace, { recursive: true });
  writeFileSync(join(workspace, "cat.png"), PNG);

  const sent = await send(at, "a **cat**", { mediaUrl: "cat.png" });
  at.fake.answerOnce(/files.getUploadURLExternal/, { ok: false, error: "missing_scope", needed: "files:write" });
  await assert.rejects(
    send(at, "another", { mediaUrl: "cat.png" }),
    /missing_scope: add files:write to the bot token scopes/,
  );
  at.fake.mode("server-error", /^\/upload\//);
  const third = send(at, "a third", { mediaUrl: "cat.png" });
  await at.fake.waitFor(({ method }) => method.startsWith("/upload/"));
  at.fake.mode("ok");
  await third;

  const files = [{ name: "cat.png", size: PNG.length }];
  assert.deepEqual(
    at.fake.shared.map(({ ts: _ts, ...one }) => one),
    [
      { channel: ROOM, text: "a *cat*", files },
      { channel: ROOM, text: "a third", files },
    ],
  );
  assert.match(String(sent["messageId"]), /^\d+\.\d{6}$/);
  assert.deepEqual(at.fake.posted, []);
});

test("an emoji, another text and the removal are done to the message that is named, where that is not off", async () => {
  await using at = await startSlack();
  await at.connected();
  const { messageId } = await send(at, "news");
  const act = (action: string, more: object = {}) =>
    at.client.request(`message.${action}`, {
      channel: "slack",
      to: `channel:${ROOM}`,
      messageId,
      idempotencyKey: `o${++keys}`,
      ...more,
    });

  await act("react", { emoji: "👍" });
  await act("react", { emoji: ":party_parrot:" });
  at.fake.answerOnce(/reactions.add/, { ok: false, error: "already_reacted" });
  await act("react", { emoji: "eyes" });
  await act("react", { emoji: "" });
  await act("edit", { message: "**new** news" });
  await act("delete");
  await act("delete");
  const done = at.fake.calls.filter(({ method }) => /^reactions\.(add|remove)|^chat\.(update|delete)/.test(method));
  assert.deepEqual(
    done.map(({ method, args }) => [method, args["name"] ?? args["text"] ?? args["ts"]]),
    [
      ["reactions.add", "+1"],
      ["reactions.add", "party_parrot"],
      ["reactions.add", "eyes"],
      ["reactions.remove", "eyes"],
      ["chat.update", "*new* news"],
      ["chat.delete", messageId],
      ["chat.delete", messageId],
    ],
  );
  await assert.rejects(act("react", { emoji: "🫨🫨" }), {
    code: "INVALID_REQUEST",
    message: /invalid_name: Slack has no emoji/,
  });
  await assert.rejects(act("edit", { message: "x", messageId: "12" }), /"12" is not the id of a message of Slack/);
  at.configure({ actions: { reactions: false, messages: false } });
  await eventually("it is off", async () =>
    act("react", { emoji: "👍" }).then(
      () => false,
      (error: Error) => /channels\.slack\.actions\.reactions is off/.test(error.message),
    ),
  );
  await assert.rejects(act("delete"), /actions\.messages is off/);
});

test("a wait that Slack asks for is kept, and a message whose answer was lost is found instead of sent twice", async () => {
  await using at = await startSlack();
  await at.connected();

  at.fake.mode("rate-limit", /chat.postMessage/);
  await send(at, "patient");
  const [first, second] = at.fake.calls.filter(({ method }) => method === "chat.postMessage");
  assert.ok(Number(second?.at) - Number(first?.at) >= 1_000);

  at.fake.mode("lost", /chat.postMessage/);
  const found = await send(at, "once");
  at.fake.mode("drop", /chat.postMessage/);
  const sending = send(at, "later", { threadId: "1700000000.000001" });
  await eventually("it was looked for", () => at.fake.calls.some(({ method }) => method === "conversations.replies"));
  at.fake.mode("ok");
  await sending.catch(() => undefined);

  assert.equal(found["messageId"], at.fake.posted[1]?.ts);
  assert.equal(at.fake.posted.filter(({ text }) => text === "once").length, 1);
  assert.ok(at.fake.posted.filter(({ text }) => text === "later").length <= 1);
  const direct = await send(at, "hello", { to: `slack:${BOB.id}` });
  assert.equal(direct["chatId"], directId(BOB.id));
});
