import { open } from "node:fs/promises";
import { closed, NonEmptyString, Type } from "openclaw/plugin-sdk";
import type { Session, Static } from "openclaw/plugin-sdk";
import { messageOf, parseEntry } from "./entry.ts";
import { knownAgentId } from "./key.ts";
import { linesFromStart } from "./lines.ts";
import { shortened, shownText } from "./message-text.ts";
import type { Roster } from "./roster.ts";
import type { SessionIndex } from "./session-index.ts";
import { sessionRow } from "./session-row.ts";
import type { SessionRow } from "./session-row.ts";
import type { Transcripts } from "./transcripts.ts";

export const ListParams = closed({
  limit: Type.Optional(Type.Integer({ minimum: 1 })),
  activeMinutes: Type.Optional(Type.Integer({ minimum: 1 })),
  includeGlobal: Type.Optional(Type.Boolean()),
  includeUnknown: Type.Optional(Type.Boolean()),
  includeDerivedTitles: Type.Optional(Type.Boolean()),
  includeLastMessage: Type.Optional(Type.Boolean()),
  label: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
  spawnedBy: Type.Optional(NonEmptyString),
  agentId: Type.Optional(NonEmptyString),
  search: Type.Optional(Type.String()),
});
export type ListParams = Static<typeof ListParams>;

export interface ListParts {
  readonly index: SessionIndex;
  readonly transcripts: Transcripts;
  readonly roster: Roster;
  readonly isRunning: (key: string) => boolean;
}

const MINUTE_MS = 60_000;
const TITLE_CHARS = 60;
const PREVIEW_CHARS = 200;
/** A title is in the first lines or there is none. */
const TITLE_LINES = 50;
/** `global` and `unknown`: as many rows may be left out of an answer. */
const RESERVED_ROWS = 2;

/** `sessions.list`: newest first. What the index cannot select is filtered here. */
export async function listSessions(given: ListParams, parts: ListParts): Promise<SessionRow[]> {
  const rules = parts.roster.rules();
  const { agentId, limit = Number.POSITIVE_INFINITY } = given;
  const params = agentId === undefined ? given : { ...given, agentId: knownAgentId(agentId, rules) };
  const found = await candidates(params, parts.index);
  const chosen = found.filter((session) => matches(session, params)).slice(0, limit);
  const facts = { rules, defaults: parts.roster.modelDefaults(), isRunning: parts.isRunning };
  const rows = chosen.map((session) => sessionRow(session, facts));
  if (!params.includeDerivedTitles && !params.includeLastMessage) return rows;
  const extended: SessionRow[] = [];
  for (const [place, row] of rows.entries()) {
    extended.push({ ...row, ...(await fromTranscript(chosen[place] as Session, params, parts.transcripts)) });
  }
  return extended;
}

function candidates(params: ListParams, index: SessionIndex): Promise<Session[]> {
  const { label, agentId, spawnedBy, search, activeMinutes, limit } = params;
  if (label !== undefined) return index.withLabel(label);
  const isFiltered = spawnedBy !== undefined || (search ?? "") !== "";
  return index.list({
    ...(agentId !== undefined && { agentId }),
    ...(activeMinutes !== undefined && { since: since(activeMinutes) }),
    ...(limit !== undefined && !isFiltered && { limit: limit + RESERVED_ROWS }),
  });
}

function matches({ key, agentId, entry }: Session, params: ListParams): boolean {
  if (key === "global" && (!params.includeGlobal || params.agentId !== undefined)) return false;
  if (key === "unknown" && (!params.includeUnknown || params.agentId !== undefined)) return false;
  if (params.agentId !== undefined && agentId !== params.agentId) return false;
  if (params.spawnedBy !== undefined && entry["spawnedBy"] !== params.spawnedBy) return false;
  if (params.activeMinutes !== undefined && entry.updatedAt < since(params.activeMinutes)) return false;
  const search = params.search?.trim().toLowerCase() ?? "";
  const texts = [entry.displayName, entry.label, entry["subject"], entry.sessionId, key];
  return search === "" || texts.some((text) => typeof text === "string" && text.toLowerCase().includes(search));
}

function since(activeMinutes: number): number {
  return Date.now() - activeMinutes * MINUTE_MS;
}

/** What only the transcript tells. A transcript that cannot be read takes nothing else from its row. */
async function fromTranscript(session: Session, params: ListParams, transcripts: Transcripts): Promise<object> {
  const [derivedTitle, lastMessagePreview] = await Promise.all([
    params.includeDerivedTitles ? titleOf(session, transcripts).catch(nothing) : undefined,
    params.includeLastMessage ? lastTextOf(session, transcripts).catch(nothing) : undefined,
  ]);
  return { ...(derivedTitle && { derivedTitle }), ...(lastMessagePreview && { lastMessagePreview }) };
}

async function titleOf(session: Session, transcripts: Transcripts): Promise<string> {
  const { displayName, subject } = session.entry;
  const given = displayName ?? (typeof subject === "string" ? subject : undefined);
  return shortened(given ?? (await firstUserText(transcripts.pathOf(session))), TITLE_CHARS).replaceAll(/\s+/g, " ");
}

async function firstUserText(path: string): Promise<string> {
  const file = await open(path, "r");
  try {
    let count = 0;
    for await (const { bytes } of linesFromStart(file)) {
      const entry = parseEntry(bytes);
      const message = entry && messageOf(entry);
      if (message?.role === "user") return shownText(message);
      if (++count >= TITLE_LINES) break;
    }
    return "";
  } finally {
    await file.close();
  }
}

async function lastTextOf(session: Session, transcripts: Transcripts): Promise<string> {
  const [last] = await transcripts.of(session).messages({ limit: 1 });
  return last ? shortened(shownText(last), PREVIEW_CHARS) : "";
}

function nothing(): undefined {
  return undefined;
}
