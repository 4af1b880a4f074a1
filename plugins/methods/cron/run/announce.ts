import type { ReplyPayload } from "openclaw/plugin-sdk";
import type { Job } from "../job/job.ts";
import { deliverAll, deliveryName } from "./deliver.ts";
import type { RunContext } from "./outcome.ts";
import type { RunParts } from "./parts.ts";
import { NO_TARGET, routeOf, unreachable } from "./route.ts";

export interface Told {
  readonly delivered?: boolean;
  readonly note?: string;
  readonly problem?: string;
}

const MAX_LINE = 500;

/**
 * Tells what a turn said: to the target of its job, and in one line to the agent's main session. A silent answer is told
 * to nobody, and nothing is told where the run has said it itself.
 */
export async function announce(
  job: Job,
  agentId: string,
  what: { readonly text: string; readonly payloads: readonly ReplyPayload[] },
  run: RunContext,
  parts: RunParts,
  runId: string,
): Promise<Told> {
  const { delivery } = job;
  const isSilent = what.payloads.length === 0;
  const isError = what.text.startsWith("Cron (error)");
  if (delivery?.mode !== "announce" || (isSilent && !isError)) {
    parts.said.end(runId, undefined);
    return {};
  }
  const told = isSilent ? {} : await deliverAnswer(job, agentId, what.payloads, run, parts, runId);
  if (told.problem === undefined) await tellMain(job, agentId, what.text, parts);
  return told;
}

async function deliverAnswer(
  { id, delivery = { mode: "none" } }: Job,
  agentId: string,
  payloads: readonly ReplyPayload[],
  { runAtMs }: RunContext,
  parts: RunParts,
  runId: string,
): Promise<Told> {
  const lost = (text: string): Told => {
    parts.said.end(runId, undefined);
    return delivery.bestEffort ? { delivered: false, note: text } : { delivered: false, problem: text };
  };
  let address;
  try {
    address = await routeOf(delivery, agentId, parts);
  } catch (error) {
    return lost(unreachable(error));
  }
  if (!address) return lost(NO_TARGET);
  if (parts.said.end(runId, address)) return { delivered: true, note: "the run sent its answer itself" };
  const { delivered, problem } = await deliverAll(deliveryName(id, runAtMs), address, payloads, parts);
  if (problem !== undefined) return lost(problem);
  return delivered === undefined ? { note: "the message is on its way" } : { delivered };
}

async function tellMain(
  { id, wakeMode, author }: Job,
  agentId: string,
  text: string,
  { events, sessions }: RunParts,
): Promise<void> {
  // What strangers have asked for does not speak to the agent as the gateway does.
  if (author?.isOwner === false) return;
  const sessionKey = sessions.mainKey(agentId);
  // No reminder: it has been told already, and the agent only has to know.
  await events.enqueue(text.slice(0, MAX_LINE), { sessionKey, contextKey: `cron-told:${id}` });
  if (wakeMode === "now") events.wake({ mode: "now", reason: `cron:${id}`, sessionKey });
}
