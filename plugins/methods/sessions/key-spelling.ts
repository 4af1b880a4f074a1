/**
 * The part of a session key after the agent, in its two spellings: the stored one, `<channel>:group:<id>`, and the
 * one of the established documents, `group:<channel>:<id>` (sessions.md §1.1). An id keeps its inner colons.
 */

/** Words that say what follows, so no channel can be called that. */
const STRUCTURE: ReadonlySet<string> = new Set([
  "acp",
  "agent",
  "channel",
  "cron",
  "direct",
  "dm",
  "global",
  "group",
  "hook",
  "main",
  "openai",
  "openai-user",
  "openresponses",
  "openresponses-user",
  "room",
  "slash",
  "subagent",
  "thread",
  "topic",
]);
const CHANNEL = /^[a-z][a-z0-9_-]*$/;
/** Telegram calls the threads of a group topics. */
const TOPIC_CHANNEL = "telegram";

/** The stored spelling. What is none of the known patterns stays as it is. */
export function canonicalRest(rest: string): string {
  const [first = "", second = "", ...others] = rest.split(":");
  const tail = rest.slice(first.length + 1);
  if (first === "dm" && tail !== "") return `direct:${tail}`;
  if (first === "group" && tail !== "") return fromSeedGroup(tail);
  if (first === "thread") return fromSeedThread(tail) ?? rest;
  if (!isChannel(first)) return rest;
  return fromChannel(first, second, others) ?? rest;
}

/** The spelling of the established documents, where it can say the same. */
export function seedRest(rest: string): string {
  const [channel = "", kind, ...id] = rest.split(":");
  if (!isChannel(channel) || kind !== "group" || id.join(":") === "") return rest;
  const { base, thread } = splitThread(id.join(":"), channel);
  if (thread === undefined) return `group:${channel}:${base}`;
  return thread.includes(":") ? rest : `thread:${channel}:${base}:${thread}`;
}

/** `<channel>:<kind>:<id>`, or `<channel>:<account>:dm:<peer>`. */
function fromChannel(channel: string, kind: string, rest: readonly string[]): string | undefined {
  const id = rest.join(":");
  if (id === "") return undefined;
  if (kind === "dm") return `${channel}:direct:${id}`;
  if (kind === "room") return `${channel}:channel:${id}`;
  if (kind === "group") return groupRest(channel, id);
  const [afterAccount, ...peer] = rest;
  if (afterAccount !== "dm" || STRUCTURE.has(kind) || peer.join(":") === "") return undefined;
  return `${channel}:${kind}:direct:${peer.join(":")}`;
}

/** `<channel>:<id>`; older keys have no channel and come from the only one that had groups then. */
function fromSeedGroup(tail: string): string {
  const [channel = "", ...id] = tail.split(":");
  if (isChannel(channel) && id.join(":") !== "") return groupRest(channel, id.join(":"));
  return `${tail.includes("@g.us") ? "whatsapp" : "unknown"}:group:${tail}`;
}

/** `<channel>:<id>:<thread>`; the last part is the thread. */
function fromSeedThread(tail: string): string | undefined {
  const [channel = "", ...parts] = tail.split(":");
  const thread = parts.pop() ?? "";
  const id = parts.join(":");
  if (!isChannel(channel) || id === "" || thread === "") return undefined;
  return `${channel}:group:${id}:${markerOf(channel)}:${thread}`;
}

function groupRest(channel: string, id: string): string {
  const { base, thread } = splitThread(id, channel);
  return `${channel}:group:${base}${thread === undefined ? "" : `:${markerOf(channel)}:${thread}`}`;
}

/** A group's id and the thread in it, which begins at the last marker. */
function splitThread(id: string, channel: string): { base: string; thread: string | undefined } {
  const pattern = channel === TOPIC_CHANNEL ? /^(.+):(?:thread|topic):(.+)$/su : /^(.+):thread:(.+)$/su;
  const [, base = id, thread] = pattern.exec(id) ?? [];
  return { base, thread };
}

function markerOf(channel: string): "thread" | "topic" {
  return channel === TOPIC_CHANNEL ? "topic" : "thread";
}

function isChannel(word: string): boolean {
  return CHANNEL.test(word) && !STRUCTURE.has(word);
}
