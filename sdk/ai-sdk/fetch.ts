import { once } from "node:events";
import { createServer, request as httpRequest } from "node:http";
import type { IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import type { AddressInfo } from "node:net";
import { WARM_UP } from "../services/models.ts";
import { responseOf } from "./response.ts";

/** An answer that costs nothing: reading it loads and compiles what the first real one would wait for. */
const CANNED = [
  { choices: [{ index: 0, delta: { role: "assistant", content: "." }, finish_reason: null }] },
  { choices: [{ index: 0, delta: {}, finish_reason: "stop" }] },
  { choices: [], usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 } },
]
  .map((part) => `data: ${JSON.stringify({ id: "canned", created: 1, model: "canned", ...part })}\n\n`)
  .join("");

/**
 * Requests to a model go to the address that was configured and nowhere else: they carry a key and people's words. They
 * go over plain HTTP of Node, which has a request on its way in half the time of `fetch`; what they fail with is the same.
 */
export const modelFetch: typeof fetch = async (input, init = {}) => {
  if (init.signal?.reason === WARM_UP.reason) return canned(init);
  const response = await (isText(input, init) ? sent(input, init) : fetch(input, { ...init, redirect: "manual" }));
  if (response.status < 300 || response.status >= 400) return response;
  await response.body?.cancel();
  const target = response.headers.get("location") ?? "somewhere else";
  throw new Error(`the server redirects to ${target}; set that as baseUrl if it is right`);
};

type Input = Parameters<typeof fetch>[0];

/** What libraries ask of a model: text, sent to an address. */
function isText(input: Input, { body }: RequestInit): boolean {
  return !(input instanceof Request) && typeof body === "string";
}

async function sent(input: Input, { method = "POST", headers, body, signal }: RequestInit): Promise<Response> {
  signal?.throwIfAborted();
  const url = new URL(input as string | URL);
  const text = body as string;
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const begin = url.protocol === "https:" ? httpsRequest : httpRequest;
  const request = begin(url, {
    method,
    headers: { ...Object.fromEntries(new Headers(headers)), "content-length": Buffer.byteLength(text) },
  });
  const stop = () => request.destroy();
  signal?.addEventListener("abort", stop, { once: true });
  request.once("response", resolve);
  // Once the answer has begun its reader is told, and nobody here.
  request.on("error", (cause) => reject(signal?.aborted ? signal.reason : new TypeError("fetch failed", { cause })));
  request.once("close", () => {
    signal?.removeEventListener("abort", stop);
    // Destroyed before there was anything to fail.
    reject(signal?.aborted ? signal.reason : new TypeError("fetch failed"));
  });
  request.end(text);
  return responseOf(await promise, signal ?? undefined);
}

/** The whole way there and back, to a page of this process that is gone right after. */
async function canned({ body }: RequestInit): Promise<Response> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { "content-type": "text/event-stream", connection: "close" });
    response.end(`${CANNED}data: [DONE]\n\n`);
    server.close();
  });
  server.listen(0, "127.0.0.1").unref();
  await once(server, "listening");
  return sent(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, { body: String(body) });
}
