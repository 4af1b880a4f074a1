import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import { parseMultipart } from "./telegram-multipart.ts";
import type { UploadedFile } from "./telegram-multipart.ts";
import { textProblem } from "./telegram-text.ts";

/** A call of the Bot API as the fake saw it. */
export interface TelegramCall {
  readonly token: string;
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly files: Readonly<Record<string, UploadedFile>>;
  /** When it came, by the monotonic clock. */
  readonly at: number;
}

/** How the server behaves: `rate-limit` once, the others until the mode changes. */
export type TelegramMode =
  | "ok"
  | "auth-fail"
  | "rate-limit"
  | "server-error"
  | "garbage"
  | "truncated"
  | "drop"
  | "hang"
  | "slow"
  | "conflict";

/** `lost`: done, but the connection breaks before the answer. */
export type TelegramAnswer =
  | { readonly result: unknown }
  | { readonly error_code: number; readonly description: string; readonly parameters?: object }
  | "drop"
  | "hang"
  | "lost";

export interface FakeBot {
  readonly id: number;
  readonly username: string;
  readonly readsAll?: boolean;
}

/** A Bot API server on loopback that speaks the real wire format. */
export interface FakeTelegram extends AsyncDisposable {
  /** For `channels.telegram.apiRoot`. */
  readonly url: string;
  readonly port: number;
  readonly calls: readonly TelegramCall[];
  /** Calls that became messages which people see, whatever was answered. */
  readonly arrived: readonly TelegramCall[];
  /** Connections that were opened since the start. */
  readonly connections: number;
  /** Registers another bot. */
  addBot(token: string, bot: FakeBot): void;
  /** An update for the bot; its number is given here. Returns it. */
  push(update: object, token?: string): number;
  /** A file for `getFile` and its download. */
  addFile(fileId: string, bytes: Uint8Array, path: string, size?: number): void;
  mode(name: TelegramMode, ofMethod?: string): void;
  /** What to answer the next call of a method with; several wait in line. */
  answerNext(method: string, answer: TelegramAnswer): void;
  of(method: string, token?: string): TelegramCall[];
  /** Updates that the bot has not confirmed. */
  unconfirmed(token?: string): number;
  webhook(token?: string): { readonly url: string; readonly secret: string };
  waitFor(predicate: (call: TelegramCall) => boolean, ms?: number): Promise<TelegramCall>;
  close(): Promise<void>;
}

export const FAKE_TOKEN = "123456:fake-token-abcdefghijklmnop";

interface Bot extends FakeBot {
  updates: { update_id: number }[];
  /** Answers the poll that is held. */
  release: ((updates: TelegramAnswer | undefined) => void) | undefined;
  webhook: { url: string; secret: string };
}

