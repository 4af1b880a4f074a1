import type { Job, Payload } from "../job/job.ts";
import { deliverAll, deliveryName } from "./deliver.ts";
import { failed, notes, summaryOf } from "./outcome.ts";
import type { Outcome, RunContext } from "./outcome.ts";
import { agentOf } from "./parts.ts";
import type { RunParts } from "./parts.ts";
import { NO_TARGET, routeOf, unreachable } from "./route.ts";

export type MessagePayload = Extract<Payload, { kind: "message" }>;

/** Sends a text, without a model. Doing it again sends nothing twice. */
export async function runMessage(
  job: Job,
  { text, media, channel, to, accountId }: MessagePayload,
  { runAtMs }: RunContext,
  parts: RunParts,
): Promise<Outcome> {
  const agent = agentOf(job.agentId, parts);
  const own = {
    ...(channel !== undefined && { channel }),
    ...(to !== undefined && { to }),
    ...(accountId !== undefined && { accountId }),
  };
  let address;
  try {
    address = await routeOf(
      channel === undefined && to === undefined ? { ...job.delivery, ...own } : own,
      agent.id,
      parts,
    );
  } catch (error) {
    return failed(unreachable(error));
  }
  if (!address) return failed(NO_TARGET);
  const payload = { text, ...(media !== undefined && { mediaUrl: media }) };
  const { delivered, problem, id } = await deliverAll(deliveryName(job.id, runAtMs), address, [payload], parts);
  if (problem !== undefined) return { ...failed(problem), ...summaryOf(text), delivered: false };
  return {
    status: "ok",
    ...summaryOf(text),
    ...(delivered !== undefined && { delivered }),
    ...notes(agent.note, id === undefined ? undefined : `queue id ${id}`),
  };
}
