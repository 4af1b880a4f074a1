import { readFile } from "node:fs/promises";
import { join } from "node:path";

interface StartEvent {
  readonly context: { readonly workspaceDir: string; readonly ask: (text: string) => Promise<void> };
}

const MAX_TEXT = 20_000;

export default async function boot({ context }: StartEvent): Promise<void> {
  const text = await readFile(join(context.workspaceDir, "BOOT.md"), "utf8").catch(() => "");
  if (text.trim() === "") return;
  await context.ask(
    `The gateway has just started. Do what your BOOT.md says, then answer NO_REPLY unless it asks for an answer.\n\n${text.slice(0, MAX_TEXT)}`,
  );
}
