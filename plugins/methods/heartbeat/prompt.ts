import { zonedStamp } from "openclaw/plugin-sdk";
import type { SystemEvent } from "openclaw/plugin-sdk";
import type { HeartbeatSettings } from "./settings.ts";

const REMINDER =
  "A reminder has come due; its text stands in the system message above. Tell the user of it in your own words, as what they asked to be told.";
const COMMAND_ENDED =
  "A command that you started has ended; what came of it stands in the system message above. Tell the user what they need to know of it. If nothing does, reply HEARTBEAT_OK.";

/** What the agent is asked: to look around, or to pass on what has just come. The time keeps it from being stamped. */
export function promptOf(
  { prompt }: HeartbeatSettings,
  reason: string,
  pending: readonly SystemEvent[],
  now: Date,
  timeZone: string | undefined,
): string {
  return `${textOf(prompt, reason, pending)}\nCurrent time: ${zonedStamp(now, timeZone)}`;
}

function textOf(prompt: string, reason: string, pending: readonly SystemEvent[]): string {
  if (reason === "exec-event" && pending.length > 0) return COMMAND_ENDED;
  const isReminder = reason.startsWith("cron:") && pending.some(({ contextKey }) => contextKey === reason);
  return isReminder ? REMINDER : prompt;
}
