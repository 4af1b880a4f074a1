import type { Session, SessionsApi, TranscriptMessage } from "openclaw/plugin-sdk";

const FIELDS = [
  "channel",
  "displayName",
  "label",
  "updatedAt",
  "sessionId",
  "model",
  "contextTokens",
  "totalTokens",
  "thinkingLevel",
  "verboseLevel",
  "systemSent",
  "abortedLastRun",
  "sendPolicy",
  "lastChannel",
  "lastTo",
  "deliveryContext",
] as const;

/** Kinds as tools name them (sessions.md §5). */
export const KINDS = ["main", "group", "cron", "hook", "node", "other"] as const;
export type Kind = (typeof KINDS)[number];

export function kindOf(session: Session, sessions: SessionsApi): Kind {
  const { rest } = sessions.parseKey(session.key);
  if (session.key === sessions.mainKey(session.agentId)) return "main";
  const [first = ""] = rest.split(":");
  if (first === "cron" || first === "hook" || first === "node") return first;
  return /(^|:)(group|channel):/.test(rest) ? "group" : "other";
}

/** A session as its agent sees it (agent.md §16). */
export function rowOf(session: Session, sessions: SessionsApi): Record<string, unknown> {
  const known = FIELDS.filter((field) => session.entry[field] !== undefined);
  return {
    key: session.key,
    kind: kindOf(session, sessions),
    ...Object.fromEntries(known.map((field) => [field, session.entry[field]])),
    transcriptPath: sessions.transcript(session).file,
  };
}

const MAX_TEXT = 4_000;

/** A message in words: who said what. Results of tools only on request. */
export function messageRow(message: TranscriptMessage, includeTools: boolean): Record<string, unknown> | undefined {
  if (message.role === "toolResult" && !includeTools) return undefined;
  const parts = message.content.flatMap((block) => {
    if (block.type === "text") return [block.text];
    if (block.type === "image") return ["[image]"];
    if (block.type === "toolCall" && includeTools) return [`[called ${block.name} ${JSON.stringify(block.arguments)}]`];
    return [];
  });
  const text = parts.join("\n");
  if (text.trim() === "") return undefined;
  const content = text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)} [… ${text.length - MAX_TEXT} more]` : text;
  return { role: message.role, content, timestamp: message.timestamp };
}
