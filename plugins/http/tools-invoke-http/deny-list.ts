import type { Settings } from "openclaw/plugin-sdk";

/** What a program has no business with by default: commands, files, other sessions, the gateway itself (http.md §6). */
const DENIED = [
  "exec",
  "bash",
  "process",
  "write",
  "edit",
  "apply_patch",
  "sessions_spawn",
  "sessions_send",
  "cron",
  "gateway",
  "nodes",
] as const;
/** Logging in to a network is for people. */
const LOGIN = /(?:^|_)login$/;

/** Is this tool kept from programs? `gateway.tools.allow` opens one, `gateway.tools.deny` closes more and wins. */
export function isDenied(name: string, settings: Settings): boolean {
  const { allow = [], deny = [] } =
    settings.get<{ readonly allow?: readonly string[]; readonly deny?: readonly string[] }>("gateway.tools") ?? {};
  const has = (list: readonly string[]) => list.some((one) => one.trim().toLowerCase() === name);
  if (has(deny)) return true;
  return ((DENIED as readonly string[]).includes(name) || LOGIN.test(name)) && !has(allow);
}
