import { errorText } from "openclaw/plugin-sdk";
import type { ReplyAddress, ReplyPayload } from "openclaw/plugin-sdk";
import type { RunParts } from "./parts.ts";

/** How long the log waits for the channel before it says that the message is on its way. */
const WAIT_MS = 10_000;

export interface Delivered {
  /** Nothing when it is still on its way. */
  readonly delivered?: boolean;
  readonly id?: string;
  readonly problem?: string;
}

/**
 * Through the outbox, each payload under an id that is the run's: whoever repeats this after a crash sends nothing twice.
 */
export async function deliverAll(
  name: string,
  address: ReplyAddress,
  payloads: readonly ReplyPayload[],
  { messaging }: RunParts,
): Promise<Delivered> {
  let outcome: Delivered = { delivered: false };
  for (const [index, payload] of payloads.entries()) {
    try {
      const entry = await messaging.deliver(address, payload, `${name}:${index}`);
      const { id, state, reason } = await messaging.delivered(entry.id, WAIT_MS);
      if (state === "sent") outcome = { delivered: true, id };
      else if (state === "pending" || state === "attempting") outcome = { id };
      else return { delivered: false, id, problem: reason ?? `delivery ended as ${state}` };
    } catch (error) {
      return { delivered: false, problem: errorText(error) };
    }
  }
  return outcome;
}

/** The name of a run in the outbox. */
export function deliveryName(jobId: string, runAtMs: number): string {
  return `cron:${jobId}:${runAtMs}`;
}
