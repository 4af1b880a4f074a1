import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import { FakeGateway } from "./discord-gateway.ts";
import { memberObject, messageObject, snowflake, userObject } from "./discord-objects.ts";
import type { FakeBot, FakeChannel, FakeGuild, FakeUser } from "./discord-objects.ts";

export type { FakeBot, FakeGuild, FakeUser } from "./discord-objects.ts";

/**
 * What REST answers. `drop` destroys the socket unread, `lost` does the work and then destroys it, `rate-limit` is one
 * answer, everything else stays until the next `mode`.
 */
export type FakeMode =
  | "ok"
  | "auth-fail"
  | "rate-limit"
  | "server-error"
  | "garbage"
  | "drop"
  | "lost"
  | "hang"
  | "slow";

export interface FakeCall {
  readonly method: string;
  /** Below `/api/v10`, without a query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
  readonly files: readonly { readonly name: string; readonly size: number; readonly type: string }[];
  readonly authorization: string | undefined;
  readonly at: number;
}

export interface FakeDiscordOptions {
  readonly bots?: readonly FakeBot[];
  readonly guilds?: readonly FakeGuild[];
  /** Listen there; by default on a free port. */
  readonly port?: number;
}

export interface SaidMessage {
  readonly text?: string;
  readonly from: FakeUser;
  /** Channel of a guild; without it a direct message. */
  readonly channelId?: string;
  readonly guildId?: string;
  readonly mentions?: readonly FakeUser[];
  readonly [field: string]: unknown;
}

/** Discord on loopback: REST and gateway, version 10, as far as a bot needs them. */
export interface FakeDiscord extends AsyncDisposable {
  /** For `apiRoot`. */
  readonly url: string;
  readonly wsUrl: string;
  readonly port: number;
  readonly bot: FakeBot;
  readonly gateway: FakeGateway;
  readonly calls: readonly FakeCall[];
  /** Messages that bots posted, in order. A repeated nonce makes no second one. */
  readonly posted: readonly Readonly<Record<string, unknown>>[];
  /** Dispatch an event, whatever it is. */
  push(event: { readonly t: string; readonly d: object }): void;
  /** From now on; of calls whose `METHOD path` matches, when a pattern is given. */
  mode(name: FakeMode, only?: RegExp): void;
  /** Answer matching calls with this, once. */
  answerOnce(only: RegExp, status: number, body: object, headers?: Record<string, string>): void;
  waitFor(predicate: (call: FakeCall) => boolean, ms?: number): Promise<FakeCall>;
  /** Somebody writes: it is in the history and dispatched. Returns the message. */
  says(said: SaidMessage): Record<string, unknown>;
  /** Put a message into the history only, as if nobody had been connected. */
  missed(said: SaidMessage): Record<string, unknown>;
  /** Serve these bytes below `/attachments/`. Returns the address. */
  file(name: string, bytes: Buffer, type: string): string;
  close(): Promise<void>;
}

export const FAKE_BOT: FakeBot = {
  id: "900000000000000001",
  username: "clawd",
  bot: true,
  token: "fake-token.for-tests.0123456789abcdef",
  applicationId: "900000000000000002",
};

