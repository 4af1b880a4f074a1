import { closeSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import { isErrno } from "../errno.ts";

/** Who an agent is, as its `IDENTITY.md` says. */
export interface Identity {
  readonly name?: string;
  readonly theme?: string;
  readonly vibe?: string;
  readonly emoji?: string;
  readonly avatar?: string;
}

const MAX_BYTES = 65_536;
const MAX_VALUE = 200;
const LINE =
  /^\s*(?:[-*+]\s+)?[*_]*(name|creature|theme|creature\/theme|vibe|emoji|avatar)[*_]*\s*:[*_\s]*(.*?)[*_\s]*$/i;
/** A template that nobody has filled in. */
const BLANK = /^[(<[{_].*[)>\]}_]$/;

/** The fields of an identity file; what stands last counts, what is blank does not. */
export function parseIdentity(text: string): Identity {
  const found: Record<string, string> = {};
  for (const line of text.split("\n")) {
    const [, label, value] = LINE.exec(line) ?? [];
    if (!label || !value || BLANK.test(value)) continue;
    const key = label.toLowerCase();
    found[key.startsWith("creature") ? "theme" : key] = value.slice(0, MAX_VALUE);
  }
  return found;
}

/** Lines that {@link parseIdentity} reads back. */
export function identityText(identity: Identity): string {
  const fields = [
    ["Name", identity.name],
    ["Theme", identity.theme],
    ["Vibe", identity.vibe],
    ["Emoji", identity.emoji],
    ["Avatar", identity.avatar],
  ] as const;
  return fields.flatMap(([label, value]) => (value ? [`- ${label}: ${oneLine(value)}\n`] : [])).join("");
}

/** Who the agent of a workspace is; nobody in particular without a file that can be read. */
export function readIdentity(workspace: string): Identity {
  try {
    const file = openSync(join(workspace, "IDENTITY.md"), "r");
    try {
      const bytes = Buffer.alloc(MAX_BYTES);
      return parseIdentity(bytes.toString("utf8", 0, readSync(file, bytes, 0, MAX_BYTES, 0)));
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if (isErrno(error, "ENOENT", "ENOTDIR", "EACCES", "EISDIR")) return {};
    throw error;
  }
}

function oneLine(value: string): string {
  return value.replaceAll(/\s+/g, " ").trim();
}
