import assert from "node:assert/strict";
import { test } from "node:test";
import type { OpenClawPluginApi, PluginRuntime, SessionEntry, SessionsApi } from "openclaw/plugin-sdk";
import { Agents, Messaging, Sessions } from "openclaw/plugin-sdk";
import { eventually } from "openclaw/plugin-sdk/testing";
import { fakeMessaging } from "./fake-messaging.ts";
import { Folders, hostFor, startWith } from "./support.ts";

type Options = Parameters<typeof hostFor>[1];

/** The runtime of a plugin that registers nothing else. */
async function runtimeOf(options: Options = {}) {
  let runtime: PluginRuntime | undefined;
  const host = await hostFor((api: OpenClawPluginApi) => void (runtime = api.runtime), options);
  assert.ok(runtime);
  return { runtime, host, [Symbol.asyncDispose]: () => host[Symbol.asyncDispose]() };
}

const CONTEXT = {
  Body: "[Chat Ada] hello",
  RawBody: "hello",
  CommandBody: "hello",
  From: "chat:42",
  To: "chat:room",
  SessionKey: "agent:main:chat:direct:42",
  AccountId: "default",
  ChatType: "direct",
  SenderId: "42",
  SenderName: "Ada",
  Provider: "chat",
  Surface: "chat",
  MessageSid: "m1",
  Timestamp: 1_000,
  CommandAuthorized: true,
  OriginatingChannel: "chat",
  OriginatingTo: "room",
};

const PLACE = { agentId: "main", sessionKey: "agent:main:main", runId: "r" };

test("runCommandWithTimeout gives output and exit code", async () => {
  await using made = await runtimeOf();
  const { runCommandWithTimeout } = made.runtime.system;
  const script = `process.stdin.on("data", (d) => process.stdout.write(d + process.env.LAMP)); process.stderr.write("warned"); process.exitCode = 3;`;

  const output = await runCommandWithTimeout([process.execPath, "-e", script], {
    timeoutMs: 20_000,
    env: { LAMP: "on" },
    input: "lamp ",
  });

  assert.deepEqual(output, { stdout: "lamp on", stderr: "warned", code: 3, signal: null, killed: false });
});

test("runCommandWithTimeout kills what takes too long, and rejects for what is not there", async () => {
  await using made = await runtimeOf();
  const { runCommandWithTimeout } = made.runtime.system;

  const output = await runCommandWithTimeout([process.execPath, "-e", "setInterval(() => {}, 1000)"], 50);

  assert.deepEqual([output.killed, output.signal, output.code], [true, "SIGKILL", null]);
  await assert.rejects(runCommandWithTimeout(["/no/such/program"], 1_000), { code: "ENOENT" });
});

test("a program ends with the plugin that runs it", async () => {
  await using made = await runtimeOf();
  const running = made.runtime.system.runCommandWithTimeout(
    [process.execPath, "-e", "setInterval(() => {}, 1000)"],
    60_000,
  );

  await made.host.close();

  assert.equal((await running).killed, true);
});

test("system events join the next turn of their session, once", async () => {
  await using made = await runtimeOf();
  const { enqueueSystemEvent } = made.runtime.system;
  const turn = () => made.host.hooksOf(Agents).beforeTurn.promise({ system: "", text: "hello" }, { ...PLACE });

  enqueueSystemEvent("the lamp is on", { sessionKey: PLACE.sessionKey });
  enqueueSystemEvent("the lamp is on", { sessionKey: PLACE.sessionKey });
  enqueueSystemEvent("the door is open", { sessionKey: PLACE.sessionKey, contextKey: "door" });
  enqueueSystemEvent("elsewhere", { sessionKey: "agent:main:other" });

  assert.equal((await turn()).text, "System: the lamp is on\nSystem: the door is open\n\nhello");
  assert.equal((await turn()).text, "hello");
});

