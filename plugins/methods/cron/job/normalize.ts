import { isoMs } from "../schedule/schedule.ts";
import type { Fields } from "./fields.ts";
import { isFields, without } from "./fields.ts";
import type { Job } from "./job.ts";
import { fromSeed, isSeedStyle } from "./seed.ts";

export interface Draft {
  readonly format: Job["format"];
  readonly fields: Fields;
}

const DERIVED_NAME = 60;
const LEGACY = ["deliver", "channel", "to", "bestEffortDeliver"];

/**
 * Brings every accepted way to write a job down into the one form (protocol.md §9.7): what is missing and has a default
 * is there afterwards, what is wrong is still wrong.
 */
export function draftOf(given: Fields): Draft {
  const input = unwrapped(given);
  const format = isSeedStyle(input) ? "seed" : "product";
  return { format, fields: normalized(format === "seed" ? fromSeed(input) : input) };
}

/** Some callers put the job into a field of its own. */
export function unwrapped(given: Fields): Fields {
  const inner = given["job"] ?? given["data"];
  return isFields(inner) && given["schedule"] === undefined ? { ...without(given, ["job", "data"]), ...inner } : given;
}

function normalized(input: Fields): Fields {
  const { message, text, name, enabled, schedule, payload, ...rest } = input;
  const plan = isFields(schedule) ? normalSchedule(schedule) : schedule;
  const { payload: work, delivery: legacy } = normalPayload(payload, message, text);
  const kind = isFields(work) ? work["kind"] : undefined;
  const target = rest["sessionTarget"] ?? targetOf(kind);
  const delivery = normalDelivery(rest["delivery"]) ?? legacy ?? defaultDelivery(kind, target);
  const isOnce = isFields(plan) && plan["kind"] === "at";
  const title = typeof name === "string" && name.trim() !== "" ? name.trim() : (name ?? nameOf(work));
  return {
    ...without(rest, ["delivery"]),
    ...(title !== undefined && { name: title }),
    ...(plan !== undefined && { schedule: plan }),
    ...(target !== undefined && { sessionTarget: target }),
    ...(work !== undefined && { payload: work }),
    ...(delivery !== undefined && { delivery }),
    wakeMode: rest["wakeMode"] ?? "now",
    enabled: booleanOf(enabled) ?? true,
    ...(isOnce && rest["deleteAfterRun"] === undefined && { deleteAfterRun: true }),
  };
}

/** A schedule with its kind, and the older number of `at` as the time it means. */
export function normalSchedule(schedule: Fields): Fields {
  const { atMs, ...rest } = schedule;
  const kind = rest["kind"] ?? kindOfSchedule(schedule);
  if (kind !== "at") return { ...(kind !== undefined && { kind }), ...rest };
  const given = rest["at"] ?? atMs;
  const at = typeof given === "number" ? given : isoMs(String(given));
  const isDate = at !== undefined && Math.abs(at) <= 8.64e15;
  return { ...rest, kind, ...(given !== undefined && { at: isDate ? new Date(at).toISOString() : String(given) }) };
}

function kindOfSchedule({ at, atMs, everyMs, expr }: Fields): string | undefined {
  if (at !== undefined || atMs !== undefined) return "at";
  if (everyMs !== undefined) return "every";
  return expr === undefined ? undefined : "cron";
}

function normalPayload(payload: unknown, message: unknown, text: unknown): { payload?: unknown; delivery?: Fields } {
  if (payload === undefined) {
    if (message !== undefined) return { payload: { kind: "agentTurn", message } };
    return text === undefined ? {} : { payload: { kind: "systemEvent", text } };
  }
  if (!isFields(payload)) return { payload };
  const kind = payload["kind"] ?? kindOfPayload(payload);
  const whole = { ...(kind !== undefined && { kind }), ...payload };
  if (kind !== "agentTurn") return { payload: whole };
  const delivery = legacyDelivery(payload);
  return { payload: without(whole, LEGACY), ...(delivery && { delivery }) };
}

function kindOfPayload({ message, text, url }: Fields): string | undefined {
  if (url !== undefined) return "webhook";
  if (message !== undefined) return "agentTurn";
  return text === undefined ? undefined : "systemEvent";
}

function legacyDelivery({ deliver, channel, to, bestEffortDeliver }: Fields): Fields | undefined {
  if (deliver === undefined && channel === undefined && to === undefined) return undefined;
  if (deliver === false) return { mode: "none" };
  return {
    mode: "announce",
    ...(channel !== undefined && { channel }),
    ...(to !== undefined && { to }),
    ...(bestEffortDeliver !== undefined && { bestEffort: bestEffortDeliver }),
  };
}

/** The older word for announcing. */
export function normalDelivery(delivery: unknown): unknown {
  return isFields(delivery) && delivery["mode"] === "deliver" ? { ...delivery, mode: "announce" } : delivery;
}

function defaultDelivery(kind: unknown, target: unknown): Fields | undefined {
  return kind === "agentTurn" && target !== "main" ? { mode: "announce" } : undefined;
}

function targetOf(kind: unknown): string | undefined {
  if (kind === "systemEvent") return "main";
  return kind === undefined ? undefined : "isolated";
}

function nameOf(payload: unknown): string | undefined {
  if (!isFields(payload)) return undefined;
  const { message, text, url } = payload;
  const said = message ?? text ?? url;
  if (typeof said !== "string") return undefined;
  const line = said.trim().split("\n")[0]?.trim() ?? "";
  return line === "" ? undefined : line.slice(0, DERIVED_NAME);
}

function booleanOf(value: unknown): unknown {
  if (typeof value !== "string") return value;
  const word = value.trim().toLowerCase();
  if (word === "true" || word === "false") return word === "true";
  return value;
}
