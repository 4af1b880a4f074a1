import type { Compaction, ContentBlock, TranscriptMessage } from "openclaw/plugin-sdk";

/** Format of the transcripts this plugin writes (sessions.md §3). */
export const TRANSCRIPT_VERSION = 3;

/** What the first line says of the whole file. */
export interface Header {
  readonly id: string;
  readonly cwd: string;
  readonly sessionKey: string;
  readonly agentId: string;
}

/** One line of a transcript. Other fields, and lines of other types, are kept as they are. */
export interface Entry {
  readonly type: string;
  readonly id?: unknown;
  /** The entry before it; null for the first. */
  readonly parentId?: unknown;
  /** What a message was made from, so that it is not written twice. */
  readonly sourceId?: unknown;
  readonly version?: unknown;
  readonly message?: unknown;
  /** In the first line: where the entries before the first one of this file are. */
  readonly continues?: unknown;
}

/** The older part that a transcript goes on from, in the same folder, and the entry there that it follows. */
export interface Continuation {
  readonly file: string;
  readonly entry: string;
}

/** What the name of an older part has behind that of its session. */
export const PART = /\.part\.[\dTZ-]+(?:\.\d+Z)?\.jsonl$/;

const ROLES: ReadonlySet<unknown> = new Set(["user", "assistant", "toolResult"]);

/** The entry that a line holds, or nothing when it holds none. */
export function parseEntry(bytes: Buffer): Entry | undefined {
  try {
    const value: unknown = JSON.parse(bytes.toString("utf8"));
    const isEntry = typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";
    return isEntry ? (value as Entry) : undefined;
  } catch {
    // Not JSON: the caller says what becomes of the line.
    return undefined;
  }
}

/** The message of an entry; entries of other types and messages of unknown roles have none. */
export function messageOf({ type, message }: Entry): TranscriptMessage | undefined {
  const role = (message as { role?: unknown } | undefined)?.role;
  // The shape below the role is what the writers of the format put there.
  return type === "message" && ROLES.has(role) ? (message as TranscriptMessage) : undefined;
}

/** What a first line says about older parts. Their names lead nowhere else. */
export function continuationOf({ continues }: Entry, ownName: string): Continuation | undefined {
  const { file, entry } = (continues ?? {}) as Partial<Record<keyof Continuation, unknown>>;
  if (typeof file !== "string" || typeof entry !== "string" || !PART.test(file)) return undefined;
  const base = ownName.replace(PART, "").replace(/\.jsonl$/, "");
  return file.replace(PART, "") === base ? { file, entry } : undefined;
}

export function headerLine(header: Header): string {
  return JSON.stringify({
    type: "session",
    version: TRANSCRIPT_VERSION,
    id: header.id,
    timestamp: new Date().toISOString(),
    cwd: header.cwd,
    sessionKey: header.sessionKey,
    agentId: header.agentId,
  });
}

export function messageLine(
  id: string,
  parentId: string | null,
  message: TranscriptMessage,
  sourceId?: string,
): string {
  const timestamp = new Date().toISOString();
  const { role } = message;
  return JSON.stringify({ type: "message", role, id, parentId, sourceId, timestamp, message: withToolMarks(message) });
}

export function compactionLine(id: string, parentId: string | null, compaction: Compaction): string {
  return JSON.stringify({ type: "compaction", id, parentId, timestamp: new Date().toISOString(), ...compaction });
}

/** Tool calls carry the literal that the seeds' end-to-end test looks for (state.md §4.3). */
function withToolMarks(message: TranscriptMessage): TranscriptMessage {
  if (message.role !== "assistant") return message;
  const mark = (block: ContentBlock): ContentBlock =>
    block.type === "toolCall" ? { ...block, kind: "tool_use" } : block;
  return { ...message, content: message.content.map(mark) };
}
