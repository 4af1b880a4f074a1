import type { Job } from "../job/job.ts";
import { notes, summaryOf } from "./outcome.ts";
import type { Outcome } from "./outcome.ts";
import { agentOf } from "./parts.ts";
import type { RunParts } from "./parts.ts";

/** Leaves a text for the agent's main session, and wakes it when the job says so. */
export async function runSystemEvent(job: Job, text: string, parts: RunParts): Promise<Outcome> {
  const { events, sessions } = parts;
  const agent = agentOf(job.agentId, parts);
  const sessionKey = sessions.mainKey(agent.id);
  await events.enqueue(text, { sessionKey, contextKey: `cron:${job.id}` });
  events.wake({ mode: job.wakeMode, reason: `cron:${job.id}`, sessionKey });
  const note = events.heartbeatsEnabled() ? undefined : "heartbeat disabled";
  return { status: "ok", ...summaryOf(text), ...notes(agent.note, note) };
}
