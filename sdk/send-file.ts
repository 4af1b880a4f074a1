import type { FileHandle } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";

/** Up to here a stream costs more than it saves. */
const MAX_AT_ONCE_BYTES = 65_536;

export interface OpenFile {
  readonly handle: FileHandle;
  readonly size: number;
}

/**
 * Answers with an open file, or with the part of it that a `Range` asks for; HEAD gets the headers alone. The handle
 * stays open. A file that becomes shorter meanwhile ends the answer, so that nobody waits for the rest of it.
 */
export async function sendFile(
  { request, response }: { readonly request: IncomingMessage; readonly response: ServerResponse },
  { handle, size }: OpenFile,
  headers: Readonly<Record<string, string>>,
): Promise<void> {
  const range = rangeOf(request.headers.range, size);
  if (range === "unsatisfiable") {
    return void response.writeHead(416, { ...headers, "content-range": `bytes */${size}` }).end();
  }
  const { start, last } = range ?? { start: 0, last: size - 1 };
  const length = last - start + 1;
  const open = (bytes: number) =>
    response.writeHead(range ? 206 : 200, {
      ...headers,
      "accept-ranges": "bytes",
      "content-length": String(bytes),
      ...(range && { "content-range": `bytes ${start}-${start + bytes - 1}/${size}` }),
    });
  if (request.method === "HEAD" || length === 0) return void open(length).end();
  if (length <= MAX_AT_ONCE_BYTES) {
    const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(length), 0, length, start);
    if (range && bytesRead < length) return void response.destroy();
    return void open(bytesRead).end(buffer.subarray(0, bytesRead));
  }
  open(length);
  const bytes = handle.createReadStream({ start, end: last, autoClose: false });
  // Whoever goes away in the middle of a file has said what there is to say.
  await pipeline(bytes, response, { end: false }).catch(() => undefined);
  if (bytes.bytesRead < length) response.destroy();
  else response.end();
}

/** RFC 9110 §14.2, one range; what is no range is the whole. */
function rangeOf(
  header: string | undefined,
  size: number,
): { start: number; last: number } | "unsatisfiable" | undefined {
  const [, from = "", to = ""] = /^bytes=(\d*)-(\d*)$/.exec(header ?? "") ?? [];
  if (from === "" && to === "") return undefined;
  const start = from === "" ? Math.max(0, size - Number(to)) : Number(from);
  const last = from === "" || to === "" ? size - 1 : Math.min(Number(to), size - 1);
  return start > last ? "unsatisfiable" : { start, last };
}
