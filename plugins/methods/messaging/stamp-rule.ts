import { zonedStamp } from "openclaw/plugin-sdk";
import type { Settings } from "openclaw/plugin-sdk";

/**
 * The time that stands before a message, by `agents.defaults.envelopeTimezone` (`local`, `utc`, `user` or a zone; by
 * default the user's) and `envelopeTimestamp`; empty where that is off (agent.md §9).
 */
export function stampOf(at: number, settings: Settings): string {
  if (settings.get<string>("agents.defaults.envelopeTimestamp") === "off") return "";
  const user = settings.get<string>("agents.defaults.userTimezone");
  const zone = settings.get<string>("agents.defaults.envelopeTimezone") ?? "user";
  const named: Readonly<Record<string, string | undefined>> = { local: undefined, utc: "UTC", user };
  return zonedStamp(new Date(at), Object.hasOwn(named, zone) ? named[zone] : zone);
}
