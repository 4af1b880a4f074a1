export type FrontMatter = { readonly data: Readonly<Record<string, unknown>> } | { readonly problem: string };

const MAX_CHARACTERS = 32_768;
const FENCE = /^---[ \t]*\r?$/m;

/** The YAML between the first two lines of dashes. Never throws; without it, or with bad YAML, it says why. */
export async function parseFrontMatter(text: string): Promise<FrontMatter> {
  const plain = text.replace(/^\uFEFF/, "");
  if (!/^---[ \t]*\r?\n/.test(plain))
    return { problem: "has no front matter; begin the file with a line of three dashes" };
  const rest = plain.slice(plain.indexOf("\n") + 1);
  const end = FENCE.exec(rest);
  if (!end) return { problem: "has a front matter without an end; close it with a line of three dashes" };
  const source = rest.slice(0, end.index);
  if (source.length > MAX_CHARACTERS)
    return { problem: `has a front matter of more than ${MAX_CHARACTERS} characters` };
  const { parseDocument } = await import("yaml");
  const document = parseDocument(source, { schema: "core", uniqueKeys: true, prettyErrors: false, logLevel: "silent" });
  const [error] = document.errors;
  if (error) return { problem: `has front matter that is not YAML: ${firstLine(error.message)}` };
  try {
    // Aliases multiply what little there is; nobody needs them here.
    const data: unknown = document.toJS({ maxAliasCount: 0 });
    return isRecord(data) ? { data } : { problem: "has front matter that holds no fields" };
  } catch (error) {
    return {
      problem: `has front matter that cannot be used: ${firstLine(error instanceof Error ? error.message : String(error))}`,
    };
  }
}

function firstLine(text: string): string {
  return (text.split("\n", 1)[0] as string).slice(0, 200);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
