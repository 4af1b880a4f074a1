import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { GatewayError, imageType, isOpenedAt } from "openclaw/plugin-sdk";
import type { FileOwner, WorkspaceApi } from "openclaw/plugin-sdk";
import { guardedFetch } from "openclaw/plugin-sdk/net";

export interface LoadedImage {
  readonly data: string;
  readonly mimeType: string;
}

/** An image from a file that the agent may read, a public address, or a `data:` URL. What it is, its bytes say. */
export async function loadImage(
  source: string,
  maxBytes: number,
  { owner, workspace, signal }: { owner: FileOwner; workspace: WorkspaceApi; signal: AbortSignal },
): Promise<LoadedImage> {
  const bytes = await bytesOf();
  if (bytes.length > maxBytes) throw tooLarge(bytes.length, maxBytes);
  const mimeType = imageType(bytes);
  if (mimeType === undefined)
    throw new GatewayError("INVALID_REQUEST", "this is no image; png, jpeg, gif and webp can be looked at");
  return { data: bytes.toString("base64"), mimeType };

  async function bytesOf(): Promise<Buffer> {
    if (source.startsWith("data:")) {
      const encoded = /^data:[^,]*;base64,(.*)$/s.exec(source)?.[1];
      if (encoded === undefined) throw new GatewayError("INVALID_REQUEST", "a data: image must be base64");
      // The length of the text tells that of the bytes before they are made.
      if (encoded.length > (maxBytes / 3) * 4 + 4) throw tooLarge(encoded.length, maxBytes);
      return Buffer.from(encoded, "base64");
    }
    if (/^https?:\/\//i.test(source)) {
      const { status, body } = await guardedFetch(source, { maxBytes, refuseLonger: true, signal });
      if (status !== 200) throw new GatewayError("INVALID_REQUEST", `${source} answered ${status}`);
      return body;
    }
    const path = source.startsWith("MEDIA:") ? source.slice("MEDIA:".length) : source;
    // A pipe is not waited for; what it is, is asked before anything is read.
    const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
    const real = await workspace.resolve(owner, path, "read");
    const file = await open(real, flags).catch((cause: unknown) => {
      if (cause instanceof GatewayError) throw cause;
      throw new GatewayError("INVALID_REQUEST", `cannot read ${path}: there is no such file`, { cause });
    });
    try {
      const facts = await file.stat();
      if (!facts.isFile() || !(await isOpenedAt(file, real)))
        throw new GatewayError("INVALID_REQUEST", `${path} is no file`);
      if (facts.size > maxBytes) throw tooLarge(facts.size, maxBytes);
      return await file.readFile();
    } finally {
      await file.close();
    }
  }
}

function tooLarge(size: number, most: number): GatewayError {
  return new GatewayError("INVALID_REQUEST", `the image is too large: ${size} bytes, at most ${most}`);
}
