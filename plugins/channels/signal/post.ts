import { Agent, request } from "node:http";
import type { IncomingMessage, RequestOptions } from "node:http";
import { Agent as TlsAgent, request as tlsRequest } from "node:https";
import { urlToHttpOptions } from "node:url";
import { SignalFailure } from "./failure.ts";

/** A connection that nobody uses is closed before the daemon does so: one that is being closed must not be written to. */
const IDLE_MS = 4_000;

export interface PostOptions {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** Posts JSON to one address over connections that stay open. Each message is three calls, and `fetch` costs thrice as much. */
export class Post {
  readonly #options: RequestOptions;
  readonly #request: typeof request;

  constructor(address: string) {
    const url = new URL(address);
    const isTls = url.protocol === "https:";
    const kept = { keepAlive: true, timeout: IDLE_MS };
    this.#request = isTls ? tlsRequest : request;
    this.#options = {
      ...urlToHttpOptions(url),
      method: "POST",
      agent: isTls ? new TlsAgent(kept) : new Agent(kept),
    };
  }

  /** Resolves with the whole answer. Rejects with what the network says, or a {@link SignalFailure}. */
  send(body: string, { signal, timeoutMs, maxBytes }: PostOptions): Promise<Answer> {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
    const call = this.#request({ ...this.#options, headers });
    const cut = (error: unknown) => {
      reject(error);
      call.destroy();
    };
    const stop = () => cut(signal?.reason);
    const late = setTimeout(() => cut(new SignalFailure("lost", "signal-cli did not answer in time")), timeoutMs);
    call.on("error", reject);
    call.on("response", (response) => readText(response, maxBytes, { resolve, reject: cut }));
    if (signal?.aborted) stop();
    else call.end(body);
    signal?.addEventListener("abort", stop, { once: true });
    return promise.finally(() => {
      clearTimeout(late);
      signal?.removeEventListener("abort", stop);
    });
  }
}

interface Settle {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

function readText(response: IncomingMessage, maxBytes: number, { resolve, reject }: Settle): void {
  const parts: Buffer[] = [];
  let bytes = 0;
  response.on("error", reject);
  response.on("data", (part: Buffer) => {
    bytes += part.length;
    if (bytes > maxBytes)
      return reject(new SignalFailure("rejected", `signal-cli answered more than ${maxBytes / 1_048_576} MB`));
    parts.push(part);
  });
  response.on("end", () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(parts).toString("utf8") }));
}
