import { createHmac, randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import { channelObject, directId, FAKE_APP, timestamp, userObject } from "./slack-objects.ts";
import type { FakeApp, FakeChannel, FakeUser } from "./slack-objects.ts";
import { FakeSocketMode } from "./slack-socket.ts";
import type { FakeFrame } from "./slack-socket.ts";

export { directId, FAKE_APP, timestamp } from "./slack-objects.ts";
export type { FakeApp, FakeChannel, FakeUser } from "./slack-objects.ts";

/**
 * What the Web API answers. `drop` destroys the socket unread, `lost` does the work and then destroys it, `rate-limit` is
 * one answer, everything else stays until the next `mode`.
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
  /** `chat.postMessage`; or the path, of what is no method of the Web API. */
  readonly method: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly token: string | undefined;
  readonly size: number;
  readonly at: number;
}

export type Message = Readonly<Record<string, unknown>> & { readonly ts: string; readonly channel: string };

export interface SharedFiles {
  readonly ts: string;
  readonly channel: string;
  readonly text: string;
  readonly files: readonly { readonly name: string; readonly size: number }[];
}

export interface FakeSlackOptions {
  readonly apps?: readonly FakeApp[];
  readonly users?: readonly FakeUser[];
  readonly channels?: readonly FakeChannel[];
  readonly port?: number;
}

export interface Said {
  readonly from: FakeUser;
  readonly text?: string;
  /** Without one a direct message. */
  readonly channel?: string;
  readonly channelType?: "im" | "mpim" | "channel" | "group";
  readonly threadTs?: string;
  /** Only the app of this bot is told. */
  readonly to?: string;
  readonly [field: string]: unknown;
}

/** Slack on loopback: the Web API, Socket Mode and the signatures of the Events API. */
export interface FakeSlack extends AsyncDisposable {
  /** For `apiRoot`. */
  readonly url: string;
  readonly wsUrl: string;
  readonly port: number;
  readonly socket: FakeSocketMode;
  readonly calls: readonly FakeCall[];
  /** Messages that bots posted, in order. */
  readonly posted: readonly Message[];
  /** What bots said for the eyes of one person. */
  readonly whispered: readonly { readonly channel: string; readonly user: string; readonly text: string }[];
  /** Files that were uploaded and shared. */
  readonly shared: readonly SharedFiles[];
  /** An event, in the envelope that Socket Mode wraps it in. */
  push(event: object, to?: string): FakeFrame;
  /** From now on; of methods that match, when a pattern is given. */
  mode(name: FakeMode, only?: RegExp): void;
  /** Answer matching calls with this, once. */
  answerOnce(only: RegExp, body: object, status?: number, headers?: Record<string, string>): void;
  waitFor(predicate: (call: FakeCall) => boolean, ms?: number): Promise<FakeCall>;
  /** Somebody writes: it is in the history and pushed. Returns the message. */
  says(said: Said): Message;
  /** Put a message into the history only, as if nobody had been connected. */
  missed(said: Said): Message;
  /** Somebody writes a slash command. */
  command(said: {
    readonly from: FakeUser;
    readonly command: string;
    readonly text?: string;
    readonly channel?: string;
  }): FakeFrame;
  /** Somebody presses a button of a message. */
  presses(said: {
    readonly from: FakeUser;
    readonly channel: string;
    readonly ts: string;
    readonly value: string;
    readonly actionId?: string;
  }): FakeFrame;
  /** Serve these bytes below `/files-pri/` to whoever has a token, and tell of it under an id. Returns the address. */
  file(name: string, bytes: Buffer, type: string, id?: string): string;
  /** What Slack posts to a webhook: headers with a signature over exactly this body. */
  signed(
    body: string,
    options?: { readonly secret?: string; readonly at?: number; readonly type?: string },
  ): Record<string, string>;
  /** The body that the Events API posts for an event. */
  eventBody(event: object, app?: FakeApp): Record<string, unknown>;
  close(): Promise<void>;
}

