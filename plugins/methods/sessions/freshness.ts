import type { SessionEntry, SessionKey, Settings } from "openclaw/plugin-sdk";

interface ResetPolicy {
  readonly mode?: "daily" | "idle";
  readonly atHour?: number;
  readonly idleMinutes?: number;
}

type Policies = Readonly<Record<string, ResetPolicy | undefined>>;

const AT_HOUR = 4;
const IDLE_MINUTES = 60;
const MINUTE_MS = 60_000;
/** Sessions that begin and end with a piece of work; nobody comes back to them on another day. */
const WORK = /^(?:cron|subagent):/;

/**
 * Whether the next message of this session begins a new one (sessions.md §4). `now` is a parameter so that nothing
 * but the clock decides.
 */
export function isStale(
  key: SessionKey,
  entry: SessionEntry,
  channel: string,
  settings: Settings,
  now = Date.now(),
): boolean {
  if (WORK.test(key.rest)) return false;
  const { mode, atHour, idleMinutes } = policyOf(key, channel, settings);
  const isIdle = (minutes: number) => entry.updatedAt + minutes * MINUTE_MS < now;
  if (mode === "idle") return isIdle(idleMinutes ?? IDLE_MINUTES);
  return entry.updatedAt < latestBoundary(atHour ?? AT_HOUR, now) || (idleMinutes !== undefined && isIdle(idleMinutes));
}

/** The channel's own rule, else that of the kind of chat, else the one for all. */
function policyOf(key: SessionKey, channel: string, settings: Settings): ResetPolicy {
  const byType = settings.get<Policies>("session.resetByType") ?? {};
  const type = resetType(key);
  const chosen =
    settings.get<Policies>("session.resetByChannel")?.[channel] ??
    byType[type] ??
    (type === "direct" ? byType["dm"] : undefined) ??
    settings.get<ResetPolicy>("session.reset");
  const legacy = settings.get<number>("session.idleMinutes");
  if (!chosen) return legacy === undefined ? { mode: "daily" } : { mode: "idle", idleMinutes: legacy };
  return chosen;
}

function resetType({ rest }: SessionKey): "thread" | "group" | "direct" {
  if (/:(?:thread|topic):/.test(rest)) return "thread";
  return /(?:^|:)(?:group|channel):/.test(rest) ? "group" : "direct";
}

/** The last time that the local clock said this hour. Made of fields of the day, because days have 23 or 25 hours too. */
function latestBoundary(atHour: number, now: number): number {
  const boundary = new Date(now);
  boundary.setHours(atHour, 0, 0, 0);
  if (boundary.getTime() > now) {
    boundary.setDate(boundary.getDate() - 1);
    boundary.setHours(atHour, 0, 0, 0);
  }
  return boundary.getTime();
}
