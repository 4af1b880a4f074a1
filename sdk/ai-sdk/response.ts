import type { IncomingMessage } from "node:http";

/** Answers that cannot have a body. */
const EMPTY: ReadonlySet<number> = new Set([204, 205, 304]);

/** A message of Node as what `fetch` gives: the body is read when it is asked for, and let go of when it is not. */
export function responseOf(message: IncomingMessage, signal: AbortSignal | undefined): Response {
  const { statusCode: status = 0, statusMessage: statusText = "", rawHeaders } = message;
  const headers = new Headers();
  for (let at = 0; at < rawHeaders.length; at += 2)
    headers.append(rawHeaders[at] as string, rawHeaders[at + 1] as string);
  if (!EMPTY.has(status)) return new Response(bodyOf(message, signal), { status, statusText, headers });
  message.resume();
  return new Response(null, { status, statusText, headers });
}

function bodyOf(message: IncomingMessage, signal: AbortSignal | undefined): ReadableStream<Uint8Array> {
  let isOver = false;
  return new ReadableStream<Uint8Array>({
    start(controller) {
      const fail = (cause?: Error) => {
        if (isOver) return;
        isOver = true;
        controller.error(signal?.aborted ? signal.reason : new TypeError("terminated", { cause }));
      };
      message.on("data", (part: Buffer) => {
        // What was read already comes even after it is let go of.
        if (isOver) return;
        controller.enqueue(part);
        if ((controller.desiredSize ?? 0) <= 0) message.pause();
      });
      message.once("end", () => {
        if (isOver) return;
        isOver = true;
        controller.close();
      });
      message.once("error", fail);
      // Cut off without a word.
      message.once("close", () => fail());
      message.pause();
    },
    pull: () => void message.resume(),
    cancel() {
      isOver = true;
      message.destroy();
    },
  });
}