interface Reply {
  readonly status?: number;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

/** Start the fake. */
export async function startFakeSlack(options: FakeSlackOptions = {}): Promise<FakeSlack> {
  const apps = options.apps ?? [FAKE_APP];
  const users = new Map((options.users ?? []).map((user) => [user.id, user]));
  const channels = new Map((options.channels ?? []).map((channel) => [channel.id, channel]));
  const calls: FakeCall[] = [];
  const posted: Message[] = [];
  const whispered: FakeSlack["whispered"][number][] = [];
  const shared: SharedFiles[] = [];
  const history: Message[] = [];
  const uploads = new Map<string, { name: string; size: number }>();
  const files = new Map<string, { readonly bytes: Buffer; readonly type: string }>();
  const addresses = new Map<string, string>();
  const scripted: { readonly only: RegExp; readonly reply: Reply }[] = [];
  const waiting = new Set<(call: FakeCall) => void>();
  const tickets = new Map<string, FakeApp>();
  let mode: FakeMode = "ok";
  let only: RegExp | undefined;

  const server = createServer((request, response) => {
    void serve(request, response).catch(() => response.destroy());
  });
  const socket = new FakeSocketMode(server, ({ url = "" }) => {
    const ticket = new URL(url, origin).searchParams.get("ticket") ?? "";
    const app = tickets.get(ticket);
    tickets.delete(ticket);
    return app;
  });
  server.listen(options.port ?? 0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const origin = `http://127.0.0.1:${port}`;
  const wsUrl = `ws://127.0.0.1:${port}/link`;

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? "/", origin);
    const file = files.get(pathname);
    const call = await read(request, pathname);
    calls.push(call);
    const told = Promise.resolve().then(() => {
      for (const one of Array.from(waiting)) one(call);
    });
    const index = scripted.findIndex((one) => one.only.test(call.method));
    const [next] = index < 0 ? [] : scripted.splice(index, 1);
    const acts = mode !== "ok" && (only === undefined || only.test(call.method)) ? mode : "ok";
    if (next) send(response, next.reply);
    else if (acts === "drop") response.destroy();
    else if (acts === "hang") return;
    else if (acts === "garbage") response.writeHead(200, { "content-type": "text/html" }).end("<html>welcome</html>");
    else if (acts === "server-error") response.writeHead(503, { "content-type": "text/html" }).end("<html>down</html>");
    else if (acts === "auth-fail") send(response, failed("invalid_auth"));
    else if (acts === "rate-limit") {
      mode = "ok";
      send(response, { status: 429, body: { ok: false, error: "ratelimited" }, headers: { "retry-after": "1" } });
    } else {
      if (acts === "slow") await delay(2_000);
      if (file) response.writeHead(call.token ? 200 : 302, { "content-type": file.type }).end(file.bytes);
      else if (acts === "lost") {
        answer(call);
        response.destroy();
      } else send(response, answer(call));
    }
    await told;
  }

  function answer(call: FakeCall): Reply {
    const { method, token } = call;
    if (method.startsWith("/upload/")) {
      const upload = uploads.get(method.slice("/upload/".length));
      if (!upload) return { status: 404, body: "no such upload" };
      if (upload.size !== call.size) return { status: 400, body: "wrong length" };
      return { status: 200, body: `OK - ${call.size}` };
    }
    if (method.startsWith("/commands/")) return { body: "ok" };
    if (!Object.hasOwn(METHODS, method)) return failed("unknown_method");
    if (!token) return failed("not_authed");
    const app = apps.find(({ botToken, appToken }) => token === botToken || token === appToken);
    if (!app) return failed("invalid_auth");
    const isForApp = method === "apps.connections.open";
    if ((token === app.appToken) !== isForApp) return failed("not_allowed_token_type");
    return (METHODS[method] as (args: FakeCall["args"], app: FakeApp) => Reply)(call.args, app);
  }