test("system events are kept by the service for them, where there is one", async () => {
  using folders = new Folders();
  const lamp = folders.plugin("lamp", {
    "index.ts": `export default (api) => api.registerService({
      id: "lamp",
      start: () => api.runtime.system.enqueueSystemEvent("the lamp is on", { sessionKey: "main" }),
    });`,
  });
  await using gateway = await startWith([lamp], { stock: true });
  const client = await gateway.client();

  const queued = await eventually("the event", async () => {
    const { queuedSystemEvents } = await client.request<{ queuedSystemEvents: string[] }>("status");
    return queuedSystemEvents.length > 0 && queuedSystemEvents;
  });

  assert.deepEqual(queued, ["the lamp is on"]);
});

test("finalizeInboundContext fills in what follows from the rest", async () => {
  await using made = await runtimeOf();
  const { finalizeInboundContext } = made.runtime.channel.reply;

  const group = finalizeInboundContext({
    Body: "b",
    RawBody: "r",
    ChatType: "group",
    GroupSubject: "Lamps",
    SenderName: "Ada",
  });
  const direct = finalizeInboundContext({ ...CONTEXT, CommandAuthorized: "yes" as never });

  assert.deepEqual([group.BodyForAgent, group.BodyForCommands, group.ConversationLabel], ["b", "r", "Lamps"]);
  assert.deepEqual(
    [group.CommandAuthorized, direct.CommandAuthorized, direct.ConversationLabel],
    [false, false, "Ada"],
  );
});

test("envelopes carry channel, sender, elapsed and absolute time, as configured", async () => {
  await using made = await runtimeOf();
  const { formatAgentEnvelope, formatInboundEnvelope, resolveEnvelopeFormatOptions } = made.runtime.channel.reply;
  const at = Date.UTC(2026, 10, 20, 8, 13);
  const utc = resolveEnvelopeFormatOptions({ agents: { defaults: { envelopeTimezone: "utc" } } });
  const bare = resolveEnvelopeFormatOptions({
    agents: { defaults: { envelopeTimestamp: "off", envelopeElapsed: "off" } },
  });
  const message = { channel: "Chat", from: "Ada", timestamp: at, previousTimestamp: at - 7_200_000, body: "hello" };

  assert.equal(formatAgentEnvelope({ ...message, envelope: utc }), "[Chat Ada +2h Fri 2026-11-20 08:13 UTC] hello");
  assert.equal(formatAgentEnvelope({ ...message, envelope: bare }), "[Chat Ada] hello");
  assert.equal(
    formatInboundEnvelope({ ...message, envelope: bare, from: "Lamps", chatType: "group", sender: { name: "Ada" } }),
    "[Chat Lamps] Ada: hello",
  );
  assert.equal(
    formatInboundEnvelope({ ...message, envelope: bare, chatType: "direct", senderLabel: "Ada" }),
    "[Chat Ada] hello",
  );
});

test("a message goes through the intake and its answer to the plugin's deliver, in order", async () => {
  const messaging = fakeMessaging({ payloads: [{ text: "one" }, { text: "two", mediaUrl: "m" }] });
  await using made = await runtimeOf({ services: [[Messaging, messaging]] });
  const delivered: unknown[] = [];
  let started = 0;

  const result = await made.runtime.channel.reply.dispatchReplyWithBufferedBlockDispatcher({
    ctx: CONTEXT,
    cfg: {},
    dispatcherOptions: {
      responsePrefix: "[bot]",
      onReplyStart: () => void started++,
      async deliver({ text, mediaUrl, replyToTag }, { kind }) {
        await Promise.resolve();
        delivered.push([kind, text, mediaUrl, replyToTag]);
      },
    },
  });

  assert.deepEqual(result, { queuedFinal: true, counts: { tool: 0, block: 0, final: 2 } });
  assert.deepEqual(delivered, [
    ["final", "[bot] one", undefined, false],
    ["final", "[bot] two", "m", false],
  ]);
  assert.equal(started, 1);
  const [envelope] = messaging.accepted;
  assert.deepEqual(
    { ...envelope, runId: undefined },
    {
      channel: "chat",
      accountId: "default",
      messageId: "m1",
      text: "[Chat Ada] hello",
      sender: { id: "42", name: "Ada" },
      chatType: "direct",
      chatId: "room",
      runId: undefined,
      sessionKey: "agent:main:chat:direct:42",
      timestamp: 1_000,
      options: { commandAuthorized: true },
    },
  );
});

