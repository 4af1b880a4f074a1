import type { Session, SessionKey } from "openclaw/plugin-sdk";
import { kindOf, seedSpelling } from "./key.ts";
import type { KeyRules } from "./key.ts";
import type { ModelDefaults } from "./roster.ts";

/** Fields of an entry that a list shows (protocol.md §9.4). Snapshots and reports never are. */
const SHOWN = [
  "label",
  "displayName",
  "channel",
  "subject",
  "groupChannel",
  "space",
  "chatType",
  "origin",
  "updatedAt",
  "sessionId",
  "systemSent",
  "abortedLastRun",
  "thinkingLevel",
  "verboseLevel",
  "reasoningLevel",
  "elevatedLevel",
  "sendPolicy",
  "inputTokens",
  "outputTokens",
  "totalTokens",
  "responseUsage",
  "modelProvider",
  "model",
  "contextTokens",
  "deliveryContext",
  "lastChannel",
  "lastTo",
  "lastAccountId",
  "spawnedBy",
] as const;

export type SessionRow = Readonly<Record<string, unknown>> & { readonly key: string };

export interface RowFacts {
  readonly rules: KeyRules;
  readonly defaults: ModelDefaults;
  readonly isRunning: (key: string) => boolean;
}

/** A session as lists show it: only fields that are known. */
export function sessionRow(session: Session, { rules, defaults, isRunning }: RowFacts): SessionRow {
  const { key, entry } = session;
  const row: Record<string, unknown> & { key: string } = {
    key,
    kind: sessionKind(session),
    aliases: aliasesOf(keyOf(session), rules),
    running: isRunning(key),
  };
  const fallback: Readonly<Record<string, unknown>> = { ...defaults };
  for (const field of SHOWN) {
    const value = entry[field] ?? fallback[field] ?? undefined;
    if (value !== undefined) row[field] = value;
  }
  // What a user calls it is how it is shown.
  if (entry.label !== undefined) row["displayName"] ??= entry.label;
  return row;
}

/** A chat that calls itself a group is one, whatever its key looks like. */
export function sessionKind(session: Session): ReturnType<typeof kindOf> {
  const kind = kindOf(keyOf(session));
  const { chatType } = session.entry;
  return kind === "direct" && (chatType === "group" || chatType === "channel") ? "group" : kind;
}

/** Other spellings that stand for the same session. */
export function aliasesOf(key: SessionKey, rules: KeyRules): string[] {
  const seed = seedSpelling(key, rules);
  return seed === key.canonical ? [] : [seed];
}

function keyOf({ key, agentId }: Session): SessionKey {
  return { canonical: key, agentId, rest: key.replace(/^agent:[^:]+:/, "") };
}
