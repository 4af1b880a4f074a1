import { GatewayError } from "openclaw/plugin-sdk";
import { scheduleOf } from "../schedule/schedule.ts";
import type { Schedule } from "../schedule/schedule.ts";
import type { Delivery, Job, Payload } from "./job.ts";
import type { Fields } from "./fields.ts";
import { isFields, without } from "./fields.ts";

/** The words of the seed schema for what a job does and where it tells of it (cron.md §1.2). */
export interface SeedWords {
  readonly action: { readonly type: "message" | "agent" | "webhook"; readonly params: Fields };
  readonly deliverTo?: string;
}

/** Is this a job in the seed schema: a schedule in one line, or an action? */
export function isSeedStyle({ schedule, action }: Fields): boolean {
  return typeof schedule === "string" || isFields(action);
}

/** The same job in the fields of the product. */
export function fromSeed(given: Fields): Fields {
  const { schedule, action, deliverTo, anchorMs, ...rest } = given;
  const read = isFields(action) ? fromAction(action) : {};
  const id = typeof given["id"] === "string" ? given["id"].slice(0, 8) : undefined;
  return {
    ...(id !== undefined && rest["name"] === undefined && { name: `job-${id}` }),
    schedule: typeof schedule === "string" ? anchored(scheduleOf(schedule), anchorMs) : schedule,
    ...read,
    ...(typeof deliverTo === "string" && { delivery: deliveryOf(deliverTo) }),
    ...rest,
  };
}

/** An interval counts from where it once began; one line has no room for that. */
function anchored(schedule: Schedule, anchorMs: unknown): Schedule {
  return schedule.kind === "every" && typeof anchorMs === "number" ? { ...schedule, anchorMs } : schedule;
}

export function fromAction({ type, params }: Fields): Fields {
  if (!isFields(params)) throw invalid("action.params", "says what to do and is needed");
  if (type === "agent") return fromAgent(params);
  if (type === "message") {
    const { text, message, ...rest } = params;
    return { sessionTarget: "isolated", payload: { kind: "message", text: text ?? message, ...rest } };
  }
  if (type === "webhook") return { sessionTarget: "isolated", payload: { kind: "webhook", ...params } };
  throw invalid("action.type", `"${String(type)}" is no action; use message, agent or webhook`);
}

function fromAgent({ session, agentId, message, ...rest }: Fields): Fields {
  const agent = agentId === undefined ? {} : { agentId };
  if (session === "main") {
    return { ...agent, sessionTarget: "main", payload: { kind: "systemEvent", text: message } };
  }
  const target = typeof session === "string" && session !== "isolated" ? `session:${session}` : "isolated";
  return { ...agent, sessionTarget: target, payload: { kind: "agentTurn", message, ...rest } };
}

export function deliveryOf(target: string): Delivery {
  if (target === "none") return { mode: "none" };
  if (target === "last" || target === "") return { mode: "announce", channel: "last" };
  const colon = target.indexOf(":");
  if (colon < 0 || target.startsWith("agent:")) return { mode: "announce", sessionKey: target };
  return { mode: "announce", channel: target.slice(0, colon), to: target.slice(colon + 1) };
}

/** How the seed schema says what this job does. */
export function toSeed({ payload, sessionTarget, agentId, delivery }: Job): SeedWords {
  return {
    action: toAction(payload, sessionTarget, agentId),
    ...(delivery && { deliverTo: deliverTo(delivery) }),
  };
}

function toAction(payload: Payload, sessionTarget: string, agentId: string | undefined): SeedWords["action"] {
  const params = without(payload as unknown as Fields, ["kind"]);
  if (payload.kind === "message" || payload.kind === "webhook") return { type: payload.kind, params };
  const agent = agentId === undefined ? {} : { agentId };
  if (payload.kind === "systemEvent") {
    return { type: "agent", params: { message: payload.text, session: "main", ...agent } };
  }
  const session = sessionTarget.startsWith("session:") ? { session: sessionTarget.slice("session:".length) } : {};
  return { type: "agent", params: { ...params, ...session, ...agent } };
}

function deliverTo({ mode, channel, to, sessionKey }: Delivery): string {
  if (mode === "none") return "none";
  if (sessionKey !== undefined) return sessionKey;
  return channel !== undefined && channel !== "last" && to !== undefined ? `${channel}:${to}` : "last";
}

/** Does `deliverTo` say all there is to say? */
export function isSayable(delivery: Delivery | undefined): boolean {
  if (!delivery) return true;
  const { accountId, bestEffort, channel, to, mode } = delivery;
  if (accountId !== undefined || bestEffort !== undefined) return false;
  return mode === "none" || (to === undefined) === (channel === undefined || channel === "last");
}

function invalid(path: string, what: string): GatewayError {
  return new GatewayError("INVALID_REQUEST", `${path}: ${what}`, { details: { path } });
}