test("a command keeps its slash at the start, whatever header the body has", async () => {
  const messaging = fakeMessaging();
  await using made = await runtimeOf({ services: [[Messaging, messaging]] });

  const result = await made.runtime.channel.reply.dispatchReplyWithBufferedBlockDispatcher({
    ctx: { ...CONTEXT, Body: "[Chat Ada] /status", CommandBody: "/status" },
    dispatcherOptions: { deliver: () => undefined },
  });

  assert.equal(messaging.accepted[0]?.text, "/status");
  assert.deepEqual(result, { queuedFinal: false, counts: { tool: 0, block: 0, final: 0 } });
});

test("a duplicate is not answered", async () => {
  const messaging = fakeMessaging({ payloads: [{ text: "one" }], duplicate: true });
  await using made = await runtimeOf({ services: [[Messaging, messaging]] });

  const result = await made.runtime.channel.reply.dispatchReplyWithBufferedBlockDispatcher({
    ctx: CONTEXT,
    dispatcherOptions: { deliver: () => assert.fail("delivered") },
  });

  assert.deepEqual(result, { queuedFinal: false, counts: { tool: 0, block: 0, final: 0 } });
});

test("what deliver throws goes to onError, and the next reply goes out", async () => {
  const messaging = fakeMessaging({ payloads: [{ text: "one" }, { text: "two" }] });
  await using made = await runtimeOf({ services: [[Messaging, messaging]] });
  const seen: unknown[] = [];

  await made.runtime.channel.reply.dispatchReplyWithBufferedBlockDispatcher({
    ctx: CONTEXT,
    dispatcherOptions: {
      deliver({ text }) {
        if (text === "one") throw new Error("network");
        seen.push(text);
      },
      onError: (error, { kind }) => seen.push(`${kind} ${(error as Error).message}`),
    },
  });

  assert.deepEqual(seen, ["final network", "two"]);
});

test("the same in two steps, with the plugin's own wrapper around the dispatcher", async () => {
  const messaging = fakeMessaging({ payloads: [{ text: "one" }] });
  await using made = await runtimeOf({ services: [[Messaging, messaging]] });
  const { createReplyDispatcherWithTyping, dispatchReplyFromConfig } = made.runtime.channel.reply;
  const seen: unknown[] = [];
  const steps = createReplyDispatcherWithTyping({
    deliver: ({ text }) => void seen.push(text),
    onIdle: () => void seen.push("idle"),
  });

  const plain = await dispatchReplyFromConfig({ ctx: CONTEXT, cfg: {}, dispatcher: steps.dispatcher });
  const sendFinalReply: typeof steps.dispatcher.sendFinalReply = (reply) =>
    steps.dispatcher.sendFinalReply({ ...reply, text: `<${reply.text}>` });
  await dispatchReplyFromConfig({ ctx: CONTEXT, dispatcher: { ...steps.dispatcher, sendFinalReply } });
  steps.markDispatchIdle();

  assert.deepEqual(seen, ["one", "<one>", "idle"]);
  assert.deepEqual(plain, { queuedFinal: true, counts: { tool: 0, block: 0, final: 1 } });
});

test("without an intake a message is refused, and the plugin hears of it", async () => {
  await using made = await runtimeOf();

  await assert.rejects(
    made.runtime.channel.reply.dispatchReplyWithBufferedBlockDispatcher({
      ctx: CONTEXT,
      dispatcherOptions: { deliver: () => undefined },
    }),
    { code: "UNAVAILABLE", message: /service "messaging" has no provider/ },
  );
});

