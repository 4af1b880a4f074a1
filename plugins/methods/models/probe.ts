import { errorText, failureOf, GatewayError } from "openclaw/plugin-sdk";
import type { ModelCandidate } from "openclaw/plugin-sdk";
import { candidatesFor } from "./candidates.ts";
import type { CandidateParts } from "./candidates.ts";

/** What one model said with one credential. */
export interface Probe {
  readonly model: string;
  readonly profileId?: string;
  readonly ok: boolean;
  readonly ms: number;
  readonly reason?: string;
  readonly error?: string;
}

const MAX_PROBES = 16;
const QUESTION = { role: "user" as const, content: [{ type: "text" as const, text: "Answer with OK." }] };
const MAX_TOKENS = 16;

/**
 * Asks every model that a turn of the agent may try, with each of its credentials, for a word. It costs what a word
 * costs. Nothing is learnt from it: who fails here does not rest.
 */
export async function probe(
  agentId: string,
  parts: CandidateParts,
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<readonly Probe[]> {
  const candidates = (await candidatesFor({ agentId }, parts)).slice(0, MAX_PROBES);
  return Promise.all(candidates.map((candidate) => ask(candidate, timeoutMs, signal)));
}

async function ask(candidate: ModelCandidate, timeoutMs: number, stop: AbortSignal): Promise<Probe> {
  const { reference: model, profileId, ownsLoop } = candidate;
  const about = { model, ...(profileId !== undefined && { profileId }) };
  // A command of its own would begin to work.
  if (ownsLoop) return { ...about, ok: true, ms: 0, reason: "not asked: a command-line agent" };
  const limit = AbortSignal.timeout(timeoutMs);
  const startedAt = performance.now();
  const ms = () => Math.round(performance.now() - startedAt);
  const { promise: late, reject } = Promise.withResolvers<never>();
  late.catch(() => undefined);
  const signal = AbortSignal.any([stop, limit]);
  signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
  try {
    await Promise.race([hear(candidate, signal), late]);
    return { ...about, ok: true, ms: ms() };
  } catch (error) {
    if (limit.aborted)
      return { ...about, ok: false, ms: ms(), reason: "timeout", error: `no answer within ${timeoutMs} ms` };
    const text = error instanceof GatewayError ? error.message : errorText(error);
    return { ...about, ok: false, ms: ms(), reason: failureOf(error).reason, error: text };
  }
}

async function hear({ stream }: ModelCandidate, signal: AbortSignal): Promise<void> {
  const messages = [{ ...QUESTION, timestamp: Date.now() }];
  const request = {
    system: "",
    messages,
    tools: [],
    reasoning: "off",
    sessionKey: "probe",
    maxTokens: MAX_TOKENS,
    signal,
  };
  for await (const part of stream(request)) if (part.type === "finish") return;
  throw new Error("the answer broke off");
}