export async function startFakeTelegram(port = 0): Promise<FakeTelegram> {
  const bots = new Map<string, Bot>();
  const files = new Map<string, { bytes: Uint8Array; path: string; size: number }>();
  const calls: TelegramCall[] = [];
  const arrived: TelegramCall[] = [];
  const listeners = new Set<(call: TelegramCall) => void>();
  const scripted = new Map<string, TelegramAnswer[]>();
  let current: { name: TelegramMode; method: string | undefined } = { name: "ok", method: undefined };
  let nextUpdate = 100;
  let nextMessage = 5_000;
  let connections = 0;

  const server = createServer((request, response) => {
    void serve(request, response).catch(() => response.destroy());
  });
  server.on("connection", () => connections++);
  // What a test has seen of one connection must not depend on how long another one idled.
  server.keepAliveTimeout = 60_000;
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const { port: bound } = server.address() as AddressInfo;
  addBot(FAKE_TOKEN, { id: 1, username: "mybot" });

  function addBot(token: string, bot: FakeBot): void {
    bots.set(token, { ...bot, updates: [], release: undefined, webhook: { url: "", secret: "" } });
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = decodeURIComponent(request.url ?? "/");
    const file = /^\/file\/bot([^/]+)\/(.+)$/.exec(path);
    if (file) return sendFile(response, file[1] as string, file[2] as string);
    const [, token = "", method = ""] = /^\/bot([^/]+)\/(\w+)$/.exec(path) ?? [];
    const call = { token, method, ...(await readCall(request)), at: performance.now() };
    calls.push(call);
    for (const listener of listeners) listener(call);
    const answer = (await misbehaviour(call, response)) ?? scripted.get(method)?.shift() ?? perform(call, response);
    await send(response, call, await answer);
  }

  /** What the mode makes of the call, if it concerns it. */
  async function misbehaviour(call: TelegramCall, response: ServerResponse): Promise<TelegramAnswer | undefined> {
    const { name, method } = current;
    if (method !== undefined && method !== call.method) return undefined;
    if (name === "slow") await delay(2_000, undefined, { ref: false });
    if (name === "auth-fail") return { error_code: 401, description: "Unauthorized" };
    if (name === "server-error") return { error_code: 502, description: "Bad Gateway" };
    if (name === "conflict" && call.method === "getUpdates") return CONFLICT;
    if (name === "drop" || name === "hang") return name;
    if (name === "rate-limit") {
      current = { name: "ok", method: undefined };
      return tooMany(1);
    }
    if (name === "garbage" || name === "truncated") {
      response.writeHead(200, { "content-type": name === "garbage" ? "text/html" : "application/json" });
      response.end(name === "garbage" ? "<html><body>hello</body></html>" : '{"ok":true,"resu');
      return "hang";
    }
    return undefined;
  }

  async function perform(call: TelegramCall, response: ServerResponse): Promise<TelegramAnswer> {
    const bot = bots.get(call.token);
    if (!bot) return { error_code: 401, description: "Unauthorized" };
    const { params, method } = call;
    switch (method) {
      case "getMe":
        return { result: me(bot) };
      case "getUpdates":
        return getUpdates(bot, params, response);
      case "setWebhook":
        bot.webhook = { url: String(params["url"] ?? ""), secret: String(params["secret_token"] ?? "") };
        return { result: true };
      case "deleteWebhook":
        bot.webhook = { url: "", secret: "" };
        return { result: true };
      case "getWebhookInfo":
        return {
          result: { url: bot.webhook.url, has_custom_certificate: false, pending_update_count: bot.updates.length },
        };
      case "getFile":
        return fileInfo(String(params["file_id"]));
      case "getChatMember":
        return { result: { status: "member", user: me(bot) } };
      case "sendMediaGroup":
        arrived.push(call);
        return { result: (parse(params["media"]) as object[]).map(() => made(params)) };
    }
    if (method === "sendMessage" || method === "editMessageText") {
      const problem = textProblem(String(params["text"] ?? ""), params["parse_mode"]) ?? keyboardProblem(params);
      if (problem !== undefined) return { error_code: 400, description: `Bad Request: ${problem}` };
    }
    if (method === "sendChatAction" || !method.startsWith("send")) return { result: true };
    const caption = String(params["caption"] ?? "");
    const problem = caption === "" ? undefined : textProblem(caption, params["parse_mode"], 1_024);
    if (problem !== undefined) return { error_code: 400, description: `Bad Request: ${problem}` };
    arrived.push(call);
    return { result: made(params) };
  }

  function made(params: TelegramCall["params"]): object {
    const id = Number(params["chat_id"]);
    return {
      message_id: nextMessage++,
      date: Math.floor(Date.now() / 1_000),
      chat: { id: Number.isNaN(id) ? -1000 : id, type: id > 0 ? "private" : "supergroup" },
    };
  }

  async function getUpdates(
    bot: Bot,
    { offset, timeout, limit }: TelegramCall["params"],
    response: ServerResponse,
  ): Promise<TelegramAnswer> {
    if (bot.webhook.url !== "")
      return {
        error_code: 409,
        description: "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete it",
      };
    bot.release?.(CONFLICT);
    if (typeof offset === "number") bot.updates = bot.updates.filter(({ update_id: id }) => id >= offset);
    const page = () => ({ result: bot.updates.slice(0, typeof limit === "number" ? limit : 100) });
    if (bot.updates.length > 0 || !Number(timeout)) return page();
    const { promise, resolve } = Promise.withResolvers<TelegramAnswer | undefined>();
    const timer = setTimeout(() => resolve(undefined), Number(timeout) * 1_000);
    const gone = () => resolve("drop");
    bot.release = resolve;
    response.on("close", gone);
    const answer = await promise;
    clearTimeout(timer);
    response.off("close", gone);
    if (bot.release === resolve) bot.release = undefined;
    return answer ?? page();
  }

  function fileInfo(fileId: string): TelegramAnswer {
    const file = files.get(fileId);
    if (!file) return { error_code: 400, description: "Bad Request: invalid file_id" };
    return {
      result: { file_id: fileId, file_unique_id: `u${fileId}`, file_size: file.size, file_path: file.path },
    };
  }

  function sendFile(response: ServerResponse, token: string, path: string): void {
    const file = bots.has(token) ? [...files.values()].find((one) => one.path === path) : undefined;
    response.writeHead(file ? 200 : 404, { "content-type": "application/octet-stream" });
    response.end(file?.bytes);
  }

  async function send(response: ServerResponse, call: TelegramCall, answer: TelegramAnswer): Promise<void> {
    if (answer === "drop") return void response.destroy();
    if (answer === "hang") return;
    if (answer === "lost") {
      await perform(call, response);
      return void response.destroy();
    }
    const status = "result" in answer ? 200 : answer.error_code;
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify({ ok: status === 200, ...answer }));
  }

  const fake: FakeTelegram = {
    url: `http://127.0.0.1:${bound}`,
    port: bound,
    calls,
    arrived,
    get connections() {
      return connections;
    },
    addBot,
    push(update, token = FAKE_TOKEN) {
      const bot = bots.get(token) as Bot;
      const numbered = { update_id: nextUpdate, ...update };
      nextUpdate = Math.max(nextUpdate, numbered.update_id) + 1;
      bot.updates.push(numbered);
      bot.release?.(undefined);
      return numbered.update_id;
    },
    addFile(fileId, bytes, path, size = bytes.length) {
      files.set(fileId, { bytes, path, size });
    },
    mode(name, method) {
      current = { name, method };
      // A poll that is held is a connection like any other.
      if (name === "drop") for (const bot of bots.values()) bot.release?.("drop");
      if (name === "conflict") for (const bot of bots.values()) bot.release?.(CONFLICT);
    },
    answerNext(method, answer) {
      scripted.set(method, [...(scripted.get(method) ?? []), answer]);
    },
    of: (method, token) => calls.filter((call) => call.method === method && (token ?? call.token) === call.token),
    unconfirmed: (token = FAKE_TOKEN) => bots.get(token)?.updates.length ?? 0,
    webhook: (token = FAKE_TOKEN) => ({ ...(bots.get(token) as Bot).webhook }),
    waitFor(predicate, ms = 10_000) {
      const seen = calls.find(predicate);
      if (seen) return Promise.resolve(seen);
      const { promise, resolve, reject } = Promise.withResolvers<TelegramCall>();
      const listener = (call: TelegramCall) => void (predicate(call) && resolve(call));
      const timer = setTimeout(() => reject(new Error(`no such call within ${ms} ms: ${predicate}`)), ms);
      listeners.add(listener);
      return promise.finally(() => {
        clearTimeout(timer);
        listeners.delete(listener);
      });
    },
    async close() {
      if (!server.listening) return;
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
    [Symbol.asyncDispose]: () => fake.close(),
  };
  return fake;
}

