import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { eventually } from "openclaw/plugin-sdk/testing";

/** How the daemon behaves: the modes that all networks of the tests have. */
export type Mode = "ok" | "auth-fail" | "rate-limit" | "server-error" | "garbage" | "drop" | "hang" | "slow" | "lost";

export interface RpcCall {
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
}

export interface FakeSignal extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  /** Every call of a method, oldest first. */
  readonly calls: RpcCall[];
  /** How often the stream of events was opened. */
  readonly streams: () => number;
  /** How often the daemon was asked which accounts it has, with an answer or without. */
  readonly logins: () => number;
  /** Bytes of attachments by id. */
  readonly attachments: Map<string, Buffer>;
  /** The phone scans the code of a link, and agrees or does not. Once. */
  scan(how: Phone): void;
  /** `rate-limit` is for one call, and so is `lost`: sent, without an answer. Every other stays. */
  mode(name: Mode): void;
  /** The daemon serves one account only: it does not link. */
  single(): void;
  /** An event of the daemon, as it comes: an envelope. */
  push(envelope: object): void;
  /** Text of the stream as it is, cut as the test wants. */
  write(text: string): void;
  /** End all streams of events. */
  endStreams(): void;
  waitFor(predicate: (call: RpcCall) => boolean, what?: string): Promise<RpcCall>;
  close(): Promise<void>;
}

export interface Phone {
  readonly number?: string;
  readonly refused?: string;
}

/** What a code of a link begins with. */
export const LINK = "sgnl://linkdevice?uuid=u";
export const ACCOUNT = "+15550100";
export const ACCOUNT_UUID = "0b1c2d3e-0000-4000-8000-000000000001";

/** A daemon of signal-cli on loopback: JSON-RPC over HTTP, and a stream of events (channels.md §3.5). */
export async function startFakeSignal(port = 0): Promise<FakeSignal> {
  const calls: RpcCall[] = [];
  const streams = new Set<ServerResponse>();
  const attachments = new Map<string, Buffer>();
  let isSingle = false;
  let opened = 0;
  let logins = 0;
  let mode: Mode = "ok";
  const phone = Promise.withResolvers<Phone>();
  let clock = 1_800_000_000_000;
  /** Sent before anybody listened: the daemon of a real account keeps them as well. */
  const early: string[] = [];

  const server = createServer((request, response) => {
    void answer(request, response).catch(() => response.destroy());
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? "/", "http://daemon");
    if (mode === "drop") return void request.socket.destroy();
    if (mode === "hang") return;
    if (pathname === "/api/v1/check") return void response.writeHead(mode === "server-error" ? 500 : 200).end();
    if (pathname === "/api/v1/events" && request.method === "GET") {
      opened++;
      response.writeHead(200, { "content-type": "text/event-stream" }).flushHeaders();
      response.write(":\n\n");
      for (const text of early.splice(0)) response.write(text);
      streams.add(response);
      response.on("close", () => streams.delete(response));
      return;
    }
    if (pathname !== "/api/v1/rpc" || request.method !== "POST") return void response.writeHead(404).end();
    let body = "";
    for await (const part of request.setEncoding("utf8")) body += String(part);
    const { id, method, params = {} } = JSON.parse(body) as { id: string; method: string; params?: RpcCall["params"] };
    if (method === "listAccounts") logins++;
    if (mode === "slow") await new Promise((resolve) => setTimeout(resolve, 2_000));
    if (mode === "server-error") return void response.writeHead(500).end("oops");
    if (mode === "garbage") return void response.writeHead(200).end("<html>");
    const tell = (content: object) =>
      void response
        .writeHead(200, { "content-type": "application/json" })
        .end(JSON.stringify({ jsonrpc: "2.0", id, ...content }));
    const refuse = (message: string, code = -1) => tell({ error: { code, message } });
    if (mode === "auth-fail" && method !== "version") return refuse("Specified account does not exist");
    if (mode === "rate-limit" && method === "send") {
      mode = "ok";
      return refuse("Rate limit exceeded: solve https://signalcaptchas.org/challenge/generate.html");
    }
    calls.push({ method, params });
    if (mode === "lost" && method === "send") {
      mode = "ok";
      return void request.socket.destroy();
    }
    if (isSingle && /Link$|^listAccounts$/.test(method)) return refuse("Method not implemented", -32_601);
    switch (method) {
      case "version":
        return tell({ result: { version: "0.13.19" } });
      case "listAccounts":
        return tell({ result: [{ number: ACCOUNT, uuid: ACCOUNT_UUID }, { number: "+15550101" }] });
      case "startLink":
        return tell({ result: { deviceLinkUri: `${LINK}&pub_key=k${calls.length}` } });
      case "finishLink":
        void phone.promise.then(({ number, refused }) => (refused ? refuse(refused) : tell({ result: { number } })));
        return;
      case "send":
      case "remoteDelete":
        return tell({ result: { timestamp: ++clock, results: [{ type: "SUCCESS" }] } });
      case "sendTyping":
      case "sendReceipt":
      case "sendReaction":
        return tell({ result: {} });
      case "getAttachment": {
        const bytes = attachments.get(String(params["id"]));
        return bytes ? tell({ result: { data: bytes.toString("base64") } }) : refuse("attachment not found");
      }
      default:
        return refuse("Method not implemented", -32_601);
    }
  }

  const send = (text: string) => {
    if (streams.size === 0) early.push(text);
    for (const stream of streams) stream.write(text);
  };
  await once(server.listen(port, "127.0.0.1"), "listening");
  const bound = (server.address() as AddressInfo).port;

  const fake: FakeSignal = {
    url: `http://127.0.0.1:${bound}`,
    port: bound,
    calls,
    streams: () => opened,
    logins: () => logins,
    attachments,
    scan: (how) => phone.resolve(how),
    single: () => void (isSingle = true),
    mode(name) {
      mode = name;
    },
    push: (envelope) => send(`event:receive\ndata:${JSON.stringify({ account: ACCOUNT, envelope })}\n\n`),
    write: send,
    endStreams() {
      for (const stream of streams) stream.end();
    },
    waitFor: (predicate, what = "a call") => eventually(what, () => calls.find((call) => predicate(call)), 20_000),
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
    [Symbol.asyncDispose]: () => fake.close(),
  };
  return fake;
}

/** What somebody wrote, as the daemon tells it. */
export function written(
  text: string,
  { from = "+15550199", timestamp = Date.now(), group, ...data }: Readonly<Record<string, unknown>> = {},
): object {
  return {
    source: from,
    sourceNumber: from,
    sourceUuid: `0b1c2d3e-0000-4000-8000-${String(from).replace(/\D/g, "").slice(-12).padStart(12, "0")}`,
    sourceName: "Ann",
    sourceDevice: 1,
    timestamp,
    dataMessage: {
      timestamp,
      message: text,
      ...(group !== undefined && { groupInfo: { groupId: group, groupName: "Tea", type: "DELIVER" } }),
      ...data,
    },
  };
}
