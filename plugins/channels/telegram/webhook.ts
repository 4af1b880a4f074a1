import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { errorText, secretEquals } from "openclaw/plugin-sdk";
import type { HttpExchange, Logger } from "openclaw/plugin-sdk";
import type { WireUpdate } from "./wire.ts";

export const MAX_BODY_BYTES = 1_048_576;
const SECRET_HEADER = "x-telegram-bot-api-secret-token";
const READ_MS = 15_000;

export interface Receiver {
  readonly accountId: string;
  readonly secret: string;
  readonly take: (update: WireUpdate) => Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly text?: string;
}

/** Accounts that are told of updates by HTTP, each on a path of its own. */
export class Webhooks {
  readonly #receivers = new Map<string, Receiver>();
  readonly #log: Logger;

  constructor(log: Logger) {
    this.#log = log;
  }

  /** The account that a path belongs to. */
  holder(path: string): string | undefined {
    return this.#receivers.get(path)?.accountId;
  }

  /** Returns the undo. */
  add(path: string, receiver: Receiver): () => void {
    this.#receivers.set(path, receiver);
    return () => {
      if (this.#receivers.get(path) === receiver) this.#receivers.delete(path);
    };
  }

  /** A request on the gateway's own port; its method, type and size have been checked. */
  async handle({ request, url, body, reply }: HttpExchange): Promise<void> {
    const receiver = this.#receivers.get(url.pathname);
    const refused = refusal(request, receiver);
    if (refused || !receiver) return reply(refused?.status ?? 404);
    const { status, text } = await this.answer(receiver, await body());
    reply(status, text);
  }

  /** 200 only once the update is durable: Telegram repeats what was answered otherwise. */
  async answer({ take }: Receiver, body: Buffer): Promise<Answer> {
    const update = parsed(body);
    if (!update) return { status: 400, text: "not an update" };
    try {
      await take(update);
      return { status: 200 };
    } catch (error) {
      this.#log.warn(`an update could not be kept; Telegram sends it again: ${errorText(error)}`);
      return { status: 503 };
    }
  }

  /** A listener of its own, for one account. */
  async listen(host: string, port: number, path: string, receiver: Receiver): Promise<Listener> {
    const server = createServer({ requestTimeout: READ_MS, headersTimeout: READ_MS }, (request, response) => {
      void this.#serve(request, response, path, receiver).catch((error: unknown) => {
        this.#log.debug(`a webhook request ended early: ${errorText(error)}`);
        response.destroy();
      });
    });
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    server.once("error", reject);
    server.listen(port, host, resolve);
    await promise;
    return { port: (server.address() as AddressInfo).port, close: () => closed(server) };
  }

  async #serve(request: IncomingMessage, response: ServerResponse, path: string, receiver: Receiver): Promise<void> {
    const end = ({ status, text = "" }: Answer) => {
      response.writeHead(status, {
        "content-type": "text/plain; charset=utf-8",
        ...(!request.complete && { connection: "close" }),
      });
      response.end(text);
    };
    const target = URL.parse(request.url ?? "/", "http://webhook")?.pathname;
    if (target !== path) return end({ status: 404 });
    if (request.method !== "POST") return end({ status: 405 });
    const refused = refusal(request, receiver);
    if (refused) return end(refused);
    const body = await read(request);
    if (!body) return end({ status: 413 });
    end(await this.answer(receiver, body));
  }
}

export interface Listener {
  readonly port: number;
  close(): Promise<void>;
}

/** Before a byte of the body is read. */
function refusal({ headers }: IncomingMessage, receiver: Receiver | undefined): Answer | undefined {
  if (!receiver) return { status: 404 };
  return secretEquals(headers[SECRET_HEADER], receiver.secret) ? undefined : { status: 401 };
}

async function read(request: IncomingMessage): Promise<Buffer | undefined> {
  if (Number(request.headers["content-length"] ?? 0) > MAX_BODY_BYTES) return undefined;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function parsed(body: Buffer): WireUpdate | undefined {
  try {
    const update: unknown = JSON.parse(body.toString("utf8"));
    const isUpdate = typeof update === "object" && update !== null && "update_id" in update;
    return isUpdate ? (update as WireUpdate) : undefined;
  } catch {
    // Said to the caller with the status.
    return undefined;
  }
}

async function closed(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  server.closeAllConnections();
  await promise;
}
