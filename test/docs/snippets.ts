import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

/** A fenced block of a page, with the comment that stands before it, if any. */
export interface Snippet {
  readonly page: string;
  readonly language: string;
  /** `kind` and `name` of a comment such as `<!-- plugin: motd -->`. */
  readonly kind: string | undefined;
  readonly name: string | undefined;
  readonly text: string;
}

const BLOCK = /(?:<!-- (\w+)(?:: ([\w-]+))? -->\n\n)?```(\w+)\n([\s\S]*?)```/g;

export function snippetsOf(page: string): Snippet[] {
  const text = readFileSync(join(root, page), "utf8");
  return [...text.matchAll(BLOCK)].map(([, kind, name, language = "", body = ""]) => ({
    page,
    language,
    kind,
    name,
    text: body,
  }));
}

/** Lines of a shell block: each command with the output that its comment promises. */
export function commandsOf({ text }: Snippet): { readonly command: string; readonly prints: string | undefined }[] {
  const lines = text.trim().split("\n");
  return lines.flatMap((line, index) => {
    if (line.startsWith("#")) return [];
    const next = lines[index + 1];
    return [{ command: line, prints: next?.startsWith("# ") ? next.slice(2) : undefined }];
  });
}
