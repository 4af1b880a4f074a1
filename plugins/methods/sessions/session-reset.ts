import { randomUUID } from "node:crypto";
import type { SessionEntry } from "openclaw/plugin-sdk";

/** What a session keeps when it gets a new transcript (sessions.md §4). */
const KEPT = [
  "createdAt",
  "thinkingLevel",
  "verboseLevel",
  "reasoningLevel",
  "responseUsage",
  "model",
  "modelProvider",
  "contextTokens",
  "sendPolicy",
  "label",
  "displayName",
  "spawnedBy",
  "chatType",
  "channel",
  "subject",
  "groupId",
  "groupChannel",
  "groupActivation",
  "space",
  "origin",
  "deliveryContext",
  "lastChannel",
  "lastTo",
  "lastAccountId",
  "lastThreadId",
  "skillsSnapshot",
  "execHost",
  "execSecurity",
  "execAsk",
  "execNode",
  "queueMode",
  "queueDebounceMs",
  "queueCap",
  "queueDrop",
] as const;

/** The entry of a session that begins anew. A model that the user chose stays, one that was chosen for them goes. */
export function resetEntry(entry: SessionEntry): SessionEntry {
  const kept = Object.fromEntries(KEPT.flatMap((field) => (entry[field] === undefined ? [] : [[field, entry[field]]])));
  const isOwnChoice = entry["authProfileOverrideSource"] !== "auto";
  const { providerOverride, modelOverride, authProfileOverride, authProfileOverrideSource } = entry;
  return {
    ...kept,
    ...(modelOverride !== undefined && { providerOverride, modelOverride }),
    ...(isOwnChoice && authProfileOverride !== undefined && { authProfileOverride, authProfileOverrideSource }),
    sessionId: randomUUID(),
    updatedAt: Date.now(),
    systemSent: false,
    abortedLastRun: false,
    inputTokens: 0,
    outputTokens: 0,
    totalTokens: 0,
  };
}