interface Reply {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

/** Start the fake. */
export async function startFakeDiscord(options: FakeDiscordOptions = {}): Promise<FakeDiscord> {
  const bots = options.bots ?? [FAKE_BOT];
  const guilds = () => (options.guilds ?? []).map((guild) => ({ ...guild, channels: guild.channels.map(withLast) }));
  const calls: FakeCall[] = [];
  const posted: Record<string, unknown>[] = [];
  const history = new Map<string, Record<string, unknown>[]>();
  const nonces = new Map<string, Record<string, unknown>>();
  const files = new Map<string, { readonly bytes: Buffer; readonly type: string }>();
  const once1: { readonly only: RegExp; readonly reply: Reply }[] = [];
  const waiting = new Set<(call: FakeCall) => void>();
  let mode: FakeMode = "ok";
  let only: RegExp | undefined;

  const server = createServer((request, response) => {
    void serve(request, response).catch(() => response.destroy());
  });
  const gateway = new FakeGateway(server, bots, guilds, () => wsUrl);
  server.listen(options.port ?? 0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const origin = `http://127.0.0.1:${port}`;
  const wsUrl = `ws://127.0.0.1:${port}`;

  function withLast(channel: FakeChannel): FakeChannel {
    const last = history.get(channel.id)?.at(-1);
    return last ? { ...channel, last_message_id: String(last["id"]) } : channel;
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", origin);
    const file = files.get(url.pathname);
    if (file) {
      response.writeHead(200, { "content-type": file.type }).end(file.bytes);
      return;
    }
    const call = await read(request, url);
    calls.push(call);
    const what = `${call.method} ${call.path}`;
    const acts = mode !== "ok" && (only === undefined || only.test(what)) ? mode : "ok";
    const scripted = once1.findIndex((one) => one.only.test(what));
    const [next] = scripted < 0 ? [] : once1.splice(scripted, 1);
    const wait = Promise.resolve().then(() => {
      for (const told of Array.from(waiting)) told(call);
    });
    if (next) send(response, next.reply);
    else if (acts === "drop") response.destroy();
    else if (acts === "hang") return;
    else if (acts === "garbage") response.writeHead(200, { "content-type": "text/html" }).end("<html>welcome</html>");
    else if (acts === "server-error") send(response, { status: 500, body: { message: "500: Internal Server Error" } });
    else if (acts === "auth-fail") send(response, UNAUTHORIZED);
    else if (acts === "rate-limit") {
      mode = "ok";
      send(response, rateLimited(1));
    } else {
      if (acts === "slow") await delay(2_000);
      const reply = await answer(call);
      if (acts === "lost") response.destroy();
      else send(response, reply);
    }
    await wait;
  }

  async function answer(call: FakeCall): Promise<Reply> {
    const bot = bots.find(({ token }) => call.authorization === `Bot ${token}`);
    const [head, first, second, third, fourth, fifth] = call.path.split("/").slice(1);
    const open = head === "interactions" || head === "webhooks";
    if (!bot && !open) return UNAUTHORIZED;
    if (call.path === "/gateway/bot") {
      const limit = { total: 1000, remaining: 999, reset_after: 0, max_concurrency: 1 };
      return { status: 200, body: { url: wsUrl, shards: 1, session_start_limit: limit } };
    }
    if (open) return call.method === "POST" && head === "interactions" ? NOTHING : ofWebhook(call);
    const self = bot as FakeBot;
    if (call.path === "/users/@me") return { status: 200, body: userObject({ ...self, bot: true }) };
    if (call.path === "/applications/@me")
      return { status: 200, body: { id: self.applicationId, flags: self.flags ?? 1 << 18 } };
    if (head === "applications") return { status: 200, body: [] };
    if (call.path === "/users/@me/channels") {
      const id = directId(String(call.body["recipient_id"]));
      return { status: 200, body: { id, type: 1, recipients: [{ id: call.body["recipient_id"] }] } };
    }
    if (head !== "channels" || first === undefined) return NOT_FOUND;
    if (second === undefined) return ofChannel(first);
    if (second === "typing") return NOTHING;
    if (second !== "messages") return NOT_FOUND;
    if (third === undefined) return call.method === "GET" ? ofHistory(first, call.query) : post(first, self, call);
    if (fourth === "reactions") return fifth === undefined ? NOT_FOUND : NOTHING;
    return ofMessage(first, third, call);
  }

  function ofChannel(id: string): Reply {
    for (const guild of guilds()) {
      const found = [...guild.channels, ...(guild.threads ?? [])].find((channel) => channel.id === id);
      if (found) return { status: 200, body: { type: found.parent_id ? 11 : 0, guild_id: guild.id, ...found } };
    }
    return { status: 404, body: { message: "Unknown Channel", code: 10_003 } };
  }

  function ofHistory(channelId: string, query: URLSearchParams): Reply {
    const after = BigInt(query.get("after") ?? "0");
    const limit = Number(query.get("limit") ?? 50);
    const found = (history.get(channelId) ?? []).filter(({ id }) => BigInt(String(id)) > after);
    return { status: 200, body: (query.has("after") ? found.slice(0, limit) : found.slice(-limit)).toReversed() };
  }

  function post(channelId: string, bot: FakeBot, { body, files: uploads }: FakeCall): Reply {
    const { content = "", nonce, enforce_nonce, message_reference, components, poll } = body;
    if (String(content).length > 2_000) {
      const errors = {
        content: { _errors: [{ code: "BASE_TYPE_MAX_LENGTH", message: "Must be 2000 or fewer in length." }] },
      };
      return { status: 400, body: { message: "Invalid Form Body", code: 50_035, errors } };
    }
    if (content === "" && uploads.length === 0 && !poll)
      return { status: 400, body: { message: "Cannot send an empty message", code: 50_006 } };
    const key = `${bot.id} ${channelId} ${String(nonce)}`;
    const before = enforce_nonce === true ? nonces.get(key) : undefined;
    if (before) return { status: 200, body: before };
    const message = messageObject({
      channel_id: channelId,
      author: userObject({ ...bot, bot: true }),
      content,
      attachments: uploads.map(({ name, size }) => ({ id: snowflake(), filename: name, size })),
      ...(nonce !== undefined && { nonce }),
      ...(message_reference !== undefined && { message_reference, type: 19 }),
      ...(components !== undefined && { components }),
      ...(poll !== undefined && { poll }),
    });
    if (nonce !== undefined) nonces.set(key, message);
    posted.push(message);
    keep(message);
    // The gateway tells a bot of what it wrote itself, too.
    gateway.dispatch("MESSAGE_CREATE", { ...message, ...placeOf(channelId) });
    return { status: 200, body: message };
  }

  function placeOf(channelId: string): object {
    const guild = guilds().find(({ channels, threads = [] }) =>
      [...channels, ...threads].some(({ id }) => id === channelId),
    );
    return guild ? { guild_id: guild.id } : { channel_type: 1 };
  }

  function ofMessage(channelId: string, id: string, { method, body }: FakeCall): Reply {
    const list = history.get(channelId) ?? [];
    const index = list.findIndex((message) => message["id"] === id);
    const found = list[index];
    if (!found) return { status: 404, body: { message: "Unknown Message", code: 10_008 } };
    if (method === "DELETE") list.splice(index, 1);
    if (method === "PATCH") Object.assign(found, body, { edited_timestamp: new Date().toISOString() });
    return method === "DELETE" ? NOTHING : { status: 200, body: found };
  }

  function ofWebhook({ method, body }: FakeCall): Reply {
    if (method === "DELETE") return NOTHING;
    const message = messageObject({ channel_id: "1", author: userObject({ ...FAKE_BOT, bot: true }), ...body });
    return { status: 200, body: message };
  }

  function keep(message: Record<string, unknown>): void {
    const id = String(message["channel_id"]);
    history.set(id, [...(history.get(id) ?? []), message]);
  }

  function missed({
    text = "",
    from,
    channelId,
    guildId,
    mentions = [],
    ...more
  }: SaidMessage): Record<string, unknown> {
    const message = messageObject({
      channel_id: channelId ?? directId(from.id),
      author: userObject(from),
      content: text,
      mentions: mentions.map((user) => userObject(user)),
      ...(guildId === undefined ? { channel_type: 1 } : { guild_id: guildId, member: memberObject(from) }),
      ...more,
    });
    // What history tells of a message is less than what the gateway tells.
    const { guild_id: _guild, member: _member, channel_type: _type, ...stored } = message;
    keep(stored);
    return message;
  }

  const fake: FakeDiscord = {
    url: `${origin}/api`,
    wsUrl,
    port,
    bot: bots[0] as FakeBot,
    gateway,
    calls,
    posted,
    push: ({ t, d }) => gateway.dispatch(t, d),
    mode(name, pattern) {
      [mode, only] = [name, pattern];
    },
    answerOnce: (pattern, status, body, headers = {}) =>
      void once1.push({ only: pattern, reply: { status, body, headers } }),
    waitFor(predicate, ms = 10_000) {
      const before = calls.find(predicate);
      if (before) return Promise.resolve(before);
      const { promise, resolve, reject } = Promise.withResolvers<FakeCall>();
      const timer = setTimeout(() => reject(new Error(`no such call within ${ms} ms`)), ms);
      const told = (call: FakeCall) => {
        if (predicate(call)) resolve(call);
      };
      waiting.add(told);
      return promise.finally(() => {
        clearTimeout(timer);
        waiting.delete(told);
      });
    },
    missed,
    says(said) {
      const message = missed(said);
      gateway.dispatch("MESSAGE_CREATE", message);
      return message;
    },
    file(name, bytes, type) {
      const path = `/attachments/${snowflake()}/${name}`;
      files.set(path, { bytes, type });
      return `${origin}${path}`;
    },
    async close() {
      gateway.close();
      server.closeAllConnections();
      if (server.listening) await new Promise((resolve) => server.close(resolve));
    },
    [Symbol.asyncDispose]: () => fake.close(),
  };
  return fake;
}

/** The direct channel of a person: its id tells whose it is. */
export function directId(userId: string): string {
  return `7${userId}`;
}

const UNAUTHORIZED: Reply = { status: 401, body: { message: "401: Unauthorized", code: 0 } };
const NOT_FOUND: Reply = { status: 404, body: { message: "404: Not Found", code: 0 } };
const NOTHING: Reply = { status: 204 };

function rateLimited(seconds: number): Reply {
  return {
    status: 429,
    body: { message: "You are being rate limited.", retry_after: seconds, global: false },
    headers: {
      "retry-after": String(seconds),
      "x-ratelimit-limit": "5",
      "x-ratelimit-remaining": "0",
      "x-ratelimit-reset-after": String(seconds),
      "x-ratelimit-bucket": "fake",
      "x-ratelimit-scope": "user",
    },
  };
}

function send(response: ServerResponse, { status, body, headers = {} }: Reply): void {
  if (body === undefined) return void response.writeHead(status, headers).end();
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
}

async function read(request: IncomingMessage, url: URL): Promise<FakeCall> {
  const bytes = await buffer(request);
  const type = request.headers["content-type"] ?? "";
  const call = {
    method: request.method ?? "GET",
    path: decodeURIComponent(url.pathname.replace(/^\/api\/v10/, "")),
    query: url.searchParams,
    authorization: request.headers.authorization,
    at: Date.now(),
  };
  if (!type.startsWith("multipart/"))
    return { ...call, body: bytes.length === 0 ? {} : json(bytes.toString()), files: [] };
  const form = await new Response(bytes, { headers: { "content-type": type } }).formData();
  const files = [...form.values()].flatMap((value) =>
    typeof value === "string" ? [] : [{ name: value.name, size: value.size, type: value.type }],
  );
  return { ...call, body: json(String(form.get("payload_json") ?? "{}")), files };
}

function json(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? { list: value } : (value as Record<string, unknown>);
  } catch {
    return {};
  }
}
