import { readFile, rm } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { downloadContentFromMessage, encryptedStream } from "@whiskeysockets/baileys";
import type { MediaType } from "@whiskeysockets/baileys";

/** What a message says of a file. */
export interface Pointer {
  readonly directPath: string;
  readonly url: string;
  readonly mediaKey: Uint8Array;
  readonly fileLength: number;
  readonly fileSha256: Uint8Array;
  readonly fileEncSha256: Uint8Array;
}

/** The servers that keep the files of messages, encrypted by who sent them. */
export class MediaShelf {
  readonly #files = new Map<string, Buffer>();
  /** Paths that were asked for. */
  readonly asked: string[] = [];
  #count = 0;

  /** A file that somebody sent, as the message points to it. */
  async put(bytes: Buffer, kind: MediaType): Promise<Pointer> {
    const sealed = await encryptedStream(bytes, kind);
    const directPath = `/v/t62/${++this.#count}?ccb=11-4`;
    this.#files.set(directPath, await readFile(sealed.encFilePath));
    await rm(sealed.encFilePath, { force: true });
    const { mediaKey, fileLength, fileSha256, fileEncSha256 } = sealed;
    const url = "https://files.example/somewhere-else";
    return { directPath, url, mediaKey, fileLength, fileSha256, fileEncSha256 };
  }

  /** What the receiver of an upload finds behind the message's pointer. */
  async read(
    pointer: { readonly directPath?: string | null; readonly mediaKey?: Uint8Array | null },
    kind: MediaType,
    host: string,
  ) {
    const stream = await downloadContentFromMessage(
      { directPath: pointer.directPath ?? null, mediaKey: pointer.mediaKey ?? null },
      kind,
      { host },
    );
    return buffer(stream);
  }

  serve(request: IncomingMessage, response: ServerResponse): void {
    const { method, url = "/" } = request;
    if (method === "POST") return void this.#take(request, response);
    this.asked.push(url);
    const file = this.#files.get(url);
    if (file) response.writeHead(200, { "content-type": "application/octet-stream" }).end(file);
    else response.writeHead(404).end();
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = `/up${new URL(request.url ?? "/", "https://x").pathname}`;
    this.#files.set(path, await buffer(request));
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ url: `https://${request.headers.host}${path}`, direct_path: path }));
  }
}
