import type { MessagingApi, SessionsApi } from "openclaw/plugin-sdk";
import type { ChatEvents } from "./chat-events.ts";

/** Sessions that are looked through for children of the one that is stopped. */
const NEWEST = 200;

export interface Stopped {
  readonly ok: true;
  readonly aborted: boolean;
  readonly runIds: readonly string[];
}

export type Stop = (sessionKey: string, reason: "rpc" | "stop", runId?: string) => Promise<Stopped>;

/** Stops one run, or all that runs and waits in a session and in what it has spawned, and says so at once. */
export function createStop(messaging: MessagingApi, sessions: SessionsApi, events: ChatEvents): Stop {
  return async (sessionKey, reason, runId) => {
    const tell = (key: string, ids: readonly string[]) => {
      for (const id of ids) events.aborted(id, key, reason);
    };
    const runIds = messaging.abort(sessionKey, runId);
    tell(sessionKey, runIds);
    if (runId === undefined) {
      for (const child of await childrenOf(sessionKey, sessions)) tell(child, messaging.abort(child));
    }
    return { ok: true, aborted: runIds.length > 0, runIds };
  };
}

/** Sub-agents of a session, and theirs. */
async function childrenOf(sessionKey: string, sessions: SessionsApi): Promise<ReadonlySet<string>> {
  const newest = await sessions.list({ limit: NEWEST });
  const spawned = newest.filter(({ entry }) => typeof entry["spawnedBy"] === "string");
  const found = new Set<string>();
  for (let parents = [sessionKey]; parents.length > 0;) {
    const children = spawned.filter(
      ({ key, entry }) => parents.includes(entry["spawnedBy"] as string) && !found.has(key),
    );
    for (const { key } of children) found.add(key);
    parents = children.map(({ key }) => key);
  }
  return found;
}
