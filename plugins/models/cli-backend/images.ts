import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ContentBlock } from "openclaw/plugin-sdk";

/** Images of a message as files that only this user can read; gone when disposed of. */
export interface ImageFiles extends AsyncDisposable {
  readonly paths: readonly string[];
}

const EXTENSIONS: Readonly<Record<string, string>> = { "image/png": "png", "image/gif": "gif", "image/webp": "webp" };

export async function writeImages(blocks: readonly ContentBlock[]): Promise<ImageFiles> {
  const images = blocks.filter((block) => block.type === "image");
  if (images.length === 0) return { paths: [], [Symbol.asyncDispose]: async () => {} };
  // `mkdtemp` gives it to its owner alone.
  const folder = await mkdtemp(join(tmpdir(), "openclaw-images-"));
  const paths: string[] = [];
  for (const [index, { data, mimeType }] of images.entries()) {
    const path = join(folder, `${index + 1}.${EXTENSIONS[mimeType] ?? "jpg"}`);
    await writeFile(path, Buffer.from(data, "base64"), { mode: 0o600 });
    paths.push(path);
  }
  return { paths, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}
