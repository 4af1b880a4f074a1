import type { IncomingMessage } from "node:http";

/** A line of an answer, which is one event of it. Whoever reads the answer holds all of a line before it is understood. */
const MAX_LINE_BYTES = 8 * 1024 * 1024;
const MAX_BYTES = 128 * 1024 * 1024;
/** An answer that says what is wrong. */
const MAX_ERROR_BYTES = 1024 * 1024;
const LINE_BREAK = 10;

/** Answers that cannot have a body. */
const EMPTY: ReadonlySet<number> = new Set([204, 205, 304]);

/**
 * A message of Node as what `fetch` gives: the body is read when it is asked for, and let go of when it is not or when it
 * does not end.
 */
export function responseOf(message: IncomingMessage, signal: AbortSignal | undefined): Response {
  const { statusCode: status = 0, statusMessage: statusText = "", rawHeaders } = message;
  if (status < 200 || status > 599) {
    message.destroy();
    throw new Error(`the server answers with status ${status}, which is none`);
  }
  const headers = new Headers();
  for (let at = 0; at < rawHeaders.length; at += 2)
    headers.append(rawHeaders[at] as string, rawHeaders[at + 1] as string);
  if (!EMPTY.has(status))
    return new Response(bodyOf(message, signal, status < 400 ? MAX_BYTES : MAX_ERROR_BYTES), {
      status,
      statusText,
      headers,
    });
  message.resume();
  return new Response(null, { status, statusText, headers });
}

function bodyOf(
  message: IncomingMessage,
  signal: AbortSignal | undefined,
  mostBytes: number,
): ReadableStream<Uint8Array> {
  let isOver = false;
  let bytes = 0;
  let lineBytes = 0;
  /** Is that more than anybody wants to read? */
  const isFlood = (part: Buffer) => {
    const at = part.lastIndexOf(LINE_BREAK);
    bytes += part.length;
    lineBytes = at < 0 ? lineBytes + part.length : part.length - at - 1;
    return bytes > mostBytes || lineBytes > MAX_LINE_BYTES;
  };
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
        if (isFlood(part)) {
          isOver = true;
          controller.error(new Error(`the answer is larger than anybody can read, and was cut off at ${bytes} bytes`));
          message.destroy();
          return;
        }
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
