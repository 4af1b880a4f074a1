import type { Settings, ToolResultMessage, TranscriptMessage } from "openclaw/plugin-sdk";

interface PruningSetting {
  readonly mode?: string;
  readonly ttl?: string | number;
  readonly keepLastAssistants?: number;
  readonly softTrimRatio?: number;
  readonly hardClearRatio?: number;
  readonly minPrunableToolChars?: number;
  readonly softTrim?: { readonly maxChars?: number; readonly headChars?: number; readonly tailChars?: number };
  readonly hardClear?: { readonly enabled?: boolean; readonly placeholder?: string };
  readonly tools?: { readonly allow?: readonly string[]; readonly deny?: readonly string[] };
}

const CHARS_PER_TOKEN = 4;
const TTL_MS = 5 * 60_000;
const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };
const PLACEHOLDER = "[Old tool result content cleared]";

/**
 * Old tool results made shorter, in memory only, once the provider has forgotten the conversation anyway
 * (agent.md §10.3). What people and the model said is never touched, nor results with images, nor what is recent.
 */
export function prune(
  messages: readonly TranscriptMessage[],
  window: number,
  settings: Settings,
  now = Date.now(),
): readonly TranscriptMessage[] {
  const setting = settings.get<PruningSetting>("agents.defaults.contextPruning");
  if (!setting || setting.mode === undefined || setting.mode === "off") return messages;
  const lastCall = messages.findLast(({ role }) => role === "assistant")?.timestamp;
  if (lastCall === undefined || now - lastCall < ttlOf(setting)) return messages;
  const end = keptFrom(messages, setting.keepLastAssistants ?? 3);
  const isPrunable = (message: TranscriptMessage, index: number): message is ToolResultMessage =>
    index < end &&
    message.role === "toolResult" &&
    mayTouch(message.toolName, setting) &&
    message.content.every(({ type }) => type === "text");
  const share = () => charsOf(pruned) / (window * CHARS_PER_TOKEN);
  let pruned: TranscriptMessage[] = [...messages];
  if (share() > (setting.softTrimRatio ?? 0.3)) {
    pruned = pruned.map((message, index) => (isPrunable(message, index) ? trimmed(message, setting) : message));
  }
  const prunable = pruned.filter(isPrunable).reduce((sum, message) => sum + charsOf([message]), 0);
  const mayClear = setting.hardClear?.enabled !== false && prunable >= (setting.minPrunableToolChars ?? 50_000);
  for (let index = 0; mayClear && index < end && share() > (setting.hardClearRatio ?? 0.5); index++) {
    const message = pruned[index];
    if (!message || !isPrunable(message, index)) continue;
    const text = setting.hardClear?.placeholder ?? PLACEHOLDER;
    pruned[index] = { ...message, content: [{ type: "text", text }] };
  }
  return pruned;
}

/** The first message that is recent: everything from the third last answer on. */
function keptFrom(messages: readonly TranscriptMessage[], answers: number): number {
  let left = answers;
  for (let index = messages.length - 1; index >= 0; index--) {
    if (messages[index]?.role === "assistant" && --left <= 0) return index;
  }
  return 0;
}

function trimmed(message: ToolResultMessage, { softTrim = {} }: PruningSetting): ToolResultMessage {
  const { maxChars = 4_000, headChars = 1_500, tailChars = 1_500 } = softTrim;
  const text = message.content.flatMap((block) => (block.type === "text" ? [block.text] : [])).join("\n");
  if (text.length <= maxChars) return message;
  const note = `[${text.length} characters, of which the first ${headChars} and the last ${tailChars} are kept]`;
  const short = `${text.slice(0, headChars)}\n…\n${text.slice(-tailChars)}\n${note}`;
  return { ...message, content: [{ type: "text", text: short }] };
}

function mayTouch(tool: string, { tools: { allow, deny = [] } = {} }: PruningSetting): boolean {
  const fits = (pattern: string) =>
    new RegExp(`^${pattern.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*")}$`, "i").test(tool);
  return !deny.some(fits) && (allow === undefined || allow.length === 0 || allow.some(fits));
}

function charsOf(messages: readonly TranscriptMessage[]): number {
  return messages.reduce(
    (sum, { content }) =>
      sum + content.reduce((all, block) => all + (block.type === "text" ? block.text.length : 0), 0),
    0,
  );
}

function ttlOf({ ttl }: PruningSetting): number {
  if (typeof ttl === "number") return ttl;
  const [, count, unit = "m"] = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h)?$/.exec(ttl ?? "") ?? [];
  return count === undefined ? TTL_MS : Number(count) * (UNITS[unit] ?? 60_000);
}
