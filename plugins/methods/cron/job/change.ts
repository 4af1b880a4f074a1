import { randomUUID } from "node:crypto";
import { GatewayError } from "openclaw/plugin-sdk";
import type { CronAuthor, SessionsApi } from "openclaw/plugin-sdk";
import { scheduleOf, SHORTEST_MS } from "../schedule/schedule.ts";
import type { Calendar } from "../schedule/calendar.ts";
import type { Fields } from "./fields.ts";
import { isFields, without } from "./fields.ts";
import { isJobId } from "./job.ts";
import type { Job, JobState } from "./job.ts";
import { draftOf, normalDelivery, normalSchedule, unwrapped } from "./normalize.ts";
import { jobOf, problemOf } from "./record.ts";
import { deliveryOf, fromAction, isSeedStyle } from "./seed.ts";
import { unmasked } from "./view.ts";

export interface ChangeParts {
  readonly sessions: SessionsApi;
  readonly calendar: Calendar;
  readonly now: number;
  readonly warn: (text: string) => void;
}

/** Fields that only the scheduler writes, and what lists tell beside a job. */
const NOT_GIVEN = ["id", "createdAtMs", "updatedAtMs", "state", "author", "scheduleText", "action", "deliverTo"];

/** A new job of what somebody asked for, or a refusal with the field that is wrong. */
export function newJob(given: Fields, author: CronAuthor | undefined, parts: ChangeParts): Job {
  const { format, fields } = draftOf(withId(given));
  const problem = problemOf(format === "seed" ? without(fields, NOT_GIVEN) : fields);
  if (problem !== undefined) throw invalid(`invalid cron.add params: ${problem}`);
  const id = fields["id"] ?? randomUUID();
  if (!isJobId(id)) throw invalid(`id: "${String(id)}" is no id; use letters, digits, ".", "_" and "-"`);
  const named = { ...fields, ...(author && { author }) };
  const job = jobOf(id, format, { ...without(named, ["createdAtMs", "updatedAtMs", "state"]) }, parts.now);
  return settled(ownedBy(job, author), undefined, parts);
}

/** A job in the seed schema may bring its id, and is named by it. */
function withId(given: Fields): Fields {
  const input = unwrapped(given);
  return isSeedStyle(input) ? { id: randomUUID(), ...input } : input;
}

/** The job after a patch in either spelling (cron.md §5). */
export function changedJob(before: Job, given: Fields, author: CronAuthor | undefined, parts: ChangeParts): Job {
  if (!mayManage(before, author))
    throw new GatewayError("INVALID_REQUEST", `unknown cron job id: ${before.id}`, { details: { code: "NOT_FOUND" } });
  const patch = patchOf(given);
  const { state: stateGiven, ...changes } = patch;
  const { format, extra, state, ...fields } = before;
  const merged: Fields = {
    ...without(fields as unknown as Fields, NOT_GIVEN),
    ...changes,
    ...(isFields(changes["payload"]) && { payload: mergedPayload(before, changes["payload"]) }),
    ...(isFields(changes["delivery"]) && { delivery: { ...before.delivery, ...changes["delivery"] } }),
  };
  const isMain = merged["sessionTarget"] === "main" && changes["sessionTarget"] !== undefined;
  const whole = without(merged, [
    ...(merged["agentId"] === null ? ["agentId"] : []),
    ...(isMain && changes["delivery"] === undefined ? ["delivery"] : []),
  ]);
  const problem = problemOf(whole);
  if (problem !== undefined) throw invalid(`invalid cron.update params: ${problem}`);
  const job: Job = {
    ...jobOf(before.id, format, { ...whole, createdAtMs: before.createdAtMs, updatedAtMs: parts.now }, parts.now),
    extra,
    state: { ...state, ...nextGiven(stateGiven) },
    ...(before.author && { author: before.author }),
  };
  return settled(ownedBy(job, author), before, parts);
}

/** May this author know of the job and change it? Whoever is no owner has what it planned itself, where it planned it. */
export function mayManage({ author: planned }: Pick<Job, "author">, author: CronAuthor | undefined): boolean {
  if (!author || author.isOwner) return true;
  return planned?.isOwner === false && planned.agentId === author.agentId && planned.sessionKey === author.sessionKey;
}

/** Whoever is no owner plans what it may do itself: turns of its own agent, told where that agent is. */
function ownedBy(job: Job, author: CronAuthor | undefined): Job {
  if (!author || author.isOwner) return job;
  if (job.payload.kind !== "agentTurn" || job.sessionTarget !== "isolated")
    throw invalid("only owners plan messages, webhooks and events; others plan isolated turns of their agent");
  const { mode, channel, to, sessionKey } = job.delivery ?? {};
  const isElsewhere = to !== undefined || (channel !== undefined && channel !== "last");
  if (mode === "announce" && (isElsewhere || (sessionKey !== undefined && sessionKey !== author.sessionKey)))
    throw invalid("only owners choose where a job is told; use delivery.mode none, or leave its target out");
  return {
    ...job,
    agentId: author.agentId,
    author: { ...author, isOwner: false },
    delivery: mode === "none" ? { mode } : { mode: "announce", sessionKey: author.sessionKey },
  };
}

