import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";

interface StartEvent {
  readonly context: { readonly workspaceDir: string; readonly ask: (text: string) => Promise<void> };
}

const MAX_TEXT = 20_000;
const MAX_BYTES = 4 * MAX_TEXT;

export default async function boot({ context }: StartEvent): Promise<void> {
  const text = await textOf(join(context.workspaceDir, "BOOT.md"));
  if (text.trim() === "") return;
  await context.ask(
    `The gateway has just started. Do what your BOOT.md says, then answer NO_REPLY unless it asks for an answer.\n\n${text.slice(0, MAX_TEXT)}`,
  );
}

/** Empty for what is not there or is no file; a pipe is not waited for. */
async function textOf(path: string): Promise<string> {
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)).catch(() => undefined);
  if (!file) return "";
  try {
    if (!(await file.stat()).isFile()) return "";
    const { buffer, bytesRead } = await file.read(Buffer.alloc(MAX_BYTES), 0, MAX_BYTES, 0);
    return buffer.toString("utf8", 0, bytesRead);
  } finally {
    await file.close();
  }
}
