import { setTimeout as delay } from "node:timers/promises";
import { errorText, failureOf, FAILURE_RULES, GatewayError } from "openclaw/plugin-sdk";
import type { FailureReason, ModelCandidate, ModelFailure, ModelsApi, Session, Settings } from "openclaw/plugin-sdk";
import type { Run } from "../runs.ts";
import { attemptsOf, retryPause } from "./retry-pause.ts";

/** One request that failed, for the error that lists them all (agent.md §2.1). */
export interface Attempt {
  readonly provider: string;
  readonly model: string;
  readonly profileId?: string;
  readonly reason: FailureReason;
  readonly status?: number;
  readonly ms: number;
}

export interface FailoverParts {
  readonly candidates: readonly ModelCandidate[];
  readonly models: Pick<ModelsApi, "report">;
  readonly session: Session;
  readonly run: Run;
  readonly signal: AbortSignal;
  readonly settings: Settings;
}

/** Asks the candidates of a run until one answers, and stays with that one (agent.md §7.4). */
export class Failover {
  readonly #parts: FailoverParts;
  readonly #attempts: Attempt[] = [];
  #index = 0;

  constructor(parts: FailoverParts) {
    this.#parts = parts;
  }

  get candidate(): ModelCandidate {
    const candidate = this.#parts.candidates[this.#index];
    if (!candidate) throw new Error("a run without a model");
    return candidate;
  }

  /**
   * What `ask` gets from the first candidate that answers. `isShown` says whether somebody outside has seen a part of
   * the answer that failed: then nobody else is asked. An overflowing context is the caller's to mend.
   */
  async ask<T>(ask: (candidate: ModelCandidate) => Promise<T>, isShown: () => boolean): Promise<T> {
    const { models, session, signal, settings, run } = this.#parts;
    const limit = attemptsOf(settings);
    for (let attempt = 1; ; attempt++) {
      const { candidate } = this;
      const startedAt = performance.now();
      try {
        const answer = await ask(candidate);
        models.report(candidate, "ok", session);
        return answer;
      } catch (error) {
        signal.throwIfAborted();
        const failure = failureOf(error);
        this.#attempts.push(attemptOf(candidate, failure, Math.round(performance.now() - startedAt)));
        const rule = FAILURE_RULES[failure.reason];
        const isAlone = this.#parts.candidates.length === 1;
        // What a backend of its own has done until then, nobody knows: it is not done again.
        const isDone = candidate.ownsLoop && failure.reason === "timeout";
        const mayRepeat = (rule.retry === true || (rule.retry === "alone" && isAlone)) && attempt < limit;
        if (mayRepeat && !isShown() && !isDone) {
          const delayMs = retryPause(settings, attempt, failure);
          const { provider, model } = candidate;
          run.emit("lifecycle", {
            phase: "retry",
            attempt: attempt + 1,
            delayMs,
            reason: failure.reason,
            provider,
            model: model.id,
          });
          await delay(delayMs, undefined, { signal });
          continue;
        }
        models.report(candidate, failure, session);
        const next = isShown() || isDone ? undefined : this.#next(failure.reason);
        if (next === undefined) throw this.#error(error, failure);
        const from = candidate.reference;
        this.#index = next;
        run.emit("lifecycle", { phase: "fallback", from, to: this.candidate.reference, reason: failure.reason });
        attempt = 0;
      }
    }
  }

  /** The next candidate that may do better: another credential of this model, or another model. */
  #next(reason: FailureReason): number | undefined {
    const { rotate, fallback } = FAILURE_RULES[reason];
    const { candidates } = this.#parts;
    for (let index = this.#index + 1; index < candidates.length; index++) {
      const isSameModel = candidates[index]?.reference === this.candidate.reference;
      if (isSameModel ? rotate : fallback) return index;
    }
    return undefined;
  }

  #error(error: unknown, failure: ModelFailure): GatewayError {
    const { provider, model } = this.candidate;
    const last = error instanceof GatewayError ? error.message : errorText(error);
    const asked = new Set(this.#attempts.map((one) => `${one.provider}/${one.model}`));
    const message = asked.size > 1 ? `no model answered (${[...asked].join(", ")}); the last one: ${last}` : last;
    const known = error instanceof GatewayError ? error.details : undefined;
    return new GatewayError("UNAVAILABLE", message, {
      details: { ...known, ...failure, provider, model: model.id, attempts: this.#attempts },
      retryable: error instanceof GatewayError ? error.retryable === true : true,
      cause: error,
    });
  }
}

function attemptOf({ provider, model, profileId }: ModelCandidate, failure: ModelFailure, ms: number): Attempt {
  return {
    provider,
    model: model.id,
    ...(profileId !== undefined && { profileId }),
    reason: failure.reason,
    ...(failure.status !== undefined && { status: failure.status }),
    ms,
  };
}