  const METHODS: Readonly<Record<string, (args: FakeCall["args"], app: FakeApp) => Reply>> = {
    "auth.test": (_, { team, teamId, name, userId, botId, scopes }) => ({
      body: { ok: true, url: origin, team, user: name, team_id: teamId, user_id: userId, bot_id: botId },
      headers: { "x-oauth-scopes": scopes.join(",") },
    }),
    "apps.connections.open": (_, app) => {
      const ticket = randomUUID();
      tickets.set(ticket, app);
      return { body: { ok: true, url: `${wsUrl}?ticket=${ticket}&app_id=${app.appId}` } };
    },
    "conversations.open": ({ users: person }) => ({ body: { ok: true, channel: { id: directId(String(person)) } } }),
    "conversations.info": ({ channel }) => {
      const id = String(channel);
      const found = channels.get(id);
      if (found) return { body: { ok: true, channel: channelObject(found) } };
      return id.startsWith("D") ? { body: { ok: true, channel: { id, is_im: true } } } : failed("channel_not_found");
    },
    "conversations.list": () => ({
      body: {
        ok: true,
        channels: [...channels.values()].map((one) => channelObject(one)),
        response_metadata: { next_cursor: "" },
      },
    }),
    "conversations.history": (args) => {
      const inChannel = history.filter(
        ({ channel, thread_ts, ts }) => channel === args["channel"] && (thread_ts ?? ts) === ts,
      );
      return page(inChannel, args);
    },
    "conversations.replies": (args) => {
      const inThread = history.filter(
        ({ channel, thread_ts, ts }) => channel === args["channel"] && (thread_ts === args["ts"] || ts === args["ts"]),
      );
      const root = inThread.filter(({ ts }) => ts === args["ts"]);
      const later = inThread.filter(({ ts }) => ts !== args["ts"] && Number(ts) > Number(args["oldest"] ?? 0));
      return inThread.length === 0 ? failed("thread_not_found") : { body: { ok: true, messages: [...root, ...later] } };
    },
    "users.info": ({ user }, { teamId }) => {
      const found = users.get(String(user));
      return found ? { body: { ok: true, user: userObject(found, teamId) } } : failed("user_not_found");
    },
    "chat.postMessage": (args, app) => {
      const { channel, text = "", thread_ts, blocks, metadata } = args;
      if (text === "" && blocks === undefined) return failed("no_text");
      if (String(text).length > 40_000) return failed("msg_too_long");
      const message: Message = {
        type: "message",
        user: app.userId,
        bot_id: app.botId,
        app_id: app.appId,
        team: app.teamId,
        text: String(text),
        channel: String(channel),
        ts: timestamp(),
        ...(thread_ts !== undefined && { thread_ts }),
        ...(blocks !== undefined && { blocks }),
        ...(metadata !== undefined && { metadata }),
      };
      posted.push(message);
      history.push(message);
      // An app hears of what it wrote itself, too.
      push({ ...message, channel_type: typeOf(message.channel) }, app.userId);
      return { body: { ok: true, channel, ts: message.ts, message } };
    },
    "chat.postEphemeral": ({ channel, user, text }) => {
      whispered.push({ channel: String(channel), user: String(user), text: String(text) });
      return { body: { ok: true, message_ts: timestamp() } };
    },
    "chat.update": ({ channel, ts, text, blocks }) => {
      const found = history.find((one) => one.channel === channel && one.ts === ts);
      if (!found) return failed("message_not_found");
      Object.assign(found, { text, ...(blocks !== undefined && { blocks }), edited: { ts: timestamp() } });
      return { body: { ok: true, channel, ts, text } };
    },
    "chat.delete": ({ channel, ts }) => {
      const index = history.findIndex((one) => one.channel === channel && one.ts === ts);
      if (index < 0) return failed("message_not_found");
      history.splice(index, 1);
      return { body: { ok: true, channel, ts } };
    },
    "reactions.add": ({ name }) =>
      /^[a-z0-9_+'-]+(::skin-tone-\d)?$/.test(String(name)) ? OK : failed("invalid_name"),
    "reactions.remove": () => OK,
    "reactions.get": (_, { userId }) => ({
      body: { ok: true, message: { reactions: [{ name: "eyes", users: [userId], count: 1 }] } },
    }),
    "files.getUploadURLExternal": ({ filename, length }) => {
      const id = `F${randomUUID().slice(0, 8).toUpperCase()}`;
      uploads.set(id, { name: String(filename), size: Number(length) });
      return { body: { ok: true, upload_url: `${origin}/upload/${id}`, file_id: id } };
    },
    "files.completeUploadExternal": ({ files: given, channel_id, initial_comment, thread_ts }, app) => {
      const list = given as { readonly id: string }[];
      const named = list.map(({ id }) => ({ id, name: uploads.get(id)?.name ?? "?" }));
      const message: Message = {
        type: "message",
        subtype: "file_share",
        user: app.userId,
        bot_id: app.botId,
        text: String(initial_comment ?? ""),
        channel: String(channel_id),
        ts: timestamp(),
        files: named,
        ...(thread_ts !== undefined && { thread_ts }),
      };
      const files = list.map(({ id }) => uploads.get(id) ?? { name: "?", size: 0 });
      shared.push({ ts: message.ts, channel: message.channel, text: String(message["text"]), files });
      history.push(message);
      return { body: { ok: true, files: named } };
    },
    "files.info": ({ file }) => {
      const url = addresses.get(String(file));
      if (url !== undefined) return { body: { ok: true, file: { id: file, url_private_download: url } } };
      const message = history.find(({ files: inside }) =>
        (inside as { id: string }[] | undefined)?.some(({ id }) => id === file),
      );
      if (!message) return failed("file_not_found");
      return {
        body: { ok: true, file: { id: file, shares: { public: { [message.channel]: [{ ts: message.ts }] } } } },
      };
    },
  };

  function typeOf(channel: string): string {
    if (channel.startsWith("D")) return "im";
    return channels.get(channel)?.is_mpim ? "mpim" : "channel";
  }

  function eventBody(event: object, app: FakeApp = apps[0] as FakeApp): Record<string, unknown> {
    return {
      token: "legacy-verification-token",
      team_id: app.teamId,
      api_app_id: app.appId,
      type: "event_callback",
      event_id: `Ev${randomUUID().slice(0, 8).toUpperCase()}`,
      event_time: Math.floor(Date.now() / 1_000),
      authorizations: [{ team_id: app.teamId, user_id: app.userId, is_bot: true }],
      event,
    };
  }

  function push(event: object, to?: string): FakeFrame {
    const app = apps.find(({ userId }) => userId === to) ?? (apps[0] as FakeApp);
    return socket.push("events_api", eventBody(event, app), to);
  }

  function missed({ from, text = "", channel, channelType: _type, threadTs, to: _to, ...more }: Said): Message {
    users.set(from.id, users.get(from.id) ?? from);
    const where = channel ?? directId(from.id);
    const message: Message = {
      type: "message",
      user: from.id,
      text,
      channel: where,
      ts: timestamp(),
      team: apps[0]?.teamId,
      client_msg_id: randomUUID(),
      ...(threadTs !== undefined && { thread_ts: threadTs }),
      ...more,
    };
    history.push(message);
    return message;
  }

  const fake: FakeSlack = {
    url: `${origin}/api/`,
    wsUrl,
    port,
    socket,
    calls,
    posted,
    whispered,
    shared,
    push,
    mode(name, pattern) {
      [mode, only] = [name, pattern];
    },
    answerOnce: (pattern, body, status = 200, headers = {}) =>
      void scripted.push({ only: pattern, reply: { status, body, headers } }),
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
      push({ ...message, channel_type: said.channelType ?? typeOf(message.channel) }, said.to);
      return message;
    },
    command: ({ from, command, text = "", channel = directId(from.id) }) =>
      socket.push("slash_commands", {
        token: "legacy",
        team_id: apps[0]?.teamId,
        channel_id: channel,
        channel_name: channels.get(channel)?.name ?? "directmessage",
        user_id: from.id,
        user_name: from.name,
        command,
        text,
        api_app_id: apps[0]?.appId,
        trigger_id: `${timestamp()}.${from.id}`,
        response_url: `${origin}/commands/${randomUUID()}`,
      }),
    presses: ({ from, channel, ts, value, actionId = "oc:0:0" }) =>
      socket.push("interactive", {
        type: "block_actions",
        user: { id: from.id, username: from.name, team_id: apps[0]?.teamId },
        team: { id: apps[0]?.teamId },
        trigger_id: `${timestamp()}.${from.id}`,
        container: { type: "message", message_ts: ts, channel_id: channel },
        channel: { id: channel, name: channels.get(channel)?.name ?? "directmessage" },
        message: { ts, text: "" },
        response_url: `${origin}/commands/${randomUUID()}`,
        actions: [{ type: "button", action_id: actionId, block_id: "b", value, action_ts: timestamp() }],
      }),
    file(name, bytes, type, id) {
      const path = `/files-pri/${apps[0]?.teamId}-${randomUUID()}/download/${name}`;
      files.set(path, { bytes, type });
      if (id !== undefined) addresses.set(id, `${origin}${path}`);
      return `${origin}${path}`;
    },
    signed(body, { secret = apps[0]?.signingSecret ?? "", at = Math.floor(Date.now() / 1_000), type } = {}) {
      const mac = createHmac("sha256", secret).update(`v0:${at}:${body}`).digest("hex");
      return {
        "content-type": type ?? "application/json",
        "x-slack-request-timestamp": String(at),
        "x-slack-signature": `v0=${mac}`,
      };
    },
    eventBody,
    async close() {
      socket.close();
      server.closeAllConnections();
      if (server.listening) await new Promise((resolve) => server.close(resolve));
    },
    [Symbol.asyncDispose]: () => fake.close(),
  };
  return fake;
}

