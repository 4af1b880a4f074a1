import type { IncomingMessage, ServerResponse } from "node:http";
import { GatewayError } from "openclaw/plugin-sdk";

/** security.md S-18. */
const TOTAL_MS = 15_000;
const IDLE_MS = 5_000;
const MIN_BYTES_PER_S = 1_024;
const MAX_IN_FLIGHT = 32;
const CHECK_MS = 500;
/** What is read of a body nobody wants, so that the answer before it arrives (http.md §2). */
const DRAIN_BYTES = 1_048_576;
const DRAIN_MS = 1_000;

/** A body that was not taken, with the status that says why. */
export class BodyError extends GatewayError {
  readonly status: number;

  constructor(status: number, message: string) {
    super("INVALID_REQUEST", message);
    this.status = status;
  }
}

/** Reads request bodies: bounded in size, time, pace and number. */
export class Bodies {
  #inFlight = 0;

  /** The whole body, or a {@link BodyError}: 408, 413 or 503. */
  async read(request: IncomingMessage, response: ServerResponse, maxBytes: number): Promise<Buffer> {
    if (this.#inFlight >= MAX_IN_FLIGHT) throw new BodyError(503, "too many bodies in flight");
    if (request.headers.expect !== undefined) response.writeContinue();
    this.#inFlight++;
    try {
      return await collect(request, maxBytes);
    } finally {
      this.#inFlight--;
    }
  }
}

export function hasBody({ headers }: IncomingMessage): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
}

/** Read on without keeping anything; `done` when that was all, or when it is too much or too slow. */
export function discard(request: IncomingMessage, done: () => void): void {
  let left = DRAIN_BYTES;
  const finish = () => {
    clearTimeout(timer);
    done();
  };
  const timer = setTimeout(finish, DRAIN_MS);
  request.on("data", (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) finish();
  });
  request.once("end", finish);
  request.once("close", finish);
  request.resume();
}

function collect(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const chunks: Buffer[] = [];
  const startedAt = performance.now();
  let lastAt = startedAt;
  let size = 0;
  const watch = setInterval(() => {
    const now = performance.now();
    const age = now - startedAt;
    const isSlow = age > IDLE_MS && size < (age / 1_000) * MIN_BYTES_PER_S;
    if (age > TOTAL_MS || now - lastAt > IDLE_MS || isSlow) reject(new BodyError(408, "body took too long"));
  }, CHECK_MS);
  const take = (chunk: Buffer) => {
    lastAt = performance.now();
    size += chunk.length;
    if (size > maxBytes) reject(new BodyError(413, "payload too large"));
    else chunks.push(chunk);
  };
  request.on("data", take);
  request.on("end", () => resolve(Buffer.concat(chunks)));
  // The peer's doing: an AbortError is not counted as a fault of the plugin that waits.
  const gone = () => reject(new DOMException("the request ended before its body", "AbortError"));
  request.on("error", gone);
  request.on("close", gone);
  return promise.finally(() => {
    clearInterval(watch);
    request.off("data", take);
  });
}
