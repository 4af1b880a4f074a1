import { createCheck } from "openclaw/plugin-sdk";
import type { CronAuthor } from "openclaw/plugin-sdk";
import { scheduleText } from "../schedule/schedule.ts";
import type { Fields } from "./fields.ts";
import { isFields, only, without } from "./fields.ts";
import { isJobId } from "./job.ts";
import type { Job, JobState } from "./job.ts";
import { draftOf } from "./normalize.ts";
import { isSayable, toSeed } from "./seed.ts";
import { JobShape } from "./shape.ts";

/** A record of the file that is no job. It is kept as it is, and told of. */
export interface BrokenRecord {
  readonly record: unknown;
  readonly problem: string;
}

/** No calendar goes further. */
const LAST_MOMENT_MS = 8_640_000_000_000_000;
const OWN = ["id", "createdAtMs", "updatedAtMs", "state", "author"];
const SEED = ["action", "deliverTo"];
const FIELDS = Object.keys(JobShape.properties);
const STATE = [
  "nextRunAtMs",
  "runningAtMs",
  "lastRunAtMs",
  "lastDurationMs",
  "consecutiveErrors",
  "attempts",
  "lastDueMs",
];
/** Fields of the parts of a job. What else they hold is kept, and looked at by nobody. */
const PARTS: Readonly<Record<string, readonly string[]>> = {
  schedule: ["kind", "at", "everyMs", "anchorMs", "expr", "tz"],
  delivery: ["mode", "channel", "to", "accountId", "sessionKey", "bestEffort"],
};
const PAYLOADS: Readonly<Record<string, readonly string[]>> = {
  systemEvent: ["kind", "text"],
  agentTurn: ["kind", "message", "model", "thinking", "timeoutSeconds", "allowUnsafeExternalContent"],
  message: ["kind", "text", "channel", "to", "accountId", "media"],
  webhook: ["kind", "url", "method", "headers", "body", "timeoutMs", "secret"],
};

const check = createCheck(JobShape);

/** The text for what is wrong with a job in the one form, or nothing. */
export function problemOf(fields: Fields): string | undefined {
  return check(fields);
}

/** A job of the file, in whichever spelling it is written. */
export function readRecord(record: unknown, now: number): Job | BrokenRecord {
  if (!isFields(record)) return { record, problem: "is no object" };
  const id = record["id"];
  if (!isJobId(id)) return { record, problem: `"${String(id)}" is no id of a job` };
  try {
    const { format, fields } = draftOf(record);
    const problem = problemOf(checked(fields));
    if (problem !== undefined) return { record, problem };
    return jobOf(id, format, fields, now);
  } catch (error) {
    return { record, problem: (error as Error).message };
  }
}

/** The job of fields that have been checked. */
export function jobOf(id: string, format: Job["format"], fields: Fields, now: number): Job {
  const known = only(fields, FIELDS);
  const { agentId, ...rest } = known;
  const author = authorOf(fields["author"]);
  return {
    id,
    // What it holds was held against the schema of exactly these fields.
    ...(rest as unknown as Pick<Job, "name" | "schedule" | "sessionTarget" | "payload" | "wakeMode" | "enabled">),
    ...(typeof agentId === "string" && { agentId }),
    createdAtMs: numberOf(fields["createdAtMs"]) ?? now,
    updatedAtMs: numberOf(fields["updatedAtMs"]) ?? now,
    ...(author && { author }),
    state: stateOf(fields["state"]),
    format,
    extra: without(fields, [...FIELDS, ...OWN, ...SEED]),
  };
}

/** The job as it stands in the file: in the spelling it came in. */
export function toRecord(job: Job): Fields {
  const { format, extra, state, ...fields } = job;
  if (format === "product") return { ...fields, ...extra, state };
  const { schedule, payload: _payload, sessionTarget: _target, agentId: _agent, delivery, ...rest } = fields;
  const words = toSeed(job);
  return {
    ...rest,
    schedule: scheduleText(schedule),
    ...words,
    // More than one line can say.
    ...(schedule.kind === "every" && schedule.anchorMs !== undefined && { anchorMs: schedule.anchorMs }),
    ...(!isSayable(delivery) && { delivery }),
    ...extra,
    state,
  };
}

/** Unknown fields of a part are no reason to leave a job of the file alone. */
function checked(fields: Fields): Fields {
  const known = only(fields, FIELDS);
  const parts = Object.entries(PARTS).flatMap(([name, names]) => {
    const part = known[name];
    return isFields(part) ? [[name, only(part, names)] as const] : [];
  });
  const { payload } = known;
  const names = isFields(payload) ? PAYLOADS[String(payload["kind"])] : undefined;
  return {
    ...known,
    ...Object.fromEntries(parts),
    ...(names && isFields(payload) && { payload: only(payload, names) }),
  };
}

function stateOf(value: unknown): JobState {
  if (!isFields(value)) return {};
  const numbers = STATE.flatMap((name) => {
    const number = numberOf(value[name]);
    return number === undefined ? [] : [[name, number] as const];
  });
  const { lastStatus, lastError, workId } = value;
  return {
    ...Object.fromEntries(numbers),
    ...((lastStatus === "ok" || lastStatus === "error" || lastStatus === "skipped") && { lastStatus }),
    ...(typeof lastError === "string" && { lastError }),
    ...(typeof workId === "string" && { workId }),
  };
}

function authorOf(value: unknown): CronAuthor | undefined {
  if (!isFields(value)) return undefined;
  const { agentId, sessionKey, isOwner } = value;
  if (typeof agentId !== "string" || typeof sessionKey !== "string") return undefined;
  return { agentId, sessionKey, isOwner: isOwner === true };
}

function numberOf(value: unknown): number | undefined {
  return typeof value === "number" && Math.abs(value) <= LAST_MOMENT_MS ? value : undefined;
}
