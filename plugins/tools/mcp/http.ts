import { serverEvents } from "openclaw/plugin-sdk";
import { boundedBody } from "openclaw/plugin-sdk/net";
import type { Message, Receiver, Transport } from "./rpc.ts";
import type { ServerSetting } from "./setting.ts";
import { messageIn } from "./stdio.ts";

const ERROR_CHARS = 200;
const MAX_ANSWER = 16_000_000;
const CLOSE_MS = 2_000;
const ENDPOINT_MS = 10_000;

/** A server behind an address: each message is a request of its own, answered with JSON or a stream of events. */
export function openHttp({ url = "", headers = {} }: ServerSetting, receiver: Receiver, version: string): Transport {
  const abort = new AbortController();
  let session: string | undefined;
  const all = () => ({
    ...headers,
    accept: "application/json, text/event-stream",
    "content-type": "application/json",
    "mcp-protocol-version": version,
    ...(session !== undefined && { "mcp-session-id": session }),
  });
  return {
    async send(message, signal) {
      const response = await fetch(url, {
        method: "POST",
        headers: all(),
        body: JSON.stringify(message),
        // A header of ours must not follow to another address.
        redirect: "error",
        signal: signal ? AbortSignal.any([signal, abort.signal]) : abort.signal,
      });
      session = response.headers.get("mcp-session-id") ?? session;
      if (response.status === 404 && session !== undefined) {
        receiver.closed("the server has forgotten the session");
        throw new Error("the server has forgotten the session");
      }
      if (!response.ok) throw await refusalOf(response);
      await deliver(response, receiver);
    },
    async close() {
      abort.abort();
      if (session === undefined) return;
      const signal = AbortSignal.timeout(CLOSE_MS);
      await fetch(url, { method: "DELETE", headers: all(), redirect: "error", signal }).catch(() => undefined);
    },
  };
}

/** The older way: one stream of events for what comes, an address told in it for what goes. */
export async function openEvents({ url = "", headers = {} }: ServerSetting, receiver: Receiver): Promise<Transport> {
  const abort = new AbortController();
  const late = setTimeout(() => abort.abort(new Error("the server names no address for messages")), ENDPOINT_MS);
  const endpoint = Promise.withResolvers<URL>();
  const follow = async (body: AsyncIterable<Uint8Array>) => {
    for await (const { event, data } of serverEvents(body)) {
      const message = event === "message" ? messageIn(data) : undefined;
      if (message) receiver.receive(message);
      if (event !== "endpoint") continue;
      const address = new URL(data, url);
      // What is secret in our headers is for this server alone.
      if (address.origin !== new URL(url).origin) throw new Error(`it names an address elsewhere: ${address.origin}`);
      endpoint.resolve(address);
    }
    throw new Error("it has ended");
  };
  let address: URL;
  try {
    const accept = { ...headers, accept: "text/event-stream" };
    const response = await fetch(url, { headers: accept, redirect: "error", signal: abort.signal });
    if (!response.ok || !response.body) throw await refusalOf(response);
    follow(response.body).catch((error: unknown) => {
      endpoint.reject(error as Error);
      receiver.closed(`the stream of the server: ${(error as Error).message}`);
    });
    address = await endpoint.promise;
  } catch (error) {
    abort.abort();
    throw error;
  } finally {
    clearTimeout(late);
  }
  return {
    async send(message: Message, signal) {
      const sent = await fetch(address, {
        method: "POST",
        headers: { ...headers, "content-type": "application/json" },
        body: JSON.stringify(message),
        redirect: "error",
        signal: signal ? AbortSignal.any([signal, abort.signal]) : abort.signal,
      });
      if (!sent.ok) throw await refusalOf(sent);
      await sent.body?.cancel();
    },
    close: async () => abort.abort(),
  };
}

async function deliver(response: Response, receiver: Receiver): Promise<void> {
  const type = response.headers.get("content-type") ?? "";
  if (type.includes("text/event-stream") && response.body) {
    for await (const { data } of serverEvents(response.body)) {
      const message = messageIn(data);
      if (message) receiver.receive(message);
    }
    return;
  }
  const message = messageIn(await textOf(response));
  if (message) receiver.receive(message);
}

async function refusalOf(response: Response): Promise<Error> {
  const said = (await textOf(response).catch(() => "")).replaceAll(/\s+/g, " ").trim().slice(0, ERROR_CHARS);
  return new Error(`the server answered ${response.status}${said === "" ? "" : `: ${said}`}`);
}

async function textOf(response: Response): Promise<string> {
  return (await boundedBody(response, MAX_ANSWER)).toString("utf8");
}
