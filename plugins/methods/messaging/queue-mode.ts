import type { QueueMode, SessionEntry, Settings } from "openclaw/plugin-sdk";

/** What becomes of a message that comes while a turn of its session runs, and of those that are too many (agent.md §4). */
export interface QueueRule {
  readonly mode: QueueMode;
  /** Quiet for so long before what was collected is answered. */
  readonly debounceMs: number;
  readonly cap: number;
  readonly drop: DropRule;
}

export type DropRule = "old" | "new" | "summarize";

const MODES: Readonly<Record<string, QueueMode>> = {
  collect: "collect",
  followup: "followup",
  "follow-up": "followup",
  steer: "steer",
  queue: "steer",
  "steer-backlog": "steer-backlog",
  "steer+backlog": "steer-backlog",
  interrupt: "interrupt",
};
const DROPS: Readonly<Record<string, DropRule>> = { old: "old", new: "new", summarize: "summarize" };
const DEBOUNCE_MS = 1_000;
const CAP = 20;

interface QueueSetting {
  readonly mode?: string;
  readonly byChannel?: Readonly<Record<string, string>>;
  readonly debounceMs?: number;
  readonly debounceMsByChannel?: Readonly<Record<string, number>>;
  readonly cap?: number;
  readonly drop?: string;
}

const INLINE = /(^|\s)\/queue(?:\s*:\s*|\s+)(\S+)(?=\s|$)/i;

/** What a message says of itself beside its text: `and the dogs? /queue steer` (agent.md §4). */
export function inlineQueue(text: string): { readonly mode: QueueMode; readonly text: string } | undefined {
  const [found, before = "", word] = INLINE.exec(text) ?? [];
  const mode = modeOf(word);
  if (found === undefined || mode === undefined) return undefined;
  const rest = text
    .replace(found, () => before)
    .replaceAll(/[ \t]{2,}/g, " ")
    .trim();
  return rest === "" ? undefined : { mode, text: rest };
}

/** What the message says itself, else the session's own rule, else that of the channel, else that of all. */
export function queueRule(
  entry: SessionEntry | undefined,
  channel: string,
  settings: Settings,
  said?: QueueMode,
): QueueRule {
  const setting = settings.get<QueueSetting>("messages.queue") ?? {};
  const own = entry ?? {};
  const field = (name: string) => (own as Readonly<Record<string, unknown>>)[name];
  const number = (name: string, configured: number | undefined, fallback: number) => {
    const value = field(name) ?? configured;
    return typeof value === "number" && value >= 0 ? value : fallback;
  };
  const mode =
    said ?? modeOf(field("queueMode")) ?? modeOf(setting.byChannel?.[channel]) ?? modeOf(setting.mode) ?? "collect";
  return {
    mode,
    debounceMs: number("queueDebounceMs", setting.debounceMsByChannel?.[channel] ?? setting.debounceMs, DEBOUNCE_MS),
    cap: Math.max(1, number("queueCap", setting.cap, CAP)),
    drop: DROPS[String(field("queueDrop") ?? setting.drop)] ?? "summarize",
  };
}

/** The mode of any accepted spelling. */
export function modeOf(word: unknown): QueueMode | undefined {
  return typeof word === "string" ? MODES[word.trim().toLowerCase()] : undefined;
}

export function dropOf(word: string): DropRule | undefined {
  return DROPS[word.trim().toLowerCase()];
}
