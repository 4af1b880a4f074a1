import assert from "node:assert/strict";
import { test } from "node:test";
import type { ChannelDef, ChannelPlugin, OpenClawPluginApi } from "openclaw/plugin-sdk";
import { Messaging } from "openclaw/plugin-sdk";
import { eventually } from "openclaw/plugin-sdk/testing";
import { fakeMessaging } from "./fake-messaging.ts";
import { sampleEntry } from "./samples.ts";
import { hostFor } from "./support.ts";

type Host = Awaited<ReturnType<typeof hostFor>>;

const CONFIG = {
  listAccountIds: () => ["default", "off", "bare"],
  resolveAccount: (config: unknown, accountId?: string) => ({ accountId, config }),
  isEnabled: (account: unknown) => (account as { accountId: string }).accountId !== "off",
  isConfigured: async (account: unknown) => (account as { accountId: string }).accountId !== "bare",
  unconfiguredReason: () => "it has no token",
};

function channel(parts: Partial<ChannelPlugin> = {}): ChannelPlugin {
  return { id: "chat", meta: { label: "Chat" }, config: CONFIG, ...parts };
}

async function definition(host: Host): Promise<ChannelDef> {
  const offer = host.hooksOf(Messaging).channel.offers.get("chat");
  assert.ok(offer);
  return (await offer.hook.promise()) as ChannelDef;
}

/** Starts one account the way the messaging plugin does. */
async function start(host: Host, accountId = "default") {
  const abort = new AbortController();
  const status: Record<string, unknown> = {};
  const life = (await definition(host)).start({
    account: { accountId, config: {} },
    signal: abort.signal,
    accept: () => Promise.reject(new Error("not used")),
    status: (patch) => Object.assign(status, patch),
    connected: (patch) => Object.assign(status, { connected: true }, patch),
    disconnected: (lastError, patch) => Object.assign(status, { connected: false, lastError }, patch),
  });
  return { abort, status, life };
}

function deliver(host: Host, text: string, extra: object = {}) {
  const account = { accountId: "default", config: {} };
  return definition(host).then((def) => def.deliver(sampleEntry({ payload: { text, ...extra } }), account));
}

test("a channel is offered under its id, given as such or as { plugin }", async () => {
  await using host = await hostFor((api) => {
    api.registerChannel({ plugin: channel() });
    api.registerChannel(channel({ id: "second", meta: {} }));
  });

  const { offers } = host.hooksOf(Messaging).channel;

  assert.deepEqual([...offers.keys()], ["chat", "second"]);
  assert.deepEqual([offers.get("chat")?.options.label, offers.get("second")?.options.label], ["Chat", "second"]);
});

test("an account that resolves early goes on until the signal, then stopAccount is called", async () => {
  const seen: unknown[] = [];
  await using host = await hostFor(
    (api) =>
      api.registerChannel(
        channel({
          gateway: {
            startAccount({ accountId, account, cfg, abortSignal, log, getStatus, setStatus }) {
              setStatus({ running: true, connected: true });
              setStatus({ lastError: null });
              seen.push([
                accountId,
                (account as { accountId: string }).accountId,
                cfg,
                abortSignal.aborted,
                getStatus(),
              ]);
              log.info("up");
            },
            stopAccount: ({ accountId, abortSignal }) => void seen.push(`stop ${accountId} ${abortSignal.aborted}`),
          },
        }),
      ),
    { settings: { channels: { chat: { token: "t" } } } },
  );

  const { abort, status, life } = await start(host);
  await eventually("start", () => seen.length === 1);
  let ended = false;
  void life.then(() => (ended = true));
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(ended, false);
  abort.abort();
  await life;

  assert.deepEqual(seen, [
    [
      "default",
      "default",
      { channels: { chat: { token: "t" } } },
      false,
      { accountId: "default", running: true, connected: true, lastError: null },
    ],
    "stop default true",
  ]);
  assert.deepEqual(status, { running: true, connected: true, lastError: null });
});

test("an account that fails rejects, so that it is started again", async () => {
  await using host = await hostFor((api) =>
    api.registerChannel(channel({ gateway: { startAccount: () => Promise.reject(new Error("wrong token")) } })),
  );

  const { life } = await start(host);

  await assert.rejects(life, /wrong token/);
});

test("a disabled, an unconfigured and an unknown account do not start, and say why", async () => {
  let started = 0;
  await using host = await hostFor((api) =>
    api.registerChannel(channel({ gateway: { startAccount: () => void started++ } })),
  );

  const accounts = await Promise.all(["off", "bare", "nobody"].map((id) => start(host, id)));
  await Promise.all(accounts.map(({ life }) => life));

  assert.deepEqual(
    accounts.map(({ status }) => status),
    [
      { enabled: false, lastError: "disabled" },
      { configured: false, lastError: "it has no token" },
      { configured: false, lastError: 'the channel has no account "nobody"' },
    ],
  );
  assert.equal(started, 0);
});

