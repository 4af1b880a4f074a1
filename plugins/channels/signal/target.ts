import type { Target } from "openclaw/plugin-sdk";
import { normalizePerson } from "./people.ts";

export const TARGET_HINT = "+15550100, uuid:<account id>, group:<group id> or username:<name>";

const GROUP = /^[A-Za-z0-9+/_-]{20,100}={0,2}$/;

/** `+E.164`, `uuid:…`, `group:…`, `username:…` or `u:…` (channels.md §3.5). Ids of groups keep their case. */
export function parseTarget(raw: string): Target {
  const text = raw.trim();
  const [, kind = "", rest = ""] = /^(group|username|u):(.+)$/is.exec(text) ?? [];
  if (kind.toLowerCase() === "group")
    return GROUP.test(rest) ? { ok: true, to: `group:${rest}`, kind: "group" } : refused(raw);
  if (kind !== "")
    return /^[\w.]{3,40}$/.test(rest) ? { ok: true, to: `username:${rest}`, kind: "user" } : refused(raw);
  const person = normalizePerson(text);
  return person === undefined ? refused(raw) : { ok: true, to: person, kind: "user" };
}

/** How the daemon wants to be told where a message goes. */
export function recipientOf(to: string): Readonly<Record<string, unknown>> {
  if (to.startsWith("group:")) return { groupId: to.slice("group:".length) };
  if (to.startsWith("username:")) return { username: [to.slice("username:".length)] };
  return { recipient: [to.replace(/^uuid:/, "")] };
}

function refused(raw: string): Target {
  return { ok: false, error: `Unknown target "${raw}" for Signal.` };
}
