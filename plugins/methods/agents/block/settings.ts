import type { BlockDelivery, Settings } from "openclaw/plugin-sdk";
import type { ChunkSize } from "./chunker.ts";

interface HumanDelay {
  readonly mode?: "off" | "natural" | "custom";
  readonly minMs?: number;
  readonly maxMs?: number;
}

export interface BlockSettings {
  readonly size: ChunkSize;
  /** A block that is smaller waits so long for more. */
  readonly coalesce: { readonly minChars: number; readonly maxChars: number; readonly idleMs: number };
  /** Blocks end where a text of the model does, or only where its message does. */
  readonly breaksAtText: boolean;
  /** Between two blocks, as a person would take. */
  readonly pauseMs: () => number;
}

const SIZE: ChunkSize = { minChars: 800, maxChars: 1_200, breakPreference: "paragraph" };
const IDLE_MS = 1_000;
const NATURAL = { minMs: 800, maxMs: 2_500 };

/** `agents.defaults.blockStreaming*` and `humanDelay`, with what the channel says of its own (agent.md §15). */
export function blockSettings(
  settings: Settings,
  agentId: string,
  { coalesce, textLimit }: BlockDelivery,
): BlockSettings {
  const defaults = (key: string): object => settings.get<object>(`agents.defaults.${key}`) ?? {};
  const given: ChunkSize = { ...SIZE, ...defaults("blockStreamingChunk") };
  const maxChars = Math.min(given.maxChars, textLimit);
  const size = { ...given, maxChars, minChars: Math.min(given.minChars, maxChars) };
  const agents = settings.get<{ id: string; humanDelay?: HumanDelay }[]>("agents.list") ?? [];
  const delay: HumanDelay = agents.find(({ id }) => id === agentId)?.humanDelay ?? defaults("humanDelay");
  return {
    size,
    coalesce: {
      minChars: size.minChars,
      maxChars: size.maxChars,
      idleMs: IDLE_MS,
      ...defaults("blockStreamingCoalesce"),
      ...coalesce,
    },
    breaksAtText: settings.get<string>("agents.defaults.blockStreamingBreak") !== "message_end",
    pauseMs: () => pauseMs(delay),
  };
}

function pauseMs({ mode = "off", ...custom }: HumanDelay): number {
  if (mode === "off") return 0;
  const { minMs, maxMs } = mode === "custom" ? { ...NATURAL, ...custom } : NATURAL;
  return minMs + Math.random() * Math.max(0, maxMs - minMs);
}