test("values of the configuration: human delay and prefixes", async () => {
  await using made = await runtimeOf();
  const { resolveHumanDelayConfig, resolveEffectiveMessagesConfig } = made.runtime.channel.reply;
  const config = {
    agents: { defaults: { humanDelay: { mode: "off" } }, list: [{ id: "ada", humanDelay: { mode: "natural" } }] },
    messages: { responsePrefix: "[bot]" },
  };

  assert.deepEqual(resolveHumanDelayConfig(config, "ada"), { mode: "natural" });
  assert.deepEqual(resolveHumanDelayConfig(config, "main"), { mode: "off" });
  assert.deepEqual(resolveEffectiveMessagesConfig(config, "main"), { messagePrefix: "", responsePrefix: "[bot]" });
});

test("sessions are recorded through the sessions service; the store path is only a handle", async () => {
  const changes: [string, Partial<SessionEntry>][] = [];
  const sessions = {
    defaultAgentId: () => "main",
    directory: (agentId: string) => `/state/agents/${agentId}/sessions`,
    get: async (key: string) => ({ key, agentId: "main", entry: { sessionId: "s1", updatedAt: 700 } }),
    async update(key: string, change: (entry: SessionEntry) => Partial<SessionEntry>) {
      const entry = { sessionId: "s1", updatedAt: 900 };
      changes.push([key, change(entry)]);
      return { key, agentId: "main", entry };
    },
  } as unknown as SessionsApi;
  await using made = await runtimeOf({ services: [[Sessions, sessions]] });
  const { resolveStorePath, readSessionUpdatedAt, recordInboundSession } = made.runtime.channel.session;
  const storePath = resolveStorePath(undefined, { agentId: "ada" });

  assert.equal(storePath, "/state/agents/ada/sessions/sessions.json");
  const read = () => readSessionUpdatedAt({ storePath, sessionKey: "agent:main:known" });
  assert.equal(read(), undefined);
  assert.equal(await eventually("the lookup", read), 700);
  await recordInboundSession({
    storePath,
    sessionKey: "agent:main:new",
    ctx: CONTEXT,
    updateLastRoute: { channel: "chat", to: "room" },
  });
  assert.equal(readSessionUpdatedAt({ storePath, sessionKey: "agent:main:new" }), 900);
  assert.deepEqual(changes, [
    [
      "agent:main:new",
      { channel: "chat", chatType: "direct", lastChannel: "chat", lastTo: "room", lastAccountId: "default" },
    ],
  ]);
});

test("what goes wrong while recording goes to onRecordError", async () => {
  await using made = await runtimeOf();
  let seen: unknown;

  await made.runtime.channel.session.recordInboundSession({
    storePath: "",
    sessionKey: "agent:main:main",
    ctx: CONTEXT,
    onRecordError: (error) => (seen = error),
  });

  assert.match(String(seen), /service "sessions" has no provider/);
});

test("sendMessageTelegram and its like go the channel's ordinary way", async () => {
  const messaging = fakeMessaging();
  await using made = await runtimeOf({ services: [[Messaging, messaging]] });
  const { telegram, discord } = made.runtime.channel as unknown as Record<string, Record<string, Function>>;

  const sent = (await telegram?.["sendMessageTelegram"]?.(4242, "hi", { messageThreadId: 9 })) as unknown;
  await discord?.["sendMessageDiscord"]?.("channel:1", "hello", { accountId: "work", mediaUrl: "m" });

  assert.deepEqual(sent, { messageId: "m-0", chatId: "4242" });
  assert.deepEqual(
    messaging.queued.map(({ address, payload }) => [address, payload]),
    [
      [{ channel: "telegram", accountId: "default", to: "4242", threadId: "9" }, { text: "hi" }],
      [
        { channel: "discord", accountId: "work", to: "channel:1" },
        { text: "hello", mediaUrl: "m" },
      ],
    ],
  );
});

test("a push that did not arrive rejects", async () => {
  const messaging = fakeMessaging({ state: "dead" });
  await using made = await runtimeOf({ services: [[Messaging, messaging]] });
  const { telegram } = made.runtime.channel as unknown as Record<string, Record<string, Function>>;

  await assert.rejects(
    async () => telegram?.["sendMessageTelegram"]?.("4242", "hi"),
    /message to telegram 4242 is dead/,
  );
});
