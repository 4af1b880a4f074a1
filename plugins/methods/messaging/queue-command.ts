import type { CommandCall, SessionsApi, Settings } from "openclaw/plugin-sdk";
import { dropOf, modeOf, queueRule } from "./queue-mode.ts";

const USE =
  "Use /queue collect, followup, steer, steer-backlog or interrupt, with debounce:2s cap:25 drop:old|new|summarize.";
const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000 };

const OPTION = /^(debounce|cap|drop)[:=]/;

/** A mode with other words behind it stands in a message: then it counts for that message only. */
export function isQueueCommand(args: string): boolean {
  const [first = "", ...others] = args.split(/\s+/);
  return modeOf(first) === undefined || others.every((word) => OPTION.test(word) || modeOf(word) !== undefined);
}

/** `/queue [mode] [debounce:2s] [cap:25] [drop:old]`: what becomes of messages that come while a turn runs. */
export async function queueCommand(
  { args, session, work }: CommandCall,
  sessions: SessionsApi,
  settings: Settings,
): Promise<string> {
  const words = args.split(/\s+/).filter((word) => word !== "");
  if (words.length === 0) {
    const { mode, debounceMs, cap, drop } = queueRule(session.entry, work.envelope.channel, settings);
    return `Queue: ${mode}, debounce ${debounceMs} ms, cap ${cap}, drop ${drop}.`;
  }
  const change: Record<string, unknown> = {};
  for (const word of words) {
    const [name = "", value = ""] = word.split(/[:=]/, 2);
    const mode = modeOf(word);
    const duration = /^(\d+)(ms|s|m)?$/.exec(value);
    if (word === "default" || word === "reset") Object.assign(change, CLEARED);
    else if (mode !== undefined) change["queueMode"] = mode;
    else if (name === "debounce" && duration)
      change["queueDebounceMs"] = Number(duration[1]) * (UNITS[duration[2] ?? "ms"] ?? 1);
    else if (name === "cap" && /^[1-9]\d{0,3}$/.test(value)) change["queueCap"] = Number(value);
    else if (name === "drop" && dropOf(value)) change["queueDrop"] = dropOf(value);
    else return `"${word}" is not known. ${USE}`;
  }
  const { entry } = await sessions.update(session.key, () => change);
  const { mode, debounceMs, cap, drop } = queueRule(entry, work.envelope.channel, settings);
  return `Queue set: ${mode}, debounce ${debounceMs} ms, cap ${cap}, drop ${drop}.`;
}

const CLEARED = { queueMode: undefined, queueDebounceMs: undefined, queueCap: undefined, queueDrop: undefined };
