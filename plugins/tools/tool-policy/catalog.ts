/** Tools of the stock distro by group (agent.md §12.2). */
export const GROUPS: Readonly<Record<string, readonly string[]>> = {
  fs: ["read", "write", "edit", "apply_patch"],
  runtime: ["exec", "process"],
  sessions: ["sessions_list", "sessions_history", "sessions_send", "sessions_spawn", "session_status"],
  memory: ["memory_search", "memory_get"],
  web: ["web_search", "web_fetch"],
  ui: ["browser", "canvas"],
  automation: ["cron", "gateway"],
  messaging: ["message"],
  nodes: ["nodes"],
  openclaw: [
    "sessions_list",
    "sessions_history",
    "sessions_send",
    "sessions_spawn",
    "session_status",
    "memory_search",
    "memory_get",
    "web_search",
    "web_fetch",
    "browser",
    "canvas",
    "cron",
    "gateway",
    "message",
    "nodes",
    "agents_list",
    "image",
  ],
};

/** Every name that belongs to the stock distro, whether or not its plugin is enabled. */
export const CORE_TOOLS: ReadonlySet<string> = new Set([...Object.values(GROUPS).flat(), "tts"]);

/** What a profile allows; `full` and none restrict nothing. */
export const PROFILES: Readonly<Record<string, readonly string[] | undefined>> = {
  minimal: ["session_status"],
  coding: ["group:fs", "group:runtime", "group:sessions", "group:memory", "image"],
  messaging: ["group:messaging", "sessions_list", "sessions_history", "sessions_send", "session_status"],
};

/** What a sub-agent does not get, whatever else allows it (agent.md §14). */
export const DENIED_TO_SUBAGENTS: readonly string[] = [
  "sessions_list",
  "sessions_history",
  "sessions_send",
  "sessions_spawn",
  "gateway",
  "agents_list",
  "session_status",
  "cron",
  "memory_search",
  "memory_get",
  "*_login",
];

/** What tools of a sandboxed session are, unless `tools.sandbox.tools.allow` says otherwise: those that stay inside. */
export const ALLOWED_IN_SANDBOX: readonly string[] = ["group:fs", "group:runtime", "group:sessions", "image"];
