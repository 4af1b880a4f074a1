import type { HttpExchange } from "../http.ts";

const limited = new WeakSet<object>();

/** Answer 413 when a handler that reads the request itself is sent more than `maxBytes`. */
export function limitBody({ request, response, reply }: HttpExchange, maxBytes: number): void {
  if (limited.has(request)) return;
  limited.add(request);
  const push = request.push.bind(request);
  let size = request.readableLength;
  // The parser hands every part of the body to `push`; listening for data instead would start the flow.
  request.push = (chunk: unknown, encoding?: BufferEncoding) => {
    size += (chunk as Buffer | null)?.length ?? 0;
    if (size <= maxBytes) return push(chunk, encoding);
    // Not even the end is passed on, or half a body would be taken for a whole one.
    if (!response.headersSent) {
      reply(413, { error: { message: "payload too large", type: "invalid_request_error" } }, { connection: "close" });
      response.once("finish", () => request.destroy(new Error("payload too large")));
    }
    return false;
  };
}
