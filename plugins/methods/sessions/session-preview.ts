import { closed, NonEmptyString, Type } from "openclaw/plugin-sdk";
import type { Session, Static, TranscriptMessage } from "openclaw/plugin-sdk";
import { shortened, shownText } from "./message-text.ts";
import type { Transcripts } from "./transcripts.ts";

export const PreviewParams = closed({
  keys: Type.Array(NonEmptyString, { minItems: 1 }),
  limit: Type.Optional(Type.Integer({ minimum: 1 })),
  maxChars: Type.Optional(Type.Integer({ minimum: 20 })),
});

export interface PreviewParts {
  /** The session of a key in any spelling; throws for what cannot be one. */
  readonly find: (key: string) => Promise<Session | undefined>;
  readonly transcripts: Transcripts;
}

interface PreviewItem {
  readonly role: "user" | "assistant" | "tool";
  readonly text: string;
}

interface Preview {
  /** As it was asked for. */
  readonly key: string;
  readonly status: "ok" | "empty" | "missing" | "error";
  readonly items: readonly PreviewItem[];
}

/** Further keys are not read (protocol.md §9.4). */
const MAX_KEYS = 64;
const LIMIT = 12;
const MAX_CHARS = 240;

/** `sessions.preview`: the newest messages of several sessions, in short. One that fails does not take the others along. */
export async function previewSessions(
  { keys, limit = LIMIT, maxChars = MAX_CHARS }: Static<typeof PreviewParams>,
  { find, transcripts }: PreviewParts,
): Promise<Preview[]> {
  const preview = async (key: string): Promise<Preview> => {
    const session = await find(key);
    if (!session) return { key, status: "missing", items: [] };
    const messages = await transcripts.of(session).messages({ limit });
    const items = messages.map((message) => itemOf(message, maxChars)).filter(({ text }) => text !== "");
    return { key, status: items.length > 0 ? "ok" : "empty", items };
  };
  const previews: Preview[] = [];
  for (const key of keys.slice(0, MAX_KEYS)) {
    previews.push(await preview(key).catch((): Preview => ({ key, status: "error", items: [] })));
  }
  return previews;
}

function itemOf(message: TranscriptMessage, maxChars: number): PreviewItem {
  const text = shortened(shownText(message), maxChars);
  if (message.role === "toolResult") return { role: "tool", text: text || message.toolName };
  if (message.role === "user" || text !== "") return { role: message.role, text };
  return { role: "tool", text: shortened(calledTools(message).join(", "), maxChars) };
}

function calledTools({ content }: TranscriptMessage): string[] {
  return content.flatMap((block) => (block.type === "toolCall" ? [block.name] : []));
}
