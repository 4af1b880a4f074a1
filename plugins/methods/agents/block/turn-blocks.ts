import { errorText } from "openclaw/plugin-sdk";
import type { ModelCandidate, PluginGateway, Turn } from "openclaw/plugin-sdk";
import type { Levels } from "../turn/levels.ts";
import { blockSettings } from "./settings.ts";
import { BlockStream } from "./stream.ts";

export interface TurnBlocks {
  readonly blocks: BlockStream | undefined;
  /** Say which model answers, for the prefix of the first block. */
  readonly tellModel: (candidate: () => ModelCandidate) => void;
}

/** Where the channel wants the answer in blocks. Reasoning that is shown stands before all of it, so then it waits. */
export function blocksOf(
  { blocks: delivery, session }: Turn,
  { reasoning }: Levels,
  signal: AbortSignal,
  { settings, log }: PluginGateway,
): TurnBlocks {
  let model: (() => ModelCandidate) | undefined;
  const tellModel = (candidate: () => ModelCandidate) => void (model = candidate);
  if (!delivery || reasoning === "on") return { blocks: undefined, tellModel };
  const meta = () => {
    const candidate = model?.();
    return { agentMeta: candidate && { provider: candidate.provider, model: candidate.model.id } };
  };
  const failed = (error: unknown) =>
    log.warn(`session ${session.key}: the answer comes in one piece: ${errorText(error)}`, { err: error });
  const ofBlocks = blockSettings(settings, session.agentId, delivery);
  return { blocks: new BlockStream({ delivery, settings: ofBlocks, meta, signal, failed }), tellModel };
}