/** With its interval anchored, its time possible, its target and payload fitting, and its next time. */
function settled(job: Job, before: Job | undefined, { sessions, calendar, now, warn }: ChangeParts): Job {
  assertFitting(job, sessions);
  const isNewSchedule = !before || JSON.stringify(before.schedule) !== JSON.stringify(job.schedule);
  const schedule = isNewSchedule ? anchored(job, now, warn) : job.schedule;
  const wasEnabled = before?.enabled === true;
  // A time that is long past does not come again because somebody switches its job on.
  if (isNewSchedule || (job.enabled && !wasEnabled)) calendar.assertPossible(schedule, now);
  const payload = unmasked(job.payload, before?.payload);
  const isReset = isNewSchedule || wasEnabled !== job.enabled;
  return { ...job, schedule, payload, state: isReset ? fresh(job, schedule, calendar, now, wasEnabled) : job.state };
}

function anchored({ schedule, name }: Job, now: number, warn: (text: string) => void): Job["schedule"] {
  if (schedule.kind !== "every") return schedule;
  if (schedule.everyMs < SHORTEST_MS) warn(`job "${name}" asks for every ${schedule.everyMs} ms; ${SHORTEST_MS} it is`);
  return {
    ...schedule,
    everyMs: Math.max(SHORTEST_MS, schedule.everyMs),
    anchorMs: schedule.anchorMs ?? now,
  };
}

function fresh(
  { state, enabled }: Job,
  schedule: Job["schedule"],
  calendar: Calendar,
  now: number,
  wasEnabled: boolean,
): JobState {
  const { nextRunAtMs: _next, attempts: _attempts, lastDueMs: _due, consecutiveErrors, ...rest } = state;
  // A time within the last minute is allowed, and due at once.
  const next = enabled ? calendar.next(schedule, schedule.kind === "at" ? 0 : now) : undefined;
  return {
    ...rest,
    ...(wasEnabled && consecutiveErrors !== undefined && { consecutiveErrors }),
    ...(next !== undefined && { nextRunAtMs: next }),
  };
}

function assertFitting({ sessionTarget, payload, delivery }: Job, sessions: SessionsApi): void {
  const { kind } = payload;
  if (sessionTarget === "main") {
    if (kind !== "systemEvent") throw invalid('main cron jobs require payload.kind="systemEvent"', "payload.kind");
    if (delivery?.mode === "announce")
      throw invalid('cron delivery config is only supported for sessionTarget="isolated"', "delivery");
  } else if (sessionTarget === "isolated") {
    if (kind === "systemEvent") throw invalid('isolated cron jobs require payload.kind="agentTurn"', "payload.kind");
  } else {
    if (kind !== "agentTurn") throw invalid('session cron jobs require payload.kind="agentTurn"', "payload.kind");
    sessions.parseKey(sessionTarget.slice("session:".length));
  }
  if (delivery?.sessionKey !== undefined) sessions.parseKey(delivery.sessionKey);
  if (kind === "webhook" && !/^https?:\/\//i.test(payload.url))
    throw invalid("payload.url: give an address with http:// or https://", "payload.url");
}

/** The changes in the one form; what is not in the patch stays as it is. */
function patchOf(given: Fields): Fields {
  const { schedule, action, deliverTo, enabled, delivery, ...rest } = given;
  const acted = isFields(action) ? fromAction(action) : {};
  return {
    ...without(rest, ["id", "createdAtMs", "updatedAtMs", "author", "scheduleText"]),
    ...acted,
    ...(schedule !== undefined && {
      schedule:
        typeof schedule === "string" ? scheduleOf(schedule) : isFields(schedule) ? normalSchedule(schedule) : schedule,
    }),
    ...(enabled !== undefined && { enabled: enabled === "true" ? true : enabled === "false" ? false : enabled }),
    ...(typeof deliverTo === "string" && { delivery: deliveryOf(deliverTo) }),
    ...(delivery !== undefined && { delivery: normalDelivery(delivery) }),
  };
}

/** A payload of the same kind is changed field by field, one of another kind takes its place. */
function mergedPayload({ payload }: Job, change: Fields): Fields {
  const isSame = change["kind"] === undefined || change["kind"] === payload.kind;
  return isSame ? { ...(payload as unknown as Fields), ...change } : change;
}

function nextGiven(state: unknown): Pick<JobState, "nextRunAtMs"> {
  const next = isFields(state) ? state["nextRunAtMs"] : undefined;
  return typeof next === "number" && Number.isInteger(next) && next >= 0 ? { nextRunAtMs: next } : {};
}

function invalid(message: string, path?: string): GatewayError {
  return new GatewayError("INVALID_REQUEST", message, path === undefined ? {} : { details: { path } });
}