const OK: Reply = { body: { ok: true } };

function failed(error: string): Reply {
  return { body: { ok: false, error } };
}

/** The newest first, as Slack lists a history. */
function page(messages: readonly Message[], args: FakeCall["args"]): Reply {
  const { oldest = "0", latest = "99999999999", limit = 100, cursor = "0" } = args;
  const found = messages.filter(({ ts }) => Number(ts) > Number(oldest) && Number(ts) < Number(latest)).toReversed();
  const next = Number(cursor) + Number(limit);
  const response_metadata = { next_cursor: next < found.length ? String(next) : "" };
  return { body: { ok: true, messages: found.slice(Number(cursor), next), response_metadata } };
}

function send(response: ServerResponse, { status = 200, body, headers = {} }: Reply): void {
  if (typeof body === "string") return void response.writeHead(status, headers).end(body);
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
}

async function read(request: IncomingMessage, pathname: string): Promise<FakeCall> {
  const bytes = await buffer(request);
  const type = request.headers["content-type"] ?? "";
  const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1];
  return {
    method: pathname.startsWith("/api/") ? pathname.slice("/api/".length) : pathname,
    args: type.startsWith("application/json")
      ? (JSON.parse(bytes.toString()) as Record<string, unknown>)
      : fields(bytes, type),
    token: bearer,
    size: bytes.length,
    at: Date.now(),
  };
}

/** Forms hold structures as JSON. */
function fields(bytes: Buffer, type: string): Record<string, unknown> {
  if (!type.startsWith("application/x-www-form-urlencoded")) return {};
  return Object.fromEntries(
    [...new URLSearchParams(bytes.toString())].map(([name, value]) => [
      name,
      /^[[{]/.test(value) ? parsed(value) : value,
    ]),
  );
}

function parsed(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    // A text that only begins like JSON.
    return value;
  }
}