test("outbound: the target is resolved, the text cut by the plugin's chunker, the last id counts", async () => {
  const seen: unknown[] = [];
  await using host = await hostFor((api) =>
    api.registerChannel(
      channel({
        outbound: {
          textChunkLimit: 3,
          chunker: (text, limit) => [text.slice(0, limit), text.slice(limit)],
          resolveTarget: ({ to }) => ({ ok: true, to: `room:${to}` }),
          async sendText({ to, text, accountId }) {
            seen.push([to, text, accountId]);
            return { channel: "chat", messageId: seen.length, chatId: to };
          },
        },
      }),
    ),
  );

  const outcome = await deliver(host, "abcdef");

  assert.deepEqual(seen, [
    ["room:4242", "abc", "default"],
    ["room:4242", "def", "default"],
  ]);
  assert.deepEqual(outcome, { outcome: "sent", messageId: "2", chatId: "room:4242" });
});

test("outbound: without a chunker the text is cut at the limit, at line ends where there are any", async () => {
  const seen: string[] = [];
  await using host = await hostFor((api) =>
    api.registerChannel(channel({ outbound: { textChunkLimit: 8, sendText: ({ text }) => void seen.push(text) } })),
  );

  const outcome = await deliver(host, "one two\nthree four");

  assert.deepEqual(seen, ["one two", "three fo", "ur"]);
  assert.deepEqual(outcome, { outcome: "sent", messageId: "out-1" });
});

test("outbound: a throw is not sent, unless a part is out already", async () => {
  let calls = 0;
  await using host = await hostFor((api) =>
    api.registerChannel(
      channel({
        outbound: {
          textChunkLimit: 5,
          sendText() {
            if (calls++ !== 1) throw new Error("network");
          },
        },
      }),
    ),
  );

  assert.deepEqual(await deliver(host, "hello"), { outcome: "not_sent", retryable: true, reason: "network" });
  assert.deepEqual(await deliver(host, "helloworld"), { outcome: "unknown", reason: "part 2 of 2: network" });
});

test("outbound: a refused target and a channel that cannot send are not tried again", async () => {
  const refusing = channel({
    outbound: { sendText: () => undefined, resolveTarget: () => ({ ok: false, error: new Error("no such room") }) },
  });
  await using host = await hostFor((api) => api.registerChannel(refusing));
  await using mute = await hostFor((api) => api.registerChannel(channel()));

  assert.deepEqual(await deliver(host, "hi"), { outcome: "not_sent", retryable: false, reason: "no such room" });
  assert.deepEqual(await deliver(mute, "hi"), {
    outcome: "not_sent",
    retryable: false,
    reason: "channel chat has no outbound.sendText",
  });
});

test("outbound: media goes to sendMedia with the text as caption, else its address joins the text", async () => {
  const seen: unknown[] = [];
  const sendText = ({ text }: { text: string }) => void seen.push(text);
  const sendMedia = ({ text, mediaUrl }: { text: string; mediaUrl: string }) => void seen.push([text, mediaUrl]);
  await using host = await hostFor((api) => api.registerChannel(channel({ outbound: { sendText, sendMedia } })));
  await using plain = await hostFor((api) => api.registerChannel(channel({ outbound: { sendText } })));

  await deliver(host, "look", { mediaUrls: ["a.png", "b.png"] });
  await deliver(plain, "look", { mediaUrl: "a.png" });

  assert.deepEqual(seen, [["look", "a.png"], ["", "b.png"], "look\na.png"]);
});

test("an answer to a running account goes through the outbox to the plugin's deliver, not to outbound", async () => {
  const seen: unknown[] = [];
  let host: Host | undefined;
  let runtime: OpenClawPluginApi["runtime"] | undefined;
  const messaging = fakeMessaging({
    payloads: [{ text: "one" }, { text: "two" }],
    deliver: async (entry) => (await definition(host as Host)).deliver(entry, { accountId: "default", config: {} }),
  });
  host = await hostFor(
    (api) => {
      ({ runtime } = api);
      api.registerChannel(channel({ outbound: { sendText: ({ text }) => void seen.push(`outbound ${text}`) } }));
    },
    { services: [[Messaging, messaging]] },
  );
  await using _closing = host;
  const { abort, life } = await start(host);
  await new Promise((resolve) => setImmediate(resolve));

  const result = await runtime?.channel.reply.dispatchReplyWithBufferedBlockDispatcher({
    ctx: { Body: "hello", Provider: "chat", AccountId: "default", OriginatingTo: "room", MessageSid: "m1" },
    dispatcherOptions: { deliver: ({ text }) => void seen.push(`deliver ${text}`) },
  });
  // After a restart nobody waits for the answer any more.
  await deliver(host, "late");
  abort.abort();
  await life;

  assert.deepEqual(seen, ["deliver one", "deliver two", "outbound late"]);
  assert.deepEqual(result, { queuedFinal: true, counts: { tool: 0, block: 0, final: 2 } });
  assert.deepEqual(messaging.accepted[0]?.replyTo, { channel: "chat", accountId: "default", to: "room" });
});

test("a channel without id or accounts is skipped with a diagnostic", async () => {
  await using host = await hostFor((api) => {
    api.registerChannel({ id: "", config: CONFIG });
    api.registerChannel({ id: "chat" } as ChannelPlugin);
  });

  assert.equal(host.hooksOf(Messaging).channel.offers.size, 0);
  assert.equal(host.notes.diagnostics.size, 2);
});