const CONFLICT = {
  error_code: 409,
  description: "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
} as const;

export function tooMany(seconds: number): TelegramAnswer {
  return {
    error_code: 429,
    description: `Too Many Requests: retry after ${seconds}`,
    parameters: { retry_after: seconds },
  };
}

function me({ id, username, readsAll = true }: FakeBot): object {
  return {
    id,
    is_bot: true,
    first_name: "B",
    username,
    can_join_groups: true,
    can_read_all_group_messages: readsAll,
    supports_inline_queries: false,
  };
}

function keyboardProblem(params: TelegramCall["params"]): string | undefined {
  const { inline_keyboard: rows = [] } = (parse(params["reply_markup"]) ?? {}) as {
    readonly inline_keyboard?: readonly (readonly { readonly callback_data?: string }[])[];
  };
  const isLong = rows.flat().some(({ callback_data: data = "" }) => Buffer.byteLength(data) > 64);
  return isLong ? "BUTTON_DATA_INVALID" : undefined;
}

/** Fields of a form are text; those of a JSON body are what they are. */
function parse(value: unknown): unknown {
  return typeof value === "string" ? JSON.parse(value) : value;
}

async function readCall(request: IncomingMessage): Promise<Pick<TelegramCall, "params" | "files">> {
  const body = await buffer(request);
  const type = request.headers["content-type"] ?? "";
  if (type.startsWith("multipart/form-data")) {
    const { fields, files } = parseMultipart(body, type);
    return { params: fields, files };
  }
  return {
    params: body.length === 0 ? {} : (JSON.parse(body.toString("utf8")) as object as TelegramCall["params"]),
    files: {},
  };
}
