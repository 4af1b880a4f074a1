import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { eventually } from "openclaw/plugin-sdk/testing";
import { ANN, BOB, GROUP, startWorld } from "./whatsapp-gateway.ts";

const CHAT = `${ANN.slice(1)}@s.whatsapp.net`;

test("a linked account connects, says who it is, and answers a person; the message is marked as read", async () => {
  await using world = await startWorld();
  const { network } = world;
  const status = await world.until("connected", ({ connected }) => connected);

  assert.deepEqual(status["self"], { e164: "+15550009999", jid: "15550009999:3@s.whatsapp.net" });
  assert.equal(status["linked"], true);
  assert.equal(typeof status["authAgeMs"], "number");
  for (const method of ["health", "status"]) {
    const { linkChannel } = await world.client.request<{ linkChannel: { authAgeMs: unknown } }>(method, {
      probe: true,
    });
    assert.equal(typeof linkChannel.authAgeMs, "number");
    assert.deepEqual(
      { ...linkChannel, authAgeMs: 0 },
      { id: "whatsapp", label: "WhatsApp", linked: true, authAgeMs: 0 },
    );
  }

  const id = await network.push({ from: ANN, text: "hello there", name: "Ann" });
  const answer = await network.said(/the fake model/);

  assert.equal(answer.to, CHAT);
  assert.match(world.prompt(), /^\[WhatsApp Ann id:\+15551110000 .*\] hello there/);
  await network.waitFor(() =>
    network.seen("receipt").find(({ attrs }) => attrs["type"] === "read" && attrs["id"] === id && attrs["to"] === CHAT),
  );
  await network.waitFor(() =>
    network.seen("presence").find(({ tag, attrs }) => tag === "chatstate" && attrs["to"] === CHAT),
  );
  assert.equal(typeof (await world.status())["lastMessageAt"], "number");
});

test("in a group a mention, a quote of us or our number is answered, with what was said before; others are not heard", async () => {
  await using world = await startWorld({
    section: { groups: { [GROUP]: {} }, groupAllowFrom: [ANN] },
    more: { session: { dmScope: "main" } },
  });
  const { network } = world;
  await network.push({ from: ANN, group: "120363000000000099@g.us", text: "@15550009999 here" });
  await network.push({ from: BOB, group: GROUP, text: "@15550009999 me" });
  await network.push({ from: ANN, group: GROUP, text: "the plan is lunch", name: "Ann" });
  await world.until("three are refused", ({ dropped }) => {
    const counts = dropped as Record<string, number> | undefined;
    return counts?.["group-not-listed"] === 1 && counts["group-sender"] === 1 && counts["no-mention"] === 1;
  });
  assert.equal(world.model.requests.length, 0);

  const contextInfo = { mentionedJid: ["7715550009999@lid"] };
  await network.push({
    from: ANN,
    group: GROUP,
    message: { extendedTextMessage: { text: "@bot what is it?", contextInfo } },
  });
  const answer = await network.said(/the fake model/, GROUP);

  assert.equal(answer.to, GROUP);
  assert.match(
    world.prompt(),
    /Ann: the plan is lunch[\s\S]*\[WhatsApp Team id:120363000000000001@g\.us .*\+15551110000\): @bot what is it\?/,
  );

  const quote = {
    stanzaId: "X1",
    participant: "15550009999@s.whatsapp.net",
    quotedMessage: { conversation: "as I said" },
  };
  await network.push({
    from: ANN,
    group: GROUP,
    message: { extendedTextMessage: { text: "why?", contextInfo: quote } },
  });
  await network.waitFor(() => world.model.requests.length === 2);
  assert.match(world.prompt(), /as I said/);
});

test("a command in a group needs the right to it and no mention; behind a mention it is one still", async () => {
  await using world = await startWorld({
    section: { groups: { "*": {} }, groupPolicy: "open", groupAllowFrom: [ANN] },
  });
  const { network } = world;
  await network.push({ from: BOB, group: GROUP, text: "/whoami" });
  await world.until(
    "refused",
    ({ dropped }) => (dropped as Record<string, number> | undefined)?.["command-unauthorized"] === 1,
  );
  await network.push({ from: ANN, group: GROUP, text: "@15550009999 /whoami" });

  const answer = await network.said(/Your id on whatsapp/);

  assert.match(answer.text, /\+15551110000/);
  assert.equal(network.sent.length, 1);
});

test("send: one message for one key, under an id made of the entry; what WhatsApp cannot do is refused by name", async () => {
  await using world = await startWorld();
  const { client, network } = world;
  await world.until("connected", ({ connected }) => connected);
  const params = { channel: "whatsapp", to: "whatsapp:+1 (555) 222-0000", message: "mail", idempotencyKey: "k1" };

  const first = await client.request<{ messageId: string; chatId: string }>("send", params);
  const second = await client.request<{ messageId: string }>("send", params);

  assert.match(first.messageId, /^3EB0[0-9A-F]{18}$/);
  assert.equal(first.chatId, "15552220000@s.whatsapp.net");
  assert.equal(second.messageId, first.messageId);
  assert.deepEqual(
    network.sent.map(({ id, to, text }) => ({ id, to, text })),
    [{ id: first.messageId, to: "15552220000@s.whatsapp.net", text: "mail" }],
  );
  for (const method of ["message.edit", "message.delete"]) {
    const asked = { channel: "whatsapp", to: BOB, messageId: first.messageId, idempotencyKey: method };
    const unsupported = client.request(method, { ...asked, ...(method === "message.edit" && { message: "x" }) });
    await assert.rejects(unsupported, { code: "INVALID_REQUEST", message: /WhatsApp/ });
  }
  const bad = client.request("send", { ...params, to: "ann", idempotencyKey: "k2" });
  await assert.rejects(bad, { code: "INVALID_REQUEST", message: /Unknown target "ann" for WhatsApp.*\+15551234567/ });
});

