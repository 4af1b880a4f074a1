import type { Job } from "../job/job.ts";
import { resumeAgentTurn, runAgentTurn } from "./agent-turn.ts";
import { runMessage } from "./message.ts";
import type { Outcome, RunContext } from "./outcome.ts";
import type { RunParts } from "./parts.ts";
import { runSystemEvent } from "./system-event.ts";
import { runWebhook } from "./webhook.ts";

const TIMEOUT_SECONDS = 600;

/** The longest a run of this job may take. */
export function timeLimitOf({ payload }: Job): number {
  return ((payload.kind === "agentTurn" ? payload.timeoutSeconds : undefined) ?? TIMEOUT_SECONDS) * 1_000;
}

/** Does what a job says, once. */
export function execute(job: Job, run: RunContext, parts: RunParts): Promise<Outcome> {
  const { payload } = job;
  switch (payload.kind) {
    case "systemEvent":
      return runSystemEvent(job, payload.text, parts);
    case "agentTurn":
      return runAgentTurn(job, payload, timeLimitOf(job), run, parts);
    case "message":
      return runMessage(job, payload, run, parts);
    case "webhook":
      return runWebhook(job, payload, run, parts);
  }
}

/** Brings a run to its end that an earlier process began; nothing when that cannot be known or must not be repeated. */
export async function resume(job: Job, run: RunContext, parts: RunParts): Promise<Outcome | undefined> {
  const { payload } = job;
  if (payload.kind === "agentTurn") return resumeAgentTurn(job, run, parts);
  return payload.kind === "message" ? runMessage(job, payload, run, parts) : undefined;
}
