import { errorText, GatewayError } from "openclaw/plugin-sdk";
import type { ModelCandidate, Session, Transcript, TranscriptMessage, Usage } from "openclaw/plugin-sdk";
import { compact, contextMessages } from "../context/compactor.ts";
import type { CompactionOutcome } from "../context/compactor.ts";
import { reserveOf, windowOf } from "../context/estimate.ts";
import { prune } from "../context/prune.ts";
import type { Run } from "../runs.ts";
import type { TurnParts } from "./turn-parts.ts";
import type { MemoryFlush } from "./memory-flush.ts";
import { contextOf } from "./usage.ts";

/** Messages that a model sees at most. */
const HISTORY = 400;
/** So often a run makes room for itself. */
const MAX_COMPACTIONS = 3;

export interface RoomParts {
  readonly session: Session;
  readonly transcript: Transcript;
  readonly run: Run;
  readonly signal: AbortSignal;
  readonly parts: TurnParts;
}

/** Keeps the conversation of a run inside the window of its model (agent.md §10). */
export class ContextRoom {
  readonly #room: RoomParts;
  #compactions = 0;

  constructor(room: RoomParts) {
    this.#room = room;
  }

  async history({ model }: ModelCandidate): Promise<TranscriptMessage[]> {
    const { settings } = this.#room.parts.gateway;
    const messages = await contextMessages(this.#room.transcript, HISTORY);
    return [...prune(messages, windowOf(model.contextWindow, settings), settings)];
  }

  /** The model says that it is too much: a shorter conversation to ask with, or the error when there is none. */
  async shorter(candidate: ModelCandidate, overflow: unknown): Promise<TranscriptMessage[]> {
    if (this.#compactions >= MAX_COMPACTIONS) throw overflow;
    const done = await this.#compact(candidate, true);
    if (!done) throw overflow;
    return this.history(candidate);
  }

  /**
   * After an answer: when the next turn may have no room, it is made now. The answer stands whatever comes of it. False
   * when there was room, and nothing was written.
   */
  async afterAnswer(candidate: ModelCandidate, last: Usage | undefined, flush: MemoryFlush): Promise<boolean> {
    const { parts, signal, session } = this.#room;
    const { settings, log } = parts.gateway;
    if (!last || candidate.ownsLoop) return false;
    const window = windowOf(candidate.model.contextWindow, settings);
    const tokens = contextOf(last) + last.output;
    const roomEnds = window - reserveOf(window, settings);
    const isFull = tokens > roomEnds;
    if (flush.isDue(candidate, tokens, roomEnds)) {
      if (isFull) await flush.run(candidate);
      // The answer does not wait for notes that have time until the next turn.
      else void parts.sessions.lane(session.key, () => flush.run(candidate));
    }
    if (!isFull) return false;
    try {
      await this.#compact(candidate, false);
    } catch (error) {
      if (!signal.aborted) log.warn(`session ${this.#room.session.key}: ${errorText(error)}`, { err: error });
    }
    return true;
  }

  async #compact(candidate: ModelCandidate, willRetry: boolean): Promise<CompactionOutcome | undefined> {
    const { session, transcript, run, signal, parts } = this.#room;
    this.#compactions++;
    run.emit("compaction", { phase: "start", willRetry });
    const outcome = await compact(
      { session, transcript, candidate, signal, hooks: parts.agents },
      parts.sessions,
      parts.gateway.settings,
    ).catch((error: unknown) => {
      run.emit("compaction", { phase: "end", willRetry: false });
      throw error;
    });
    const { tokensBefore, tokensAfter } = outcome ?? {};
    run.emit("compaction", {
      phase: "end",
      willRetry: willRetry && outcome !== undefined,
      ...(tokensBefore !== undefined && { tokensBefore, tokensAfter }),
    });
    return outcome;
  }
}

/** Refuses a model that has no room for a conversation. */
export function assertRoom({ reference, model }: ModelCandidate, settings: Parameters<typeof windowOf>[1]): void {
  const window = windowOf(model.contextWindow, settings);
  if (window >= MIN_WINDOW) return;
  throw new GatewayError("UNAVAILABLE", `${reference} takes ${window} tokens; a model needs at least ${MIN_WINDOW}`, {
    details: { reason: "no_model", model: reference },
  });
}

const MIN_WINDOW = 16_000;