test("a poll has its options; with polls off it is refused", async () => {
  await using world = await startWorld({ section: { actions: { polls: true } } });
  const { client, network } = world;
  await world.until("connected", ({ connected }) => connected);
  const params = { channel: "whatsapp", to: GROUP, question: "Lunch?", options: ["Soup", "Salad"], maxSelections: 2 };

  await client.request("poll", { ...params, idempotencyKey: "p1" });

  const poll = await network.waitFor(
    () => network.sent[0]?.message.pollCreationMessage ?? network.sent[0]?.message.pollCreationMessageV3,
  );
  assert.equal(poll?.name, "Lunch?");
  assert.deepEqual(
    poll?.options?.map(({ optionName }) => optionName),
    ["Soup", "Salad"],
  );
  world.gateway.writeConfig(world.config({ actions: { polls: false } }));
  await eventually("polls are off", async () => {
    const key = `p${Math.random()}`;
    const refused = client.request("poll", { ...params, idempotencyKey: key });
    return refused.then(
      () => false,
      (error: Error) => /actions\.polls is false/.test(error.message),
    );
  });
});

test("a refusal of the network is told as it is: for now it is sent again, for good it is not", async () => {
  await using world = await startWorld();
  const { client, network } = world;
  await world.until("connected", ({ connected }) => connected);
  const send = (idempotencyKey: string) =>
    client.request<{ messageId?: string }>("send", {
      channel: "whatsapp",
      to: ANN,
      message: idempotencyKey,
      idempotencyKey,
    });

  network.nextAckError = "463";
  await assert.rejects(send("new chat"), { code: "UNAVAILABLE", message: /does not let this account begin a chat/ });
  network.mode("rate-limit");
  assert.ok((await send("busy")).messageId);

  assert.deepEqual(
    network.sent.map(({ text }) => text),
    ["busy"],
  );
});

test("the owner talks to the assistant in the chat with himself; our own echoes and his other chats are not heard", async () => {
  await using world = await startWorld({ section: { selfChatMode: true } });
  const { network } = world;
  await world.until("connected", ({ connected }) => connected);
  await network.push({ from: BOB, text: "to bob", fromMe: true });
  await network.push({ from: "+15550009999", text: "note to self", fromMe: true });

  const answer = await network.said(/the fake model/);
  await network.push({ from: "+15550009999", text: answer.text, fromMe: true, id: answer.id });
  await network.push({ from: "+15550009999", text: "/whoami", fromMe: true });
  await network.said(/Your id on whatsapp: \+15550009999/);

  assert.equal(answer.to, "15550009999@s.whatsapp.net");
  assert.equal(world.model.requests.length, 1);
  assert.deepEqual(
    network.seen("receipt").filter(({ attrs }) => attrs["type"] === "read"),
    [],
  );
});

test("somebody whose number is hidden is known by it once the network has told it, and is nobody otherwise", async () => {
  await using world = await startWorld({ section: { dmPolicy: "allowlist" } });
  const { network } = world;
  await network.push({ from: "888@lid", text: "who am I" });
  await world.until(
    "refused",
    ({ dropped }) => (dropped as Record<string, number> | undefined)?.["dm-not-allowed"] === 1,
  );
  await network.push({ from: "7715551110000@lid", text: "it is me", attrs: { sender_pn: CHAT } });
  await network.said(/the fake model/);
  await network.push({ from: "7715551110000@lid", text: "me again" });
  await network.waitFor(() => world.model.requests.length === 2);

  assert.match(world.prompt(), /id:\+15551110000/);
});

test("an ack reaction is put on a message and the credentials appear in no log, status or error", async () => {
  await using world = await startWorld({
    section: { ackReaction: { emoji: "👀", group: "never" }, groups: { "*": {} }, groupPolicy: "open" },
  });
  const { network, gateway, client } = world;
  const id = await network.push({ from: ANN, text: "hello" });
  const { message } = await network.waitFor(() => network.sent.find((one) => one.message.reactionMessage));
  assert.equal(message.reactionMessage?.text, "👀");
  assert.equal(message.reactionMessage?.key?.id, id);
  await network.said(/the fake model/);

  const creds = JSON.parse(
    readFileSync(join(gateway.stateDir, "credentials", "whatsapp", "default", "creds.json"), "utf8"),
  ) as { noiseKey: { private: { data: string } }; advSecretKey: string };
  const told = world.log() + JSON.stringify(await client.request("channels.status", { probe: true }));
  for (const secret of [creds.noiseKey.private.data, creds.advSecretKey]) {
    assert.ok(secret.length > 20);
    assert.ok(!told.includes(secret));
  }
  assert.doesNotMatch(world.log(), /Closing session|privKey/);
});
